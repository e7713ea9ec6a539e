"""Every endpoint of the description: who may, who may not, and never another shop's."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import inspect, select

from saleor_amazon_app.mirror.failures import AmazonFailure
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.store import models
from saleor_amazon_app.store.desk_models import SavedView
from saleor_amazon_app.store.models import Intent, SkuMapping, WordMapping
from saleor_amazon_app.store.template_models import MessageTemplate
from saleor_amazon_app.sync import tasks
from saleor_amazon_app.sync.records import record_failure
from saleor_amazon_app.web.describing import describe
from tests.mirror.amazon_orders import DE
from tests.web.api.conftest import EVERYTHING, Desk

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

_PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str
    permission: str
    has_body: bool


def operations() -> Iterator[Operation]:
    for path, methods in json.loads(describe())["paths"].items():
        for method, told in methods.items():
            (permission,) = told["security"][0]["app_bridge"]
            yield Operation(
                told["operationId"], method.upper(), path, permission, "requestBody" in told
            )


OPERATIONS = list(operations())

BODIES: dict[str, Any] = {
    "add_message_template": {"name": "Mine", "kind": "unexpectedProblem", "text": "Hello"},
    "ask_consent": {"marketplace_id": DE},
    "cancel_order": {"reason": "NoInventory"},
    "connect_account": {
        "seller_id": "A9SELLER",
        "region": "eu",
        "refresh_token": "Atzr|unknown",
    },
    "dismiss_problem": {"kind": "unknown_sku", "reason": "seen to"},
    "import_sku_mappings": {"csv": "amazon_sku,variant_id\nA,B\n"},
    "map_sku": {"sku": "A", "variant_id": "B"},
    "preview_invoice": {"number": "R-1", "file": "JVBERi0="},
    "preview_message": {"kind": "unexpectedProblem", "text": "Hello"},
    "preview_refund": {"amount": "1"},
    "refund_order": {"amount": "1", "request_id": "0" * 24, "digest": "x"},
    "remember_dashboard": {"origin": "https://two.example"},
    "repair_address": {"city": "Bonn"},
    "save_view": {"name": "Mine", "query": "a=b"},
    "send_invoice": {
        "number": "R-1",
        "file": "JVBERi0=",
        "request_id": "0" * 24,
        "digest": "x",
    },
    "send_message": {
        "kind": "unexpectedProblem",
        "text": "Hello",
        "request_id": "0" * 24,
    },
    "set_import_start": {"import_from": "2026-11-01T00:00:00Z"},
    "set_marketplace": {"channel": "amazon"},
    "set_message_template": {"name": "Other", "kind": "unexpectedProblem", "text": "Hello"},
    "set_notices": {
        "on": False,
        "recipients": ["own@shop.example"],
        "causes": ["problems"],
    },
    "set_read_only": {"on": False},
    "set_settings": {"activity_days": 7},
    "set_word": {"kind": "carrier", "word": "van", "code": "DHL"},
    "start_bulk": {"kind": "retry", "amazon_order_ids": ["302-0000001-1234567"]},
    "switch_notifications": {"on": False},
    "sync_now": {},
    "try_notifications": {"scenario": "any"},
}
QUERIES: dict[str, Any] = {
    "list_problems": {"kind": "unknown_sku"},
    "search_variants": {"search": "x"},
}


def call(desk: Desk, operation: Operation, ids: dict[str, str]) -> Any:
    path = _PARAMETER.sub(lambda match: ids[match[1]], operation.path)
    more: dict[str, Any] = {"query_string": QUERIES.get(operation.name, {})}
    if operation.has_body:
        more["json"] = BODIES[operation.name]
    return desk.call(operation.method, path, **more)


def kept_by(desk: Desk) -> dict[str, str]:
    """Let a shop have one of everything; returns their ids by the names of path parameters."""
    number = desk.file(1)
    by = Person("VXNlcjo5", "other@shop.example")
    rows: dict[str, Any] = {}
    with desk.services.database.tenant(desk.tenant_id) as session:
        order = session.scalars(select(models.Order)).one()
        order.saleor_order_id, order.saleor_number = "T3JkZXI6MQ==", "4711"
        order.state = models.OrderState.IMPORTED
        problem = models.Problem(
            order_id=order.id,
            kind="unknown_sku",
            subject="SECRET-SKU",
            message="No variant SECRET-SKU.",
            opened_at=desk.services.now(),
        )
        rows["intents"] = Intent(
            account_id=order.account_id,
            order_id=order.id,
            kind="cancel_order",
            key="cancel",
            state="needs_attention",
            asked_by="someone",
            asked_at=desk.services.now(),
            summary="Cancel",
            answer="",
            attempts=0,
            looks=0,
        )
        rows["views"] = SavedView(user_id="VXNlcjox", name="Secret view", query="secret=1")
        rows["sku"] = SkuMapping(
            seller_sku="SECRET-SKU", variant_id="v", created_at=desk.services.now()
        )
        rows["words"] = WordMapping(kind="carrier", word="secret word", code="DHL")
        rows["templates"] = MessageTemplate(
            name="Secret template",
            kind="unexpectedProblem",
            text="Secret text",
            changed_at=desk.services.now(),
        )
        notices = models.NoticeSettings(
            is_on=True,
            causes=["problems"],
            pace="at_once",
            hour=7,
            timezone="Europe/Secret",
            language="en",
        )
        secret = models.NoticeRecipient(address="secret@shop.example", told=[], attempts=0)
        session.add_all([problem, notices, secret, *rows.values()])
    task = tasks.start(
        desk.services, desk.tenant_id, by, "retry", {}, [models.Order.amazon_order_id == number]
    )
    failure = a_failure()
    record_failure(desk.services, desk.tenant_id, desk.account_id, "secretCall", failure)
    return {
        "amazon_order_id": number,
        "saleor_order_id": "T3JkZXI6MQ==",
        "intent_id": str(rows["intents"].id),
        "marketplace_id": DE,
        "tasks": task,
        "accounts": desk.account_id,
        "views": rows["views"].id,
        "sku-mappings": rows["sku"].id,
        "words": rows["words"].id,
        "message-templates": rows["templates"].id,
    }


def a_failure() -> AmazonFailure:
    return AmazonFailure("A secret failure.", code="secret")


def ids_for(operation: Operation, kept: dict[str, str]) -> dict[str, str]:
    """The parameter ``id`` is that of whatever the address names first."""
    resource = operation.path.split("/")[3]
    return kept | {"id": kept.get(resource, "0" * 32)}


def test_without_a_token_there_is_no_answer_anywhere(desk: Desk) -> None:
    for operation in OPERATIONS:
        path = _PARAMETER.sub("1", operation.path)
        answer = desk.client.open(path, method=operation.method, json={})
        assert answer.status_code == 401, operation.name
        assert answer.content_type == "application/problem+json"


def test_without_its_permission_an_endpoint_does_nothing(desk: Desk) -> None:
    kept = kept_by(desk)
    before = contents(desk)
    for operation in OPERATIONS:
        desk.permissions = tuple(p for p in EVERYTHING if p != operation.permission)
        answer = call(desk, operation, ids_for(operation, kept))
        assert answer.status_code == 403, (operation.name, answer.text)
        assert operation.permission in answer.json["detail"]
        assert contents(desk) == before, operation.name


def test_the_permission_of_the_description_is_enough(desk: Desk) -> None:
    kept = kept_by(desk)
    for operation in OPERATIONS:
        desk.permissions = (operation.permission,)
        answer = call(desk, operation, ids_for(operation, kept))
        refused = (401, 403, 405, 500, 501)
        assert answer.status_code not in refused, (operation.name, answer.text)
        understood = answer.status_code != 422 or answer.json["code"] != "invalid"
        assert understood, (operation.name, answer.text)


SECRETS = ("0000001-1234567", "4711", "SECRET", "ecret", "T3JkZXI6MQ", "someone", "other@", "Erika")


def test_no_shop_sees_or_touches_what_is_anothers(make_desk: Callable[..., Desk]) -> None:
    ours, theirs = make_desk("one"), make_desk("two")
    kept = kept_by(theirs)
    before = contents(theirs)
    for operation in OPERATIONS:
        answer = call(ours, operation, ids_for(operation, kept))
        if "{" in operation.path:
            assert answer.status_code == 404, (operation.name, answer.text)
        for secret in SECRETS:
            is_echo = secret in str(ids_for(operation, kept).values()) and "{" in operation.path
            assert secret not in answer.text or is_echo, (operation.name, secret)
        assert contents(theirs) == before, operation.name


def contents(desk: Desk) -> dict[str, list[Any]]:
    """Return all rows that a shop has, but for what it merely notes of staff who looked."""
    found: dict[str, list[Any]] = {}
    kinds = [m.class_ for m in models.Base.registry.mappers]
    with desk.services.database.system() as session:
        for kind in kinds:
            if not issubclass(kind, models.TenantOwned):
                continue
            rows = session.scalars(select(kind).where(kind.tenant_id == desk.tenant_id))
            found[kind.__name__] = sorted(
                repr([(c.key, getattr(row, c.key)) for c in inspect(kind).column_attrs])
                for row in rows
            )
        tenant = session.get_one(models.Tenant, desk.tenant_id)
        found["Tenant"] = [
            repr([getattr(tenant, c.key) for c in inspect(models.Tenant).column_attrs])
        ]
    return found
