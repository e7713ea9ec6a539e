"""Accounts, mappings, words, SKUs and settings: set by staff, explained, recorded with who."""

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store.models import Account, Activity, Marketplace
from saleor_amazon_app.store.tenants import find_tenant
from saleor_amazon_app.sync.pruning import prune
from tests.mirror.amazon_orders import DE, item
from tests.shop_world import ShopWorld
from tests.web.api.conftest import Desk
from tests.web.api.staff import Staff
from tests.world import LONG_AGO

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def staff(shop: ShopWorld) -> Staff:
    return Staff(shop)


def account_id(staff: Staff) -> str:
    return str(staff.get("/accounts")["items"][0]["id"])


def changes(staff: Staff) -> list[tuple[str, str]]:
    return [
        (c["action"]["text"], c["detail"]["text"] if c["detail"] else "")
        for c in staff.get("/changes")["items"]
    ]


# --- accounts -----------------------------------------------------------------------------------


def test_a_paused_account_rests_until_it_is_resumed(staff: Staff) -> None:
    path = f"/accounts/{account_id(staff)}"
    assert staff.post(f"{path}/pause")["state"] == "paused"
    assert staff.refused("POST", "/sync")["code"] == "no_account"
    assert staff.post(f"{path}/resume")["state"] == "connected"
    assert [action for action, _ in changes(staff)] == ["Account resumed", "Account paused"]
    assert staff.get("/changes")["items"][0]["by"].count("@") == 1


def test_an_account_whose_authorisation_is_lost_is_neither_paused_nor_resumed(
    staff: Staff,
) -> None:
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        session.scalars(select(Account)).one().state = "authorisation_lost"
    for action in ("pause", "resume"):
        problem = staff.refused("POST", f"/accounts/{account_id(staff)}/{action}")
        assert (problem["status"], problem["code"]) == (409, "account_state")


def test_an_account_is_renewed_by_a_token_that_works(staff: Staff) -> None:
    body = {"seller_id": "A1SELLER", "region": "eu", "refresh_token": "Atzr|wrong"}
    problem = staff.refused("POST", "/accounts", body)
    assert "Atzr" not in str(problem)
    shown = staff.post("/accounts", body | {"refresh_token": "Atzr|token"})
    assert (shown["seller_id"], shown["state"]) == ("A1SELLER", "connected")
    assert len(staff.get("/accounts")["items"]) == 1
    assert "Atzr" not in str(staff.get("/changes"))


GERMAN = {"seller_id": "A2GERMAN", "refresh_token": "Atzr|german"}


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        pytest.param({"refresh_token": "Atzr|wrong"}, "refresh_token", "token", id="wrong token"),
        pytest.param(GERMAN | {"region": "na"}, "region", "other_region", id="another region"),
        pytest.param({"seller_id": "A9OTHER"}, "seller_id", "seller", id="another seller's token"),
    ],
)
def test_what_connects_no_account_is_told_at_its_field(
    staff: Staff, change: dict[str, str], field: str, code: str
) -> None:
    staff.shop.amazon.add_seller(GERMAN["seller_id"], GERMAN["refresh_token"], (DE,))
    body = {"seller_id": "A1SELLER", "region": "eu", "refresh_token": "Atzr|token"}
    problem = staff.refused("POST", "/accounts", body | change)
    assert (problem["status"], problem["sentence"]["code"]) == (422, "connecting.refused")
    (fault,) = problem["fields"]
    assert (fault["field"], fault["sentence"]["code"]) == (field, f"connecting.{code}")
    assert fault["message"] == fault["sentence"]["text"]
    assert "Atzr" not in str(problem)
    assert [a["seller_id"] for a in staff.get("/accounts")["items"]] == ["A1SELLER"]
    assert staff.get("/accounts")["items"][0]["state"] == "connected"
    assert changes(staff) == []


def test_a_region_that_refuses_the_token_is_at_fault(staff: Staff) -> None:
    staff.shop.fault(FaultKind.FORBIDDEN_DATA_SET, operation="getMarketplaceParticipations")
    body = {"seller_id": "A1SELLER", "region": "eu", "refresh_token": "Atzr|token"}
    problem = staff.refused("POST", "/accounts", body)
    assert problem["status"] == 422
    assert [fault["field"] for fault in problem["fields"]] == ["region"]


def test_amazon_not_answering_is_no_fault_of_a_field(staff: Staff) -> None:
    staff.shop.fault(FaultKind.SERVER_ERROR, operation="getMarketplaceParticipations")
    body = {"seller_id": "A1SELLER", "region": "eu", "refresh_token": "Atzr|token"}
    problem = staff.refused("POST", "/accounts", body)
    assert (problem["status"], problem["side"], problem["fields"]) == (503, "amazon", [])


