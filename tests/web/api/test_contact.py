"""Writing to a buyer through the API, and the templates for it."""

from collections.abc import Callable
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.state import MESSAGING_ROLE
from saleor_amazon_app.sync import guarding
from tests.mirror.amazon_orders import item
from tests.shop_world import ShopWorld
from tests.web.api.conftest import Desk
from tests.web.api.staff import Staff
from tests.world import SELLER

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TEXT = "Which colour do you want?\nBlue or red."
MESSAGE = {"kind": "confirmOrderDetails", "text": TEXT}
TEMPLATE = {
    "name": "Colour",
    "kind": "confirmOrderDetails",
    "language": "de-DE",
    "text": "Order {order_number}: which colour?",
}


@pytest.fixture
def staff(shop: ShopWorld) -> Staff:
    made = Staff(shop)
    shop.sell(item(quantity=2, total="29.80"))
    shop.run()
    return made


def preview(staff: Staff, **changes: Any) -> Any:
    return staff.post(f"{staff.path()}/messages/preview", MESSAGE | changes)


def send(staff: Staff, **changes: Any) -> Any:
    seen = preview(staff, **changes)
    body = {name: seen[name] for name in ("request_id", "kind", "text")}
    return staff.post(f"{staff.path()}/messages", body)


# --- writing ------------------------------------------------------------------------------------


def test_what_amazon_allows_is_shown_with_the_limits(staff: Staff) -> None:
    staff.post("/message-templates", TEMPLATE)
    shown = staff.get(f"{staff.path()}/contact")
    kinds = {kind["kind"]: kind for kind in shown["kinds"]}
    assert [kind["kind"] for kind in shown["kinds"] if kind["allowed"]] == [
        "confirmOrderDetails",
        "confirmDeliveryDetails",
        "unexpectedProblem",
    ]
    assert [kind["allowed"] for kind in shown["kinds"]] == [True] * 3 + [False] * 3
    key = kinds["digitalAccessKey"]
    assert (key["longest"], key["why_not"]["code"]) == (400, "message.not_offered")
    assert kinds["unexpectedProblem"]["label"]["text"] == "Unexpected problem"
    assert shown["elsewhere"] == ["legalDisclosure"]
    assert shown["buyer_locale"] == "de-DE"
    (template,) = shown["templates"]
    assert template["text"] == f"Order {staff.shop.numbered(1)}: which colour?"
    assert template["missing"] == []


def test_a_message_is_sent_as_it_was_seen(staff: Staff) -> None:
    seen = preview(staff, text=f"{TEXT} https://track.example/1")
    assert (seen["characters"], seen["longest"]) == (len(seen["text"]), 2000)
    assert [warning["code"] for warning in seen["warnings"]] == ["message.link"]
    assert staff.shop.amazon.messages == []
    shown = send(staff)
    (intent,) = shown["intents"]
    assert (intent["kind"], intent["state"], intent["text"]) == ("buyer_message", "queued", TEXT)
    assert intent["summary"]["code"] == "message.kind.confirmOrderDetails"
    line = shown["timeline"][0]
    assert line["message"]["code"] == "history.message_asked"
    assert "@" in line["by"]
    staff.day.carry(2)
    (written,) = staff.shop.amazon.messages
    assert (written.kind, written.text) == ("confirmOrderDetails", TEXT)
    assert staff.order()["intents"][0]["state"] == "accepted"


def test_the_same_call_twice_is_one_message(staff: Staff) -> None:
    body = MESSAGE | {"request_id": preview(staff)["request_id"]}
    for _ in range(2):
        assert len(staff.post(f"{staff.path()}/messages", body)["intents"]) == 1
    problem = staff.refused("POST", f"{staff.path()}/messages", body | {"text": "Other"})
    assert (problem["status"], problem["code"]) == (409, "other_text")
    problem = staff.refused("POST", f"{staff.path()}/messages", body | {"request_id": "1" * 24})
    assert (problem["status"], problem["code"]) == (409, "said_already")
    assert problem["sentence"]["code"] == "message.said_already"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "message.empty"),
        ("x" * 2001, "message.too_long"),
        ("<b>x</b>", "message.html"),
        ("a@b.example", "message.email"),
        ("By {ship_by}", "message.unfilled"),
    ],
)
@pytest.mark.parametrize("path", ["/messages/preview", "/messages"])
def test_what_cannot_be_sent_is_told_at_its_field(
    staff: Staff, path: str, text: str, code: str
) -> None:
    body = MESSAGE | {"text": text} | ({"request_id": "1" * 24} if path == "/messages" else {})
    problem = staff.refused("POST", staff.path() + path, body)
    assert (problem["status"], problem["code"]) == (422, "not_fitting")
    (fault,) = problem["fields"]
    assert (fault["field"], fault["sentence"]["code"]) == ("text", code)


def test_without_amazons_role_it_is_said_what_to_do(staff: Staff) -> None:
    staff.shop.amazon.sellers[SELLER].roles -= {MESSAGING_ROLE}
    problem = staff.refused("GET", f"{staff.path()}/contact")
    assert (problem["status"], problem["code"]) == (502, "no_role")
    assert problem["sentence"]["code"] == "message.no_role"
    assert "Add the role Buyer Communication" in problem["cure"]


