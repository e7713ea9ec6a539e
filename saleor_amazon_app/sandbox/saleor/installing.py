"""Installs an app as Saleor's worker does: manifest, app, token, and what becomes of a failure.

Saleor 3.23: saleor/app/installation_utils.py, manifest_validations.py and tasks.py.
"""

import re
import secrets
import string
from typing import Any, Final
from urllib.parse import urlsplit

import requests

from saleor_amazon_app.sandbox.saleor import extensions
from saleor_amazon_app.sandbox.saleor.model import App, Webhook
from saleor_amazon_app.sandbox.saleor.state import Happening, Principal, State
from saleor_amazon_app.sandbox.saleor.subscribing import events_of, problem_of
from saleor_amazon_app.sandbox.saleor.versions import satisfies

TIMEOUT: Final = (2, 18)
"""Seconds to connect and to answer (COMMON_REQUESTS_TIMEOUT)."""
_URL: Final = re.compile(r"https?://[^\s/]+(/\S*)?$", re.IGNORECASE)
_ALPHABET: Final = string.ascii_letters + string.digits
_TEXTS: Final = ("id", "name", "version")
Manifest = dict[str, Any]


class Failed(Exception):
    """The installation failed; the text is what the Dashboard shows."""


def api_headers(state: State) -> dict[str, str]:
    domain = urlsplit(state.api_url).netloc
    return {"Saleor-Domain": domain, "X-Saleor-Domain": domain, "Saleor-Api-Url": state.api_url}


def agent(state: State) -> dict[str, str]:
    short = ".".join(state.shop.settings.version.split(".")[:2])
    return {"User-Agent": f"Saleor/{short}"}


def _versioned(state: State) -> dict[str, str]:
    user_agent = agent(state)
    return user_agent | {"Saleor-Schema-Version": user_agent["User-Agent"].removeprefix("Saleor/")}


def install(state: State, manifest_url: str, permissions: list[str] | None = None) -> App:
    """Install the app whose manifest is at this address, and activate it.

    Args:
        state: The shop.
        manifest_url: The address.
        permissions: What the app may; None for all that its manifest asks for.

    Raises:
        Failed: With the text of the real server.
    """
    try:
        manifest = _fetch(state, manifest_url)
        _check(state, manifest)
        app = _make(state, manifest, manifest_url, permissions)
        _register(state, app, manifest.get("tokenTargetUrl"))
    except requests.HTTPError as error:
        code = error.response.status_code
        text = f"App internal error ({code}). Try later or contact with app support."
        raise Failed(text) from error
    except requests.RequestException as error:
        raise Failed("Failed to connect to app. Try later or contact with app support.") from error
    with state.transaction():
        state.happen(Happening("APP_INSTALLED", app_id=app.id))
    return app


def _fetch(state: State, url: str) -> Manifest:
    if not _URL.match(url):
        raise Failed("Enter a valid URL.")
    with requests.Session() as session:
        response = session.get(
            url, headers=_versioned(state), timeout=TIMEOUT, allow_redirects=False
        )
    response.raise_for_status()
    try:
        manifest: Manifest = response.json()
    except ValueError as error:
        raise Failed("Failed to connect to app. Try later or contact with app support.") from error
    return manifest


def _check(state: State, manifest: Manifest) -> None:
    """Check the manifest.

    Raises:
        Failed: It is not accepted.
    """
    missing = [name for name in _TEXTS if not isinstance(manifest.get(name), str)]
    if missing:
        raise Failed(", ".join(f"{name}: ['This field is required.']" for name in missing))
    target = manifest.get("tokenTargetUrl")
    if target is not None and not _URL.match(str(target)):
        raise Failed("tokenTargetUrl: ['Invalid target url.']")
    _check_version(state, manifest.get("requiredSaleorVersion"))
    same = [a for a in state.shop.apps.values() if a.identifier == manifest["id"]]
    if same:
        text = f"App with the same identifier is already installed: {same[0].name}"
        raise Failed(f"identifier: ['{text}']")
    if found := extensions.problem_of(manifest, state.shop.settings.version):
        raise Failed(found)
    for webhook in manifest.get("webhooks") or []:
        _check_webhook(webhook)


