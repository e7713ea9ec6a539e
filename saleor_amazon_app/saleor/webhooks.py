"""The webhooks that the app listens to: one subscription document per event in ``webhooks/``."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from graphql import parse, print_ast

from saleor_amazon_app.mirror.refund_requests import REFERENCE_PREFIX
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.saleor.client import SaleorApi, safe_message
from saleor_amazon_app.saleor.errors import Declined
from saleor_amazon_app.saleor.versions import Version, parse_version

REFUND_REQUESTED: Final = "TRANSACTION_REFUND_REQUESTED"
_IN_WHEEL: Final = Path(__file__).parents[1] / "webhooks"
_BESIDE_PACKAGE: Final = Path(__file__).parents[2] / "webhooks"
_SYNCHRONOUS: Final = (REFUND_REQUESTED,)
_SINCE: Final[Mapping[str, Version]] = {"APP_DELETED": (3, 23), "APP_STATUS_CHANGED": (3, 23)}
"""Before, these events needed MANAGE_APPS, which the Dashboard does not let an app ask for."""


@dataclass(frozen=True)
class Webhook:
    """A webhook as this version of the app wants it."""

    event: str
    query: str

    @property
    def slug(self) -> str:
        return self.event.lower().replace("_", "-")

    @property
    def name(self) -> str:
        return self.event.replace("_", " ").capitalize()

    @property
    def is_synchronous(self) -> bool:
        return self.event in _SYNCHRONOUS

    def as_input(self, base_url: str) -> dict[str, Any]:
        """Return it as manifest and ``WebhookCreateInput`` spell it."""
        events = "syncEvents" if self.is_synchronous else "asyncEvents"
        return {
            "name": self.name,
            "targetUrl": f"{base_url}/api/webhooks/saleor/{self.slug}",
            "query": self.query,
            events: [self.event],
            "isActive": True,
        }


@dataclass
class WebhookChanges:
    """What was changed in a shop, by the webhooks' names."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def definitions(version: str | None) -> list[Webhook]:
    """Return the webhooks for a shop of a version (``3.23``); without it, of the oldest."""
    own = parse_version(version)
    return [w for w in _all() if own >= _SINCE.get(w.event, (0, 0))]


def definition(slug: str) -> Webhook | None:
    """Return the webhook of an endpoint."""
    return next((webhook for webhook in _all() if webhook.slug == slug), None)


@cache
def _all() -> tuple[Webhook, ...]:
    folder = _IN_WHEEL if _IN_WHEEL.exists() else _BESIDE_PACKAGE
    return tuple(
        Webhook(path.stem.upper(), path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*.graphql"))
    )


def refund_reference(body: bytes) -> str:
    """Return the reference that answers a request for a refund: Saleor's retry gets the same."""
    return REFERENCE_PREFIX + hashlib.sha256(body).hexdigest()[:24]


def sync_webhooks(api: SaleorApi, base_url: str, version: str | None) -> WebhookChanges:
    """Make the app's webhooks in a shop those of this version.

    Raises:
        Declined: The shop refuses one of them.
    """
    changes = WebhookChanges()
    installed = {_path(w["targetUrl"]): w for w in api.run("OwnWebhooks")["app"]["webhooks"]}
    for webhook in definitions(version):
        wish = webhook.as_input(base_url)
        known = installed.pop(_path(wish["targetUrl"]), None)
        if known is None:
            _do(api, "CreateWebhook", "webhookCreate", input=wish)
            changes.created.append(webhook.name)
        elif _differs(known, wish):
            _do(api, "UpdateWebhook", "webhookUpdate", id=known["id"], input=wish)
            changes.updated.append(webhook.name)
        else:
            changes.unchanged.append(webhook.name)
    for known in installed.values():
        if known["isActive"]:
            wish = {"isActive": False}
            _do(api, "UpdateWebhook", "webhookUpdate", id=known["id"], input=wish)
            changes.removed.append(known["name"])
    return changes


def outdated_webhooks(api: SaleorApi, base_url: str, version: str | None) -> list[str]:
    """Return the names of this version's webhooks that the shop lacks, or has otherwise."""
    installed = {_path(w["targetUrl"]): w for w in api.run("OwnWebhooks")["app"]["webhooks"]}
    wishes = ((webhook, webhook.as_input(base_url)) for webhook in definitions(version))
    found = ((webhook, wish, installed.get(_path(wish["targetUrl"]))) for webhook, wish in wishes)
    return [w.name for w, wish, known in found if known is None or _differs(known, wish)]


def _path(url: str) -> str:
    return url.rsplit("/", 1)[-1]


def _differs(known: Mapping[str, Any], wish: Mapping[str, Any]) -> bool:
    same_query = _normal(known["subscriptionQuery"] or "{ x }") == _normal(wish["query"])
    same_target = known["targetUrl"] == wish["targetUrl"]
    return not (same_query and same_target and known["isActive"])


def _normal(query: str) -> str:
    return print_ast(parse(query, no_location=True))


def _do(api: SaleorApi, name: str, field_name: str, **variables: Any) -> None:  # noqa: ANN401
    errors = api.run(name, **variables)[field_name]["errors"]
    if errors:
        text = safe_message(errors[0]["message"] or "")
        raise Declined(
            say("saleor.declines", operation=field_name, answer=text), code=errors[0]["code"] or ""
        )
