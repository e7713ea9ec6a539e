"""Finances API 2024-06-19: listTransactions."""

import hashlib
import json
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from flask import Blueprint, Response

from saleor_amazon_app.sandbox.amazon.clock import iso, normal, parse_iso
from saleor_amazon_app.sandbox.amazon.errors import invalid
from saleor_amazon_app.sandbox.amazon.gateway import Call, answer
from saleor_amazon_app.sandbox.amazon.limits import LIST_TRANSACTIONS
from saleor_amazon_app.sandbox.amazon.records import Transaction
from saleor_amazon_app.sandbox.amazon.signing import seal, unseal
from saleor_amazon_app.sandbox.amazon.state import State

Json = dict[str, Any]
Args = dict[str, list[str]]

_FRESH: Final = timedelta(minutes=2)
_LONGEST: Final = timedelta(days=180)
_NAMES: Final = ("ORDER_ID", "FINANCIAL_EVENT_GROUP_ID")
"""The only identifiers that can be searched for (the model)."""
_STATUSES: Final = ("DEFERRED", "RELEASED", "DEFERRED_RELEASED")
_US: Final = "ATVPDKIKX0DER"


def blueprint(state: State) -> Blueprint:
    pages = Blueprint("finances", __name__)

    @pages.get("/finances/2024-06-19/transactions")
    def list_transactions() -> Response:
        return answer(state, LIST_TRANSACTIONS, _list)

    return pages


def _list(call: Call) -> Json:
    args, now = call.args, call.state.clock.now()
    after, before = _window(args, now)
    _check_choices(args)
    start = _start(call)
    found = [] if _is_too_long(after, before) else _found(call, after, before)
    size = 0 if call.state.empty_pages and start is None else call.state.page_of_transactions
    first = start or 0
    page = found[first : first + size]
    payload: Json = {"transactions": [_with_numbers(each.body) for each in page]}
    if len(found) > first + len(page):
        payload["nextToken"] = seal({"search": _fingerprint(args), "start": first + len(page)})
    return {"payload": payload}


def _window(args: Args, now: datetime) -> tuple[datetime | None, datetime]:
    """Return the time span. The model: both ends "more than two minutes before" the request."""
    if "postedAfter" not in args and "relatedIdentifierName" not in args:
        raise invalid("Start date cannot be null", "Start date cannot be null")
    latest = now - _FRESH
    after = _time(args, "postedAfter")
    before = _time(args, "postedBefore")
    if (after and after >= latest) or (before and before > latest):
        raise invalid("Dates must be more than two minutes before the time of the request.")
    if after and before and before <= after:
        raise invalid("postedBefore must be later than postedAfter.")
    return after, before or latest


def _time(args: Args, name: str) -> datetime | None:
    if name not in args:
        return None
    try:
        return parse_iso(args[name][0])
    except ValueError:
        raise invalid(f"{name} is not in ISO 8601 format.") from None


def _is_too_long(after: datetime | None, before: datetime) -> bool:
    """The model: with more than 180 days in between "the response is empty"."""
    return after is not None and before - after > _LONGEST


def _check_choices(args: Args) -> None:
    if ("relatedIdentifierName" in args) != ("relatedIdentifierValue" in args):
        raise invalid("A related identifier has a name and a value.")
    if args.get("relatedIdentifierName", ["ORDER_ID"])[0] not in _NAMES:
        raise invalid("relatedIdentifierName is ORDER_ID or FINANCIAL_EVENT_GROUP_ID.")
    if args.get("transactionStatus", ["RELEASED"])[0] not in _STATUSES:
        raise invalid("transactionStatus is not valid.")


def _start(call: Call) -> int | None:
    """Return where the page begins; the model: the arguments must be those of the first call."""
    if "nextToken" not in call.args:
        return None
    told = unseal(call.args["nextToken"][0])
    if told is None or told.get("search") != _fingerprint(call.args):
        raise invalid("nextToken is not valid for these arguments.")
    return int(told["start"])


def _fingerprint(args: Args) -> str:
    fixed = {name: values for name, values in args.items() if name != "nextToken"}
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()[:16]


def _found(call: Call, after: datetime | None, before: datetime) -> list[Transaction]:
    mine = (t for t in call.state.transactions if t.seller_id == call.seller.seller_id)
    since, now = iso(after) if after else "", call.state.now_text()
    seen = (t for t in mine if t.seen_from <= now and since <= normal(t.posted) < iso(before))
    found = [each for each in seen if _matches(each, call.args)]
    return sorted(found, key=lambda each: normal(each.posted))


def _matches(told: Transaction, args: Args) -> bool:
    status = told.body["transactionStatus"]
    return (
        _is_in(told, args.get("marketplaceId", [None])[0])
        and args.get("transactionStatus", [status])[0] == status
        and _has_identifier(told, args)
    )


def _is_in(told: Transaction, marketplace: str | None) -> bool:
    """The model: to get orders that merchants fulfil in the US, do not send marketplaceId."""
    if marketplace is None:
        return True
    return told.marketplace_id == marketplace and not (told.own and marketplace == _US)


def _has_identifier(told: Transaction, args: Args) -> bool:
    if "relatedIdentifierName" not in args:
        return True
    wanted = (args["relatedIdentifierName"][0], args["relatedIdentifierValue"][0])
    return any(
        (each["relatedIdentifierName"], each["relatedIdentifierValue"]) == wanted
        for each in told.body["relatedIdentifiers"]
    )


def _with_numbers(told: Any) -> Any:  # noqa: ANN401 - JSON of any shape
    """Write amounts as JSON numbers, as this API does and Orders does not."""
    if isinstance(told, list):
        return [_with_numbers(each) for each in told]
    if not isinstance(told, dict):
        return told
    return {
        name: _number(value) if name == "currencyAmount" else _with_numbers(value)
        for name, value in told.items()
    }


def _number(text: str) -> int | float:
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else float(value)