def _check_version(state: State, wanted: str | None) -> None:
    if not wanted:
        return
    version = state.shop.settings.version
    try:
        fits = satisfies(version, wanted)
    except ValueError as error:
        raise Failed(
            "requiredSaleorVersion: ['Incorrect value for required Saleor version.']"
        ) from error
    if not fits:
        text = f"Saleor version {version} is not supported by the app."
        raise Failed(f"requiredSaleorVersion: ['{text}']")


def _check_webhook(webhook: dict[str, Any]) -> None:
    if not _URL.match(str(webhook.get("targetUrl"))):
        raise Failed("webhooks: ['Invalid target url.']")
    if problem := problem_of(str(webhook.get("query") or "")):
        raise Failed(f"webhooks: ['Subscription query is not valid: {problem}']")


def _make(
    state: State, manifest: Manifest, manifest_url: str, permissions: list[str] | None
) -> App:
    """Create the app with a token that works from now on, so also while it is handed over."""
    given = manifest.get("permissions") or [] if permissions is None else permissions
    with state.transaction():
        app = App(
            id=state.next_id(),
            identifier=manifest["id"],
            name=manifest["name"],
            version=manifest["version"],
            token="".join(secrets.choice(_ALPHABET) for _ in range(30)),
            permissions=list(given),
            manifest_url=manifest_url,
            app_url=manifest.get("appUrl"),
            author=manifest.get("author"),
            homepage_url=manifest.get("homepageUrl"),
            support_url=manifest.get("supportUrl"),
            data_privacy_url=manifest.get("dataPrivacyUrl"),
        )
        told = manifest.get("extensions") or []
        app.extensions = [extensions.accepted(state.next_id(), e) for e in told]
        app.webhooks = [_webhook(state, app, w) for w in manifest.get("webhooks") or []]
        state.shop.apps[app.id] = app
    return app


def _webhook(state: State, app: App, told: dict[str, Any]) -> Webhook:
    events = [*(told.get("asyncEvents") or []), *(told.get("syncEvents") or [])]
    return Webhook(
        id=state.next_id(),
        app_id=app.id,
        name=told["name"],
        target_url=told["targetUrl"],
        query=told["query"],
        events=events or events_of(told["query"]),
        is_active=told.get("isActive", True),
        custom_headers=told.get("customHeaders") or {},
    )


def _register(state: State, app: App, target: str | None) -> None:
    """Hand the token over; whatever goes wrong, the app is deleted and its token dies."""
    if target is None:
        return
    try:
        with requests.Session() as session:
            response = session.post(
                target,
                json={"auth_token": app.token},
                headers=_versioned(state) | api_headers(state),
                timeout=TIMEOUT,
                allow_redirects=False,
            )
        _check_answer(response)
    except (Failed, requests.RequestException):
        with state.transaction():
            del state.shop.apps[app.id]
        raise


def _check_answer(response: requests.Response) -> None:
    """Prefer the app's own ``error.message``."""
    try:
        response.raise_for_status()
    except requests.HTTPError:
        try:
            message = str(response.json()["error"]["message"])
        except (ValueError, LookupError, TypeError):
            message = ""
        if message:
            raise Failed(message) from None
        raise


def delete(state: State, app: App) -> None:
    """Remove an app: its token is dead at once; APP_DELETED still reaches it."""
    with state.transaction():
        state.shop.apps.pop(app.id, None)


def set_active(state: State, app: App, principal: Principal, *, active: bool) -> None:
    with state.transaction():
        app.is_active = active
        state.happen(Happening("APP_STATUS_CHANGED", principal, app_id=app.id))