def test_an_earlier_start_of_the_import_brings_older_orders(staff: Staff) -> None:
    shop = staff.shop
    path = f"/accounts/{account_id(staff)}/import-from"
    shop.sell(number=1)
    shop.sweep_all()
    later = shop.services.now() + timedelta(hours=1)
    assert staff.put(path, {"import_from": later.isoformat()})["state"] == "connected"
    shop.run()
    assert [row.state for row in shop.rows()] == ["left_out"]
    shop.pass_time(minutes=30)
    staff.put(path, {"import_from": LONG_AGO.isoformat()})
    assert [row.state for row in shop.rows()] == ["ready"], "decided anew at once"
    assert shop.sweep_row().watermark is None, "and all is read from there once more"
    shop.run()
    assert [row.state for row in shop.rows()] == ["imported"]
    assert len(shop.saleor_orders()) == 1
    change = staff.get("/changes")["items"][0]
    assert change["action"]["code"] == "change.import_start"
    told = change["detail"]["params"]
    assert told["setting"] == {"vocabulary": "settings", "value": "import_from"}
    assert datetime.fromisoformat(told["after"]["at"]) == LONG_AGO


def test_a_later_start_of_the_import_reads_nothing_again(staff: Staff) -> None:
    shop = staff.shop
    shop.sell(number=1)
    shop.run()
    before = shop.sweep_row().watermark
    later = shop.services.now().isoformat()
    staff.put(f"/accounts/{account_id(staff)}/import-from", {"import_from": later})
    assert shop.sweep_row().watermark == before
    shop.run()
    assert [row.state for row in shop.rows()] == ["imported"], "what is in Saleor stays"


def test_a_marketplace_is_mapped_with_its_terms_and_the_change_is_told(staff: Staff) -> None:
    choices = staff.get("/settings/shop")
    channel = next(c for c in choices["channels"] if c["slug"] == "amazon-de")
    body = {
        "channel": "amazon-de",
        "warehouse_id": channel["warehouses"][0]["id"],
        "shipping_method_id": channel["shipping_methods"][0]["id"],
        "tax_class_id": choices["tax_classes"][0]["id"],
        "hold_stock": False,
        "default_carrier": "DHL",
        "tracking_wait_hours": 12,
        "cancel_reason": "CustomerReturn",
    }
    path = f"/accounts/{account_id(staff)}/marketplaces/{DE}"
    shown = staff.put(path, body)["settings"]
    assert {k: shown[k] for k in body} == body
    ((action, detail),) = changes(staff)
    assert action == "Marketplace changed"
    assert "tracking wait hours: 4 → 12." in detail
    assert "hold stock: yes → no." in detail
    assert "channel" not in detail, "it is as it was"
    listed = {m["marketplace"]["id"]: m for m in staff.get("/marketplaces")["items"]}
    assert listed[DE]["settings"]["default_carrier"] == "DHL"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"channel": "nowhere"}, 409),
        ({"channel": "amazon-uk"}, 409),
        ({"tax_class_id": "none"}, 409),
        ({"tracking_wait_hours": 500}, 422),
        ({"cancel_reason": "Mood"}, 422),
    ],
)
def test_a_mapping_that_fits_nothing_is_refused_and_changes_nothing(
    staff: Staff, change: dict[str, Any], status: int
) -> None:
    path = f"/accounts/{account_id(staff)}/marketplaces/{DE}"
    assert staff.refused("PUT", path, {"channel": "amazon-de"} | change)["status"] == status
    assert changes(staff) == []
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        row = session.scalars(select(Marketplace).where(Marketplace.marketplace_id == DE)).one()
        assert (row.channel, row.tracking_wait_hours) == ("amazon-de", 4)


# --- the shop -----------------------------------------------------------------------------------


def test_read_only_mode_keeps_what_would_go_and_its_reason(staff: Staff) -> None:
    staff.shop.sell()
    staff.shop.run()
    shown = staff.put("/settings/read-only", {"on": True, "reason": "Stocktaking"})
    assert (shown["read_only"], shown["read_only_reason"]["text"]) == (True, "Stocktaking")
    staff.post(f"{staff.path()}/cancel", {"reason": "NoInventory"})
    staff.day.carry(3)
    assert staff.order()["intents"][0]["state"] == "queued"
    state = staff.get("/overview")["read_only"]
    assert (state["on"], state["reason"]["text"], state["waiting"]) == (True, "Stocktaking", 1)
    assert not staff.put("/settings/read-only", {"on": False})["read_only"]
    assert [action for action, _ in changes(staff)] == ["Switched off", "Switched on"]