def test_in_read_only_mode_nobody_is_written_to(staff: Staff) -> None:
    guarding.set_read_only(staff.shop.services, staff.shop.tenant_id, on=True)
    permit = staff.order()["permits"]["contact"]
    assert (permit["allowed"], permit["why_not"]["code"]) == (False, "why_not.read_only")
    for path in ("/messages/preview", "/messages"):
        body = MESSAGE | ({"request_id": "1" * 24} if path == "/messages" else {})
        problem = staff.refused("POST", staff.path() + path, body)
        assert (problem["status"], problem["code"]) == (409, "read_only")
    assert staff.order()["intents"] == []


def test_writing_takes_the_permission_for_orders_and_no_other(staff: Staff) -> None:
    staff.permissions = ["MANAGE_APPS", "HANDLE_PAYMENTS"]
    for method, path, body in (
        ("GET", "/contact", None),
        ("POST", "/messages/preview", MESSAGE),
        ("POST", "/messages", MESSAGE | {"request_id": "1" * 24}),
    ):
        assert staff.refused(method, staff.path() + path, body)["code"] == "needs_manage_orders"
    staff.permissions = ["MANAGE_ORDERS"]
    assert send(staff)["intents"][0]["state"] == "queued"
    problem = staff.refused("POST", "/message-templates", TEMPLATE)
    assert problem["code"] == "needs_manage_apps"


# --- templates ----------------------------------------------------------------------------------


def test_templates_are_kept_changed_and_deleted_with_who(staff: Staff) -> None:
    assert staff.get("/message-templates")["items"] == []
    made = staff.post("/message-templates", TEMPLATE | {"name": " Colour "})
    assert {name: made[name] for name in TEMPLATE} == TEMPLATE
    path = f"/message-templates/{made['id']}"
    changed = TEMPLATE | {"kind": "unexpectedProblem", "language": "", "text": "Late."}
    assert staff.put(path, changed)["text"] == "Late."
    assert staff.get("/message-templates")["items"] == [changed | {"id": made["id"]}]
    assert staff.call("DELETE", path).status_code == 204
    assert staff.get("/message-templates")["items"] == []
    told = staff.get("/changes")["items"]
    assert [(c["action"]["code"], c["subject"]["text"], c["detail"]["text"]) for c in told] == [
        ("change.template_deleted", "Colour", "Unexpected problem"),
        ("change.template_changed", "Colour", "Unexpected problem"),
        ("change.template_added", "Colour", "Question about the order, de-DE"),
    ]
    codes = [c["detail"]["code"] for c in told]
    assert codes == [*["message.kind.unexpectedProblem"] * 2, "detail.template"]
    assert told[2]["detail"]["params"]["kind"]["code"] == "message.kind.confirmOrderDetails"
    assert all("@" in change["by"] for change in told)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"text": "Dear {buyer_name}"}, "text", "template.unknown_placeholder"),
        ({"text": ""}, "text", "message.empty"),
        ({"text": "x" * 2001}, "text", "message.too_long"),
        ({"language": "German"}, "language", "template.language"),
        ({}, "name", "template.name"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_at_its_field(
    staff: Staff, change: dict[str, str], field: str, code: str
) -> None:
    staff.post("/message-templates", TEMPLATE)
    body = TEMPLATE | ({"name": "Other"} if change else {}) | change
    problem = staff.refused("POST", "/message-templates", body)
    assert (problem["status"], problem["code"]) == (422, "not_fitting")
    assert [(f["field"], f["sentence"]["code"]) for f in problem["fields"]] == [(field, code)]
    assert len(staff.get("/message-templates")["items"]) == 1


def test_a_template_keeps_its_name_when_it_is_changed_and_takes_no_others(staff: Staff) -> None:
    first = staff.post("/message-templates", TEMPLATE)
    staff.post("/message-templates", TEMPLATE | {"name": "Second"})
    path = f"/message-templates/{first['id']}"
    assert staff.put(path, TEMPLATE | {"text": "New"})["text"] == "New"
    problem = staff.refused("PUT", path, TEMPLATE | {"name": "Second"})
    assert problem["fields"][0]["field"] == "name"


def test_what_one_needs_to_write_a_template_is_told(staff: Staff) -> None:
    told = staff.get("/message-templates")
    assert {p["name"] for p in told["placeholders"]} >= {"order_number", "items", "ship_by"}
    assert all(p["explanation"]["code"] and p["example"] for p in told["placeholders"])
    assert {k["kind"]: k["longest"] for k in told["kinds"]}["confirmCustomizationDetails"] == 800
    assert {s["language"] for s in told["suggestions"]} == {"en", "de", "nl"}


def test_two_shops_have_templates_of_the_same_name_each(make_desk: Callable[..., Desk]) -> None:
    ours, theirs = make_desk("one"), make_desk("two")
    mine = ours.post("/message-templates", TEMPLATE)
    assert theirs.get("/message-templates")["items"] == []
    theirs.post("/message-templates", TEMPLATE | {"text": "Theirs"})
    for method, body in (("PUT", TEMPLATE), ("DELETE", None)):
        problem = theirs.refused(method, f"/message-templates/{mine['id']}", body)
        assert (problem["status"], problem["code"]) == (404, "no_template")
    assert [t["text"] for t in ours.get("/message-templates")["items"]] == [TEMPLATE["text"]]
