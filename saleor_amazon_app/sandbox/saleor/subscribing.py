"""webhookCreate, webhookUpdate and webhookDelete: an app changes its own subscriptions."""

from typing import Any, Final

from graphql import FieldNode, GraphQLSyntaxError, InlineFragmentNode, parse, validate

from saleor_amazon_app.sandbox.saleor.errors import PermissionDenied, Refused
from saleor_amazon_app.sandbox.saleor.lookups import key_of
from saleor_amazon_app.sandbox.saleor.model import App, Webhook
from saleor_amazon_app.sandbox.saleor.served import SCHEMA
from saleor_amazon_app.sandbox.saleor.state import Principal, State

Input = dict[str, Any]
_IRREGULAR: Final = {"app_status_changed": "APP_STATUS_CHANGED"}


def problem_of(query: str) -> str | None:
    """Return what is wrong with a subscription, or None."""
    try:
        document = parse(query)
    except GraphQLSyntaxError as error:
        return error.message
    errors = validate(SCHEMA, document)
    return errors[0].message if errors else None


def events_of(query: str) -> list[str]:
    """Read the events off a subscription's ``... on OrderCancelled``."""
    found: list[str] = []
    for definition in parse(query).definitions:
        for root in getattr(definition, "selection_set").selections:  # noqa: B009 - by node kind
            if isinstance(root, FieldNode) and root.selection_set:
                found += [
                    _event_name(s.type_condition.name.value)
                    for s in root.selection_set.selections
                    if isinstance(s, InlineFragmentNode) and s.type_condition
                ]
    return found


def _event_name(type_name: str) -> str:
    spelled = "".join(f"_{c}" if c.isupper() else c.upper() for c in type_name)
    return spelled.lstrip("_")


def create(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    app, wish = principal.app, told["input"]
    if app is None:
        raise PermissionDenied(["AUTHENTICATED_APP"])
    query = wish.get("query") or ""
    _check(query)
    with state.transaction():
        webhook = Webhook(
            id=state.next_id(),
            app_id=app.id,
            name=wish.get("name") or "",
            target_url=wish.get("target_url") or "",
            query=query,
            events=_events(wish, query),
            is_active=wish.get("is_active", True),
        )
        app.webhooks.append(webhook)
    return {"webhook": webhook}


def update(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    (_, webhook), wish = _own(state, principal, told), told["input"]
    query = wish.get("query") or webhook.query
    _check(query)
    with state.transaction():
        for name in ("name", "target_url", "is_active"):
            if name in wish:
                setattr(webhook, name, wish[name])
        webhook.query, webhook.events = query, _events(wish, query)
    return {"webhook": webhook}


def delete(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """Run webhookDelete; deliveries that are under way still arrive."""
    app, webhook = _own(state, principal, told)
    with state.transaction():
        app.webhooks.remove(webhook)
    return {"webhook": webhook}


def _own(state: State, principal: Principal, told: Input) -> tuple[App, Webhook]:
    """Find a webhook of the calling app, or for staff with MANAGE_APPS one of any app.

    Raises:
        PermissionDenied: The caller is neither.
        Refused: There is none.
    """
    if principal.app is None and not principal.may("MANAGE_APPS"):
        raise PermissionDenied(["MANAGE_APPS", "AUTHENTICATED_APP"])
    apps = [principal.app] if principal.app else list(state.shop.apps.values())
    key = key_of(told.get("id") or "", "Webhook")
    found = next(((a, w) for a in apps for w in a.webhooks if str(w.id) == key), None)
    if found is None:
        raise Refused("id", f"Couldn't resolve to a node: {told.get('id')}", "NOT_FOUND")
    return found


def _check(query: str) -> None:
    if query and (problem := problem_of(query)):
        raise Refused("query", problem, "GRAPHQL_ERROR")


def _events(wish: Input, query: str) -> list[str]:
    given = wish.get("events") or [
        *(wish.get("async_events") or []),
        *(wish.get("sync_events") or []),
    ]
    return list(dict.fromkeys(given or (events_of(query) if query else [])))