def test_the_log_is_kept_as_long_as_the_merchant_says(desk: Desk) -> None:
    for days in (1, 10, 40):
        with desk.services.database.tenant(desk.tenant_id) as session:
            at = desk.services.now() - timedelta(days=days)
            session.add(Activity(at=at, side="amazon", operation="x", code="", message="m"))
    assert desk.get("/settings")["activity_days"] == 30
    prune(desk.services)
    assert len(desk.get("/activity")["items"]) == 2
    assert desk.put("/settings", {"activity_days": 7})["activity_days"] == 7
    prune(desk.services)
    assert len(desk.get("/activity")["items"]) == 2, "once an hour"
    desk.services.redis.flushall()
    prune(desk.services)
    assert len(desk.get("/activity")["items"]) == 1


def test_the_log_is_filtered_and_paged(desk: Desk) -> None:
    with desk.services.database.tenant(desk.tenant_id) as session:
        for n in range(7):
            row = Activity(
                account_id=desk.account_id if n % 2 else None,
                at=desk.services.now() - timedelta(hours=n),
                side="amazon" if n % 2 else "saleor",
                operation="getOrder" if n % 2 else "orderFulfill",
                code=str(n),
                message=f"failure {n}",
            )
            session.add(row)
    assert codes(desk) == ["6", "5", "4", "3", "2", "1", "0"]
    assert codes(desk, side="amazon") == ["5", "3", "1"]
    assert codes(desk, account=desk.account_id) == ["5", "3", "1"]
    assert codes(desk, operation="orderFulfill", code="4") == ["4"]
    since = (desk.services.now() - timedelta(hours=2)).isoformat()
    assert codes(desk, since=since) == ["2", "1", "0"]
    assert codes(desk, until=since) == ["6", "5", "4", "3"]
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = desk.get("/activity", limit=2, **cursor)
        found += [row["code"] for row in page["items"]]
        if not page["next_cursor"]:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert found == ["6", "5", "4", "3", "2", "1", "0"]
    assert [o["value"] for o in page["operations"]] == ["getOrder", "orderFulfill"]


def codes(desk: Desk, **query: Any) -> list[str]:
    return [row["code"] for row in desk.get("/activity", **query)["items"]]


def test_words_stand_for_amazons(staff: Staff) -> None:
    made = staff.put("/words", {"kind": "carrier", "word": "Our Van", "code": "DHL"})
    staff.put("/words", {"kind": "carrier", "word": "our van", "code": "UPS"})
    (word,) = staff.get("/words")["items"]
    assert (word["word"], word["code"]) == ("our van", "UPS")
    body = {"kind": "refund_reason", "word": "kaput", "code": "Mood"}
    assert staff.refused("PUT", "/words", body)["status"] == 409
    assert staff.call("DELETE", f"/words/{made['id']}").status_code == 204
    assert staff.get("/words") == {"items": []}


def test_the_vocabulary_explains_what_can_be_chosen(staff: Staff) -> None:
    told = staff.get("/vocabulary")
    reasons = {r["value"]: r for r in told["cancel_reasons"]}
    assert reasons["NoInventory"]["explanation"]["code"] == "explained.no_restock"
    assert reasons["BuyerCanceled"]["explanation"]["code"] == "explained.restock"
    assert reasons["BuyerCanceled"]["label"] == "Buyer canceled"
    assert {m["name"] for m in told["marketplaces"]} >= {"Amazon.de", "Amazon.co.uk"}
    assert all(p["explanation"]["code"] == f"cure.{p['value']}" for p in told["problems"])


# --- problems and SKUs --------------------------------------------------------------------------


@pytest.fixture
def waiting(staff: Staff) -> Staff:
    """Three orders that wait for two SKUs, and one for its address."""
    for n, sku in ((1, "OLD-1"), (2, "OLD-1"), (3, "OLD-2")):
        staff.shop.sell(item(sku=sku), number=n)
    strange = {"name": "A B", "addressLine1": "1", "city": "X", "countryCode": "XX"}
    staff.shop.sell(number=4, recipient={"deliveryAddress": strange})
    staff.shop.run()
    return staff


def test_problems_are_grouped_by_cause_with_their_cure(waiting: Staff) -> None:
    groups = {g["kind"]: g for g in waiting.get("/problems")["items"]}
    assert (groups["unknown_sku"]["orders"], groups["unknown_sku"]["subjects"]) == (3, 2)
    assert groups["address"]["orders"] == 1
    assert groups["unknown_sku"]["title"] == "Unknown SKU"
    assert all(group["cure"] for group in groups.values())
    first = waiting.get("/problems/orders", kind="unknown_sku", limit=2)
    rest = waiting.get("/problems/orders", kind="unknown_sku", cursor=first["next_cursor"])
    numbers = [row["order"]["amazon_order_id"] for row in (*first["items"], *rest["items"])]
    assert sorted(numbers) == [waiting.shop.numbered(n) for n in (1, 2, 3)]
    assert rest["next_cursor"] is None
    (other,) = waiting.get("/problems/orders", kind="unknown_sku", subject="OLD-2")["items"]
    assert other["problem"]["subject"] == "OLD-2"


