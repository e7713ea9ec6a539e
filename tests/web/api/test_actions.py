"""What staff do about an order: each action with what it does and what it refuses."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon import seller_central
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.desk_models import Change
from saleor_amazon_app.store.models import Intent, OrderEvent, OrderState, Problem
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld
from tests.web.api.staff import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ITEM = "00000000000001"


@pytest.fixture
def staff(shop: ShopWorld) -> Staff:
    return Staff(shop)


@pytest.fixture
def imported(staff: Staff) -> Staff:
    staff.shop.sell(item(quantity=2, total="29.80"))
    staff.shop.run()
    return staff


@pytest.fixture
def shipped(imported: Staff) -> Staff:
    imported.day.ship(2)
    imported.day.carry(3)
    return imported


# --- looking ------------------------------------------------------------------------------------


def test_what_happened_is_told_by_codes(shipped: Staff) -> None:
    shown = shipped.order()
    codes = {event["message"]["code"] for event in shown["timeline"]}
    assert {"history.imported", "sent.shipment", "accepted.shipment", "history.status"} <= codes
    assert "" not in codes
    assert shown["order"]["note"] == shown["timeline"][0]["message"]
    (intent,) = shown["intents"]
    assert intent["summary"]["code"] == "summary.shipment"
    told = next(e["message"] for e in shown["timeline"] if e["message"]["code"] == "sent.shipment")
    assert told["params"]["summary"] == intent["summary"]
    assert intent["summary"]["text"] in told["text"]


def test_amazons_words_have_no_code(imported: Staff) -> None:
    imported.shop.fault(FaultKind.MESSAGE_ERROR)
    imported.post(f"{imported.path()}/cancel", {"reason": "NoInventory"})
    imported.day.carry(4)
    shown = imported.order()
    (intent,) = shown["intents"]
    assert (intent["state"], intent["answer"]["code"]) == ("rejected", "")
    line = next(e["message"] for e in shown["timeline"] if "rejected" in e["message"]["code"])
    assert line["code"] == "rejected.cancel_order"
    assert line["params"]["answer"] == intent["answer"]
    (problem,) = shown["problems"]
    assert (problem["kind"], problem["message"]["code"]) == ("rejected", "rejected.cancel_order")
    assert (problem["may_dismiss"], problem["may_retry"]) == (True, False)


def test_what_keeps_an_order_out_can_be_tried_again_and_not_set_aside(staff: Staff) -> None:
    staff.shop.sell(item(sku="NOWHERE"))
    staff.shop.run()
    (problem,) = staff.order()["problems"]
    assert (problem["may_dismiss"], problem["may_retry"]) == (False, True)
    assert problem["message"]["params"] == {"sku": "NOWHERE"}
    (group,) = staff.get("/problems")["items"]
    assert (group["may_dismiss"], group["may_retry"]) == (False, True)


def test_an_order_shows_all_that_is_known_of_it(shipped: Staff) -> None:
    shown = shipped.order()
    assert shown["order"]["state"] == "imported"
    assert shown["buyer"]["name"] == "Erika Mustermann"
    assert shown["shipping"]["address"]["city"] == "Berlin"
    assert shown["shipping"]["service_level"] == "STANDARD"
    (line,) = shown["items"]
    assert (line["sku"], line["quantity_ordered"], line["quantity_shipped"]) == (
        "SHOP-01-NAT",
        2,
        2,
    )
    assert line["price"] == {"amount": "29.80", "currency": "EUR"}
    assert not line["is_unknown_sku"]
    (intent,) = shown["intents"]
    assert (intent["kind"], intent["state"]) == ("shipment", "accepted")
    assert (intent["carrier"], intent["tracking_number"]) == ("UPS", "1Z999AA10123456784")
    assert [p["tracking_number"] for p in shown["packages"]] == ["1Z999AA10123456784"]
    assert shown["timeline"][0]["at"] >= shown["timeline"][-1]["at"]
    assert shown["holds_stock"]
    permits = {name: told["allowed"] for name, told in shown["permits"].items()}
    assert permits == {
        "retry": False,
        "fetch": True,
        "cancel": False,
        "cancel_units": False,
        "refund": True,
        "send_tracking": True,
        "repair_address": False,
        "contact": True,
        "invoice": True,
    }
    assert all(told["why_not"] for told in shown["permits"].values() if not told["allowed"])


def test_both_sides_of_the_money_agree_to_the_cent(shipped: Staff) -> None:
    shown = shipped.get(f"{shipped.path()}/money")
    assert shown["agrees"]
    rows = {row["name"]: row for row in shown["rows"]}
    assert rows["total"]["amazon"] == rows["total"]["saleor"] == "29.80"
    assert Decimal(rows["paid"]["saleor"]) == Decimal("29.80")
    assert all(row["difference"] is not None for row in rows.values())


def test_a_refund_shows_on_both_sides_of_the_money(shipped: Staff) -> None:
    refund(shipped, {"units": {ITEM: 1}})
    waiting = shipped.get(f"{shipped.path()}/money")
    assert Decimal(waiting["refunds_under_way"]) == Decimal("14.90")
    shipped.day.carry(6)
    shown = shipped.get(f"{shipped.path()}/money")
    refunded = next(row for row in shown["rows"] if row["name"] == "refunded")
    assert Decimal(refunded["amazon"]) == Decimal(refunded["saleor"]) == Decimal("14.90")
    assert shown["agrees"]


def test_the_money_of_an_order_that_is_not_in_saleor_has_one_side(staff: Staff) -> None:
    staff.shop.sell(item(sku="UNKNOWN"))
    staff.shop.run()
    shown = staff.get(f"{staff.path()}/money")
    assert shown["explanation"]["code"] == "money.not_in_saleor"
    assert {row["saleor"] for row in shown["rows"]} == {None}


def test_who_looks_at_raw_data_is_recorded(imported: Staff) -> None:
    raw = imported.get(f"{imported.path()}/raw")
    assert raw["payload"]["buyer"]["buyerName"] == "Erika Mustermann"
    (change,) = imported.get("/changes")["items"]
    assert change["subject"]["text"] == imported.shop.numbered(1)
    assert change["action"]["code"] == "change.raw"
    imported.permissions = ["MANAGE_ORDERS", "HANDLE_PAYMENTS"]
    assert imported.call("GET", f"{imported.path()}/raw").status_code == 403


def test_the_widget_finds_the_order_by_saleors_id(imported: Staff) -> None:
    order_id = imported.order()["order"]["saleor"]["id"]
    shown = imported.get(f"/saleor-orders/{order_id}")
    assert shown["amazon_order_id"] == imported.shop.numbered(1)
    assert shown["permits"]["cancel"]["allowed"]
    answer = imported.call("GET", "/saleor-orders/T3JkZXI6bm9uZQ==")
    assert (answer.status_code, answer.json["code"]) == (404, "not_amazon")


# --- cancelling ---------------------------------------------------------------------------------


def test_a_cancellation_goes_to_amazon_and_saleor_follows(imported: Staff) -> None:
    shown = imported.post(f"{imported.path()}/cancel", {"reason": "BuyerCanceled"})
    (intent,) = shown["intents"]
    assert (intent["kind"], intent["state"]) == ("cancel_order", "queued")
    assert "@" in intent["asked_by"]
    assert not shown["permits"]["cancel"]["allowed"]
    assert shown["permits"]["cancel"]["why_not"]["code"] == "why_not.cancel_under_way"
    assert imported.day.saleor()["status"] == "UNFULFILLED", "Amazon is asked first"
    imported.day.carry(6)
    assert imported.day.saleor()["status"] == "CANCELED"


def test_what_cannot_be_cancelled_says_why(shipped: Staff) -> None:
    problem = shipped.refused("POST", f"{shipped.path()}/cancel", {"reason": "BuyerCanceled"})
    assert problem["status"] == 409
    assert problem["cure"]
    said = problem["sentence"]
    assert (said["code"], said["params"]["why"]["code"]) == ("why_not.cancel", "why_not.status")
    assert said["params"]["why"]["params"]["status"]["vocabulary"] == "statuses"
    assert shipped.order()["intents"][-1]["kind"] == "shipment"


def test_a_cancellation_is_not_asked_for_twice(imported: Staff) -> None:
    imported.post(f"{imported.path()}/cancel", {"reason": "NoInventory"})
    problem = imported.refused("POST", f"{imported.path()}/cancel", {"reason": "NoInventory"})
    assert problem["status"] == 409
    assert len(imported.order()["intents"]) == 1


def test_units_can_be_cancelled(imported: Staff) -> None:
    body = {"reason": "NoInventory", "units": {ITEM: 1}}
    (intent,) = imported.post(f"{imported.path()}/cancel", body)["intents"]
    assert intent["kind"] == "cancel_units"
    problem = imported.refused(
        "POST", f"{imported.path()}/cancel", {"reason": "NoInventory", "units": {ITEM: 9}}
    )
    assert problem["status"] == 409


def test_units_are_not_cancelled_while_others_are(imported: Staff) -> None:
    """The same request twice, as by a double click, would cancel twice as many."""
    body = {"reason": "NoInventory", "units": {ITEM: 1}}
    permit = imported.post(f"{imported.path()}/cancel", body)["permits"]["cancel_units"]
    assert (permit["allowed"], permit["why_not"]["code"]) == (False, "refused.units_under_way")
    problem = imported.refused("POST", f"{imported.path()}/cancel", body)
    assert (problem["status"], problem["code"]) == (409, "under_way")
    imported.day.carry(4)
    (intent,) = imported.order()["intents"]
    assert intent["state"] == "accepted"


def test_a_reason_that_amazon_does_not_have_is_refused(imported: Staff) -> None:
    problem = imported.refused("POST", f"{imported.path()}/cancel", {"reason": "Mood"})
    assert problem["fields"][0]["field"] == "reason"


# --- refunding ----------------------------------------------------------------------------------


def preview(staff: Staff, body: dict[str, Any]) -> Any:
    return staff.post(f"{staff.path()}/refund/preview", body)


def refund(staff: Staff, body: dict[str, Any]) -> Any:
    told = preview(staff, body)
    confirmed = body | {"request_id": told["request_id"], "digest": told["digest"]}
    return staff.post(f"{staff.path()}/refund", confirmed)


def refunds(staff: Staff) -> list[Any]:
    return [i for i in staff.order()["intents"] if i["kind"] == "refund"]


def test_a_preview_says_exactly_what_would_be_sent_and_writes_nothing(shipped: Staff) -> None:
    told = preview(shipped, {"units": {ITEM: 1}, "reason": "CustomerReturn"})
    assert told["amount"] == {"amount": "14.90", "currency": "EUR"}
    assert told["left_after"] == {"amount": "14.90", "currency": "EUR"}
    (line,) = told["items"]
    assert (line["quantity"], line["reason"], line["title"]) == (1, "CustomerReturn", "Thing 1")
    assert [(p["type"], p["amount"]) for p in line["parts"]] == [("Principal", "14.90")]
    assert "<AdjustmentReason>CustomerReturn</AdjustmentReason>" in told["message"]
    assert refunds(shipped) == []


def test_what_was_previewed_is_sent_and_accepted(shipped: Staff) -> None:
    (intent,) = [
        i for i in refund(shipped, {"units": {ITEM: 1}})["intents"] if i["kind"] == "refund"
    ]
    assert (intent["state"], intent["amount"]["amount"]) == ("queued", "14.90")
    shipped.day.carry(6)
    assert [i["state"] for i in refunds(shipped)] == ["accepted"]
    assert len(shipped.shop.amazon.refunds) == 1


def test_without_units_and_amount_it_is_all_that_is_left(shipped: Staff) -> None:
    assert preview(shipped, {})["amount"]["amount"] == "29.80"
    refund(shipped, {"amount": "10.00"})
    assert preview(shipped, {})["amount"]["amount"] == "19.80"


def test_the_same_request_twice_is_one_refund(shipped: Staff) -> None:
    told = preview(shipped, {"units": {ITEM: 1}})
    body = {"units": {ITEM: 1}, "request_id": told["request_id"], "digest": told["digest"]}
    for _ in range(3):
        shipped.post(f"{shipped.path()}/refund", body)
    assert len(refunds(shipped)) == 1


def test_a_refund_that_would_now_be_another_is_refused(shipped: Staff) -> None:
    told = preview(shipped, {})
    refund(shipped, {"amount": "10.00"})
    body = {"request_id": told["request_id"], "digest": told["digest"]}
    problem = shipped.refused("POST", f"{shipped.path()}/refund", body)
    assert (problem["status"], problem["code"]) == (409, "preview_outdated")
    assert len(refunds(shipped)) == 1


def test_another_refund_than_the_previewed_is_refused(shipped: Staff) -> None:
    told = preview(shipped, {"units": {ITEM: 1}})
    body = {"amount": "29.80", "request_id": told["request_id"], "digest": told["digest"]}
    assert shipped.refused("POST", f"{shipped.path()}/refund", body)["code"] == "preview_outdated"


@pytest.mark.parametrize(
    "body", [{"amount": "29.81"}, {"units": {ITEM: 3}}, {"units": {"x": 1}}, {"amount": "0.001"}]
)
def test_what_cannot_be_refunded_says_why(shipped: Staff, body: dict[str, Any]) -> None:
    problem = shipped.refused("POST", f"{shipped.path()}/refund/preview", body)
    assert (problem["status"], problem["code"]) == (409, "cannot_refund")
    assert problem["detail"]


def test_an_unshipped_order_is_cancelled_and_not_refunded(imported: Staff) -> None:
    problem = imported.refused("POST", f"{imported.path()}/refund/preview", {})
    assert problem["status"] == 409
    assert not imported.order()["permits"]["refund"]["allowed"]


# --- tracking, intents --------------------------------------------------------------------------


def test_tracking_is_sent_again_and_edits_the_same_package(shipped: Staff) -> None:
    shown = shipped.post(f"{shipped.path()}/tracking")
    assert [i["state"] for i in shown["intents"]] == ["queued"]
    assert shown["timeline"][0]["by"].count("@") == 1
    shipped.day.carry(3)
    shown = shipped.order()
    assert [i["state"] for i in shown["intents"]] == ["accepted"]
    assert len(shown["packages"]) == 1


def test_there_is_no_tracking_to_send_before_a_shipment(imported: Staff) -> None:
    problem = imported.refused("POST", f"{imported.path()}/tracking")
    assert (problem["status"], problem["code"]) == (409, "nothing_to_send")


@pytest.mark.parametrize(
    ("state", "action", "after"),
    [
        ("needs_attention", "again", "queued"),
        ("rejected", "again", "queued"),
        ("needs_attention", "done", "accepted"),
        ("needs_attention", "give-up", "withdrawn"),
        ("queued", "give-up", "withdrawn"),
    ],
)
def test_an_intent_is_settled_by_hand(imported: Staff, state: str, action: str, after: str) -> None:
    number = cancelled(imported, state)
    (intent,) = imported.post(f"/intents/{number}/{action}")["intents"]
    assert intent["state"] == after


@pytest.mark.parametrize(
    ("state", "action"),
    [
        ("accepted", "again"),
        ("queued", "done"),
        ("submitted", "give-up"),
        ("accepted", "give-up"),
    ],
)
def test_what_amazon_has_is_not_settled_by_hand(imported: Staff, state: str, action: str) -> None:
    number = cancelled(imported, state)
    assert imported.refused("POST", f"/intents/{number}/{action}")["status"] == 409
    (intent,) = imported.order()["intents"]
    assert intent["state"] == state
    flags = {"again": "may_send_again", "done": "may_settle_as_done", "give-up": "may_give_up"}
    assert intent[flags[action]] is False


def cancelled(staff: Staff, state: str) -> int:
    """Ask for a cancellation and have it in a state; returns its number."""
    staff.post(f"{staff.path()}/cancel", {"reason": "NoInventory"})
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        intent = session.scalars(select(Intent)).one()
        intent.state = state
        return intent.id


def test_settling_a_refund_takes_the_permission_for_refunds(shipped: Staff) -> None:
    refund(shipped, {"amount": "1.00"})
    (intent,) = refunds(shipped)
    shipped.permissions = ["MANAGE_ORDERS"]
    for action in ("again", "done", "give-up"):
        problem = shipped.refused("POST", f"/intents/{intent['id']}/{action}")
        assert problem["status"] == 403
    assert [i["state"] for i in refunds(shipped)] == ["queued"]


# --- held orders --------------------------------------------------------------------------------


def test_a_held_order_is_retried_with_who(staff: Staff) -> None:
    staff.shop.sell(item(sku="UNKNOWN"))
    staff.shop.run()
    assert staff.order()["items"][0]["is_unknown_sku"]
    staff.shop.add_variant("UNKNOWN")
    shown = staff.post(f"{staff.path()}/retry")
    assert shown["order"]["state"] == "ready"
    assert any(e["by"] and "Tried again" in e["message"]["text"] for e in shown["timeline"])
    staff.shop.import_()
    assert staff.order()["order"]["state"] == "imported"


def test_an_address_is_repaired_and_the_order_imported(staff: Staff) -> None:
    strange = {"name": "A B", "addressLine1": "1", "city": "X", "countryCode": "XX"}
    staff.shop.sell(recipient={"deliveryAddress": strange})
    staff.shop.run()
    assert staff.order()["permits"]["repair_address"]["allowed"]
    repair = {"city": "Berlin", "country_code": "DE", "postal_code": "10115"}
    shown = staff.put(f"{staff.path()}/address", repair)
    assert shown["shipping"]["repaired_fields"] == ["city", "country_code", "postal_code"]
    assert shown["shipping"]["address"]["city"] == "Berlin"
    assert any(e["by"] and "Address repaired" in e["message"]["text"] for e in shown["timeline"])
    staff.shop.import_()
    assert staff.shop.saleor_order()["shippingAddress"]["city"].casefold() == "berlin"
    assert staff.refused("PUT", f"{staff.path()}/address", {})["code"] == "nothing"


def test_an_order_is_fetched_again(imported: Staff) -> None:
    seller_central.ship(imported.shop.amazon, imported.shop.numbered(1))
    shown = imported.post(f"{imported.path()}/fetch")
    assert shown["order"]["status"] == "SHIPPED"


def test_amazons_refusal_is_told_and_logged(imported: Staff) -> None:
    imported.shop.amazon.orders.pop(imported.shop.numbered(1))
    problem = imported.refused("POST", f"{imported.path()}/fetch")
    assert (problem["side"], problem["status"]) == ("amazon", 502)
    assert imported.get("/activity", operation="getOrder")["items"]


def test_a_dismissed_problem_keeps_its_reason_and_who(imported: Staff) -> None:
    staff = imported
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        told = {"kind": "not_reserved", "message": "Its units are not held."}
        order_id = staff.shop.row().id
        session.add(Problem(order_id=order_id, opened_at=staff.shop.services.now(), **told))
    body = {"kind": "not_reserved", "reason": "Sold by mistake"}
    shown = staff.post(f"{staff.path()}/dismiss", body)
    assert shown["problems"] == []
    assert "Sold by mistake" in shown["timeline"][0]["message"]["text"]
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        problem = session.scalars(select(Problem)).one()
        assert problem.dismissed_reason == "Sold by mistake"
        assert problem.dismissed_by is not None
    assert staff.refused("POST", f"{staff.path()}/dismiss", body | {"reason": ""})["status"] == 422


def test_every_change_of_an_order_names_who(imported: Staff) -> None:
    for action in ("fetch",):
        imported.post(f"{imported.path()}/{action}")
    with imported.shop.services.database.tenant(imported.shop.tenant_id) as session:
        people = {c.by_name for c in session.scalars(select(Change))}
        staff_lines = session.scalars(select(OrderEvent).where(OrderEvent.by.is_not(None))).all()
    assert len(people) == 1
    assert "@" in people.pop()
    assert all("@" in (line.by or "") for line in staff_lines)
    assert imported.shop.row().state == OrderState.IMPORTED