def test_a_mapped_sku_lets_its_orders_go(waiting: Staff) -> None:
    skus = waiting.get("/skus/unmatched")["items"]
    assert [(s["sku"], s["orders"], s["title"]) for s in skus] == [
        ("OLD-1", 2, "Thing 1"),
        ("OLD-2", 1, "Thing 1"),
    ]
    (variant,) = waiting.get("/variants", search="SHOP-01-NAT")["items"]
    mapped = waiting.put("/sku-mappings", {"sku": "OLD-1", "variant_id": variant["id"]})
    assert mapped["variant"]["sku"] == "SHOP-01-NAT"
    waiting.shop.import_()
    assert [s["sku"] for s in waiting.get("/skus/unmatched")["items"]] == ["OLD-2"]
    assert waiting.order(1)["order"]["state"] == waiting.order(2)["order"]["state"] == "imported"
    assert waiting.call("DELETE", f"/sku-mappings/{mapped['id']}").status_code == 204
    assert waiting.get("/sku-mappings")["items"] == []


def test_a_variant_that_is_not_there_is_not_mapped(staff: Staff) -> None:
    body = {"sku": "OLD-1", "variant_id": "UHJvZHVjdFZhcmlhbnQ6OTk5OTk5"}
    assert staff.refused("PUT", "/sku-mappings", body)["status"] == 404
    assert staff.get("/sku-mappings")["items"] == []


def test_mappings_go_out_as_csv_and_come_back(staff: Staff) -> None:
    text = "amazon_sku;saleor_sku\nOLD-1;SHOP-01-NAT\n=OLD,2;SHOP-01-NAT\n"
    assert staff.post("/sku-mappings/import", {"csv": text, "dry_run": True})["mapped"] == 2
    assert staff.get("/sku-mappings")["items"] == []
    done = staff.post("/sku-mappings/import", {"csv": text})
    assert done == {"mapped": 2, "unchanged": 0, "faults": []}
    exported = staff.call("GET", "/sku-mappings/export").text
    rows = list(csv.DictReader(io.StringIO(exported)))
    assert [row["amazon_sku"] for row in rows] == ["=OLD,2", "OLD-1"]
    again = staff.post("/sku-mappings/import", {"csv": exported})
    assert again == {"mapped": 0, "unchanged": 2, "faults": []}


def test_a_wrong_line_is_named_and_nothing_is_mapped(staff: Staff) -> None:
    text = "amazon_sku,saleor_sku\nGOOD,SHOP-01-NAT\nBAD,NONE\n,SHOP-01-NAT\nGOOD,SHOP-01-NAT\n"
    done = staff.post("/sku-mappings/import", {"csv": text})
    assert [fault["line"] for fault in done["faults"]] == [3, 4, 5]
    assert done["mapped"] == 0
    assert staff.get("/sku-mappings")["items"] == []
    problem = staff.refused("POST", "/sku-mappings/import", {"csv": "a,b\n1,2\n"})
    assert problem["code"] == "header"


def test_mappings_are_paged_and_shown_without_saleor_too(staff: Staff) -> None:
    text = "amazon_sku,saleor_sku\n" + "".join(f"S-{n},SHOP-01-NAT\n" for n in range(5))
    staff.post("/sku-mappings/import", {"csv": text})
    first = staff.get("/sku-mappings", limit=3)
    rest = staff.get("/sku-mappings", limit=3, cursor=first["next_cursor"])
    assert [m["sku"] for m in (*first["items"], *rest["items"])] == [f"S-{n}" for n in range(5)]
    assert [m["sku"] for m in staff.get("/sku-mappings", search="S-4")["items"]] == ["S-4"]
    staff.shop.saleor_fault("server_error", "VariantsById")
    alone = staff.get("/sku-mappings")
    assert (alone["variants_are_known"], len(alone["items"])) == (False, 5)


# --- where the Dashboard is ---------------------------------------------------------------------


def test_the_dashboard_is_remembered_once_until_the_app_is_installed_anew(desk: Desk) -> None:
    assert desk.get("/me")["dashboard_url"] is None
    first = desk.put("/dashboard", {"origin": "https://dashboard.example:8443"})
    assert first == {"origin": "https://dashboard.example:8443"}
    second = desk.put("/dashboard", {"origin": "https://evil.example"})
    assert second == first
    assert desk.get("/me")["dashboard_url"] == "https://dashboard.example:8443"
    for nonsense in ("https://a.example/x", "javascript:1", "https://a.example; b", "*", "null"):
        assert desk.refused("PUT", "/dashboard", {"origin": nonsense})["status"] == 422
    with desk.services.database.system() as session:
        assert find_tenant(session, desk.api_url) is not None
