"""Removing an account: what is deleted, what stays, what is in the way, what comes back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.mirror.ids import AccountId
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.store import models
from saleor_amazon_app.store.models import Account, AccountState, Intent, Order, Sweep
from saleor_amazon_app.sync import accounts, removing
from saleor_amazon_app.sync.carrying import carry, carrying_turn
from saleor_amazon_app.sync.passes import import_ready, import_turn, sweep
from tests.mirror.amazon_orders import DE
from tests.shop_world import ShopWorld
from tests.web.api.conftest import Desk
from tests.web.api.staff import Staff
from tests.world import LONG_AGO

sqlite_only = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def path(desk: Desk) -> str:
    return f"/accounts/{desk.account_id}"


def filled(desk: Desk, orders: int = 3) -> Desk:
    """Let the account have orders with all that hangs on them."""
    for n in range(1, orders + 1):
        desk.file(n)
        desk.change(n, state="imported", saleor_order_id=f"id-{n}", saleor_number=str(n))
    desk.get(f"/orders/{desk.number(1)}/raw")
    add_intent(desk, "accepted")
    return desk


def add_intent(desk: Desk, state: str, n: int = 1) -> int:
    with desk.services.database.tenant(desk.tenant_id) as session:
        intent = Intent(
            account_id=desk.account_id,
            order_id=desk.row(n).id,
            kind="cancel_order",
            key=f"cancel-{state}",
            state=state,
            asked_by="someone",
            asked_at=desk.services.now(),
            summary="Cancel",
            answer="",
            attempts=0,
            looks=0,
        )
        session.add(intent)
        session.flush()
        return intent.id


def wipe(desk: Desk) -> bool:
    return removing.wipe(desk.services, desk.tenant_id, desk.account_id)


def kept_of(desk: Desk) -> set[str]:
    """Return the tables in which anything of the account's orders, or of the account, is left."""
    found = set()
    with desk.services.database.system() as session:
        for mapper in models.Base.registry.mappers:
            kind = mapper.class_
            if not issubclass(kind, models.TenantOwned):
                continue
            own = select(kind).where(kind.tenant_id == desk.tenant_id)
            if session.scalars(own.limit(1)).first() is not None:
                found.add(kind.__tablename__)
    return found


# --- what goes, and what stays --------------------------------------------------------------------


def test_all_that_was_kept_of_an_account_is_deleted_but_for_who_did_what(desk: Desk) -> None:
    filled(desk)
    assert desk.sent("DELETE", path(desk), None)["state"] == "removing"
    assert wipe(desk)
    assert kept_of(desk) == {"changes"}
    assert desk.get("/accounts")["items"] == []
    assert desk.listed() == []
    told = [
        (c["action"]["text"], c["subject"]["text"], c["by"]) for c in desk.get("/changes")["items"]
    ]
    assert told[0] == ("Account removed", "A1SELLER (eu)", "staff@shop.example")
    assert told[1][1] == desk.number(1), "that somebody looked at raw data stays told"


def test_before_it_is_removed_it_says_what_would_go(desk: Desk) -> None:
    filled(desk)
    desk.file(4, status="PENDING")
    told = desk.get(f"{path(desk)}/removal")
    assert told == {
        "orders": 4,
        "in_saleor": 3,
        "under_way": 0,
        "unknown": 0,
        "importing": 0,
        "allowed": True,
        "unsent": 0,
        "may_leave": 0,
    }


@sqlite_only
def test_another_shops_account_is_not_there(make_desk: Callable[..., Desk]) -> None:
    ours, theirs = make_desk("one"), filled(make_desk("two"))
    for method, of in (("DELETE", path(theirs)), ("GET", f"{path(theirs)}/removal")):
        problem = ours.refused(method, of)
        assert (problem["status"], problem["code"]) == (404, "no_account")
    assert theirs.get("/accounts")["items"][0]["state"] == "connected"
    assert removing.accounts_to_wipe(ours.services) == []


@sqlite_only
def test_only_the_removed_account_is_wiped(make_desk: Callable[..., Desk]) -> None:
    ours, theirs = filled(make_desk("one")), filled(make_desk("two"))
    ours.sent("DELETE", path(ours), None)
    assert removing.accounts_to_wipe(ours.services) == [(ours.tenant_id, ours.account_id)]
    assert not wipe(theirs), "nobody removed it"
    assert wipe(ours)
    assert theirs.listed() == [1, 2, 3]
    assert theirs.get("/accounts")["items"][0]["state"] == "connected"


@sqlite_only
def test_settings_are_closed_to_those_who_may_not_change_them(desk: Desk) -> None:
    desk.permissions = ("MANAGE_ORDERS", "HANDLE_PAYMENTS")
    assert desk.refused("DELETE", path(desk))["status"] == 403
    assert desk.refused("GET", f"{path(desk)}/removal")["status"] == 403


@sqlite_only
def test_more_orders_than_one_batch(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    filled(desk, orders=5)
    monkeypatch.setattr(removing, "_AT_ONCE", 2)
    desk.sent("DELETE", path(desk), None)
    assert wipe(desk)
    assert kept_of(desk) == {"changes"}


# --- what is in the way ---------------------------------------------------------------------------


@sqlite_only
@pytest.mark.parametrize(
    ("state", "counted", "words"),
    [
        ("queued", "under_way", "Answers of Amazon are missing: 1."),
        ("sending", "under_way", "Answers of Amazon are missing"),
        ("submitted", "under_way", "Answers of Amazon are missing"),
        ("needs_attention", "unknown", "nobody knows what became: 1."),
    ],
)
def test_what_is_under_way_keeps_the_account(
    desk: Desk, state: str, counted: str, words: str
) -> None:
    filled(desk)
    add_intent(desk, state)
    told = desk.get(f"{path(desk)}/removal")
    assert (told["allowed"], told[counted]) == (False, 1)
    problem = desk.refused("DELETE", path(desk))
    assert (problem["status"], problem["code"]) == (409, "under_way")
    assert words in problem["detail"]
    assert problem["cure"]
    assert desk.get("/accounts")["items"][0]["state"] == "connected"
    actions = [change["action"]["text"] for change in desk.get("/changes")["items"]]
    assert actions == ["Looked at Amazon's raw data"]


@sqlite_only
@pytest.mark.parametrize("state", ["creating", "created"])
def test_orders_that_are_being_created_keep_the_account(desk: Desk, state: str) -> None:
    filled(desk)
    desk.change(2, state=state)
    assert desk.get(f"{path(desk)}/removal")["importing"] == 1
    assert "being created in Saleor: 1." in desk.refused("DELETE", path(desk))["detail"]


@sqlite_only
def test_whoever_works_on_the_account_is_waited_for(desk: Desk) -> None:
    filled(desk)
    desk.sent("DELETE", path(desk), None)
    turns = (
        carrying_turn(desk.services, desk.account_id),
        import_turn(desk.services, desk.tenant_id),
    )
    for turn in turns:
        assert turn.acquire()
        assert not wipe(desk)
        turn.release()
    read_until(desk, desk.services.now() + timedelta(minutes=1))
    assert not wipe(desk)
    read_until(desk, None)
    assert desk.listed() == [1, 2, 3], "nothing has been deleted meanwhile"
    assert wipe(desk)


def read_until(desk: Desk, until: Any) -> None:
    with desk.services.database.tenant(desk.tenant_id) as session:
        for row in session.scalars(select(Sweep)):
            row.lease_until = until


@sqlite_only
def test_work_that_was_begun_before_and_left_something_open_calls_it_off(desk: Desk) -> None:
    filled(desk)
    desk.sent("DELETE", path(desk), None)
    add_intent(desk, "submitted")
    assert not wipe(desk)
    assert desk.get("/accounts")["items"][0]["state"] == "paused"
    (told,) = desk.get("/activity")["items"]
    assert (told["operation"], told["side"]) == ("removeAccount", "app")
    assert desk.listed() == [1, 2, 3]


# --- while it is being removed --------------------------------------------------------------------


@sqlite_only
def test_nothing_is_begun_for_an_account_that_is_being_removed(desk: Desk) -> None:
    filled(desk)
    desk.file(4)
    desk.sent("DELETE", path(desk), None)
    where = (desk.services, desk.tenant_id, desk.account_id)
    assert sweep(*where).pages == 0
    assert import_ready(*where).imported == 0
    assert carry(*where).orders == 0
    assert desk.refused("POST", "/sync")["code"] == "no_account"
    for action in ("pause", "resume"):
        assert desk.refused("POST", f"{path(desk)}/{action}")["code"] == "account_state"
    body = {"reason": "NoInventory"}
    problem = desk.refused("POST", f"/orders/{desk.number(1)}/cancel", body)
    assert problem["code"] == "being_removed"
    assert wipe(desk)
    assert sweep(*where).pages == 0
    assert import_ready(*where).imported == 0
    assert carry(*where).orders == 0


@sqlite_only
def test_to_remove_it_twice_is_to_remove_it_once(desk: Desk) -> None:
    filled(desk)
    for _ in range(2):
        assert desk.sent("DELETE", path(desk), None)["state"] == "removing"
    actions = [change["action"]["text"] for change in desk.get("/changes")["items"]]
    assert actions.count("Account removed") == 1


# --- between both simulators ----------------------------------------------------------------------


@sqlite_only
def test_connected_again_no_order_is_created_twice(shop: ShopWorld) -> None:
    staff = Staff(shop)
    for number in (1, 2, 3):
        shop.sell(number=number)
    shop.run()
    account_id = staff.get("/accounts")["items"][0]["id"]
    before = {o["externalReference"]: o["id"] for o in shop.saleor_orders()}
    assert len(before) == 3
    assert staff.done("DELETE", f"/accounts/{account_id}", None)["state"] == "removing"
    body = {"seller_id": "A1SELLER", "region": "eu", "refresh_token": "Atzr|token"}
    assert staff.refused("POST", "/accounts", body)["code"] == "being_removed"
    assert removing.wipe(shop.services, shop.tenant_id, AccountId(account_id))
    assert {o["externalReference"]: o["id"] for o in shop.saleor_orders()} == before
    again = accounts.connect_account(
        shop.services,
        shop.tenant_id,
        seller_id="A1SELLER",
        region=Region.EU,
        refresh_token="Atzr|token",
        import_from=LONG_AGO,
    )
    choice = accounts.MappingChoice(channel="amazon-de")
    accounts.map_marketplace(shop.services, shop.tenant_id, again, DE, choice)
    sweep(shop.services, shop.tenant_id, again)
    import_ready(shop.services, shop.tenant_id, again)
    assert {o["externalReference"]: o["id"] for o in shop.saleor_orders()} == before
    with shop.services.database.tenant(shop.tenant_id) as session:
        rows = session.scalars(select(Order)).all()
        assert {row.state for row in rows} == {"imported"}
        assert {row.saleor_order_id for row in rows} == set(before.values())
        assert session.scalars(select(Account)).one().state == AccountState.CONNECTED


# --- when Amazon has ended the authorisation for good ---------------------------------------------


def stuck(shop: ShopWorld) -> tuple[Staff, str]:
    """Let an order wait for an answer about one thing, and for its turn with another."""
    staff = Staff(shop)
    shop.sell(number=1)
    shop.run()
    account_id = str(staff.get("/accounts")["items"][0]["id"])
    with shop.services.database.tenant(shop.tenant_id) as session:
        order = session.scalars(select(Order)).one()
        for state in ("submitted", "queued"):
            told: dict[str, Any] = {
                "account_id": order.account_id,
                "order_id": order.id,
                "kind": "cancel_units",
                "key": f"stuck-{state}",
                "state": state,
                "asked_by": "someone",
                "asked_at": shop.services.now(),
                "summary": f"Cancel what is {state}",
            }
            session.add(Intent(answer="", attempts=0, looks=0, **told))
        session.scalars(select(Account)).one().state = AccountState.AUTHORISATION_LOST
    return staff, f"/accounts/{account_id}"


@sqlite_only
def test_what_nobody_can_answer_any_more_is_left_behind_knowingly(shop: ShopWorld) -> None:
    staff, account = stuck(shop)
    shop.services.redis.flushall()
    shop.amazon.sellers["A1SELLER"].revoked = True
    assert staff.refused("DELETE", account)["code"] == "under_way", "never silently"
    removal = staff.get(f"{account}/removal")
    assert (removal["allowed"], removal["may_leave"], removal["unsent"]) == (False, 2, 1)
    more = staff.refused("DELETE", f"{account}?leave_unanswered=1")
    assert more["code"] == "more_than_expected"
    assert staff.done("DELETE", f"{account}?leave_unanswered=2", None)["state"] == "removing"
    with shop.services.database.tenant(shop.tenant_id) as session:
        states = {row.key: row.state for row in session.scalars(select(Intent))}
    assert states == {"stuck-submitted": "needs_attention", "stuck-queued": "withdrawn"}
    number = shop.numbered(1)
    told = [(c["action"]["code"], c["subject"]["text"]) for c in staff.get("/changes")["items"]]
    assert told == [
        ("change.account_removed", "A1SELLER (eu)"),
        ("change.left_unsent", number),
        ("change.left_unanswered", number),
    ]
    assert removing.wipe(shop.services, shop.tenant_id, AccountId(account.rpartition("/")[2]))
    assert staff.get("/accounts")["items"] == []
    assert len(staff.get("/changes")["items"]) == 3, "the record outlives the account"
    notes = " ".join(staff.day.notes())
    assert "Amazon has not answered and does not let the app ask any more" in notes


@sqlite_only
def test_nothing_is_left_behind_while_amazon_honours_the_authorisation(shop: ShopWorld) -> None:
    staff, account = stuck(shop)
    problem = staff.refused("DELETE", f"{account}?leave_unanswered=2")
    assert (problem["status"], problem["code"]) == (409, "not_gone")
    with shop.services.database.tenant(shop.tenant_id) as session:
        session.scalars(select(Account)).one().state = AccountState.CONNECTED
    assert staff.get(f"{account}/removal")["may_leave"] == 0
    assert staff.refused("DELETE", f"{account}?leave_unanswered=2")["code"] == "not_gone"
    assert staff.get("/changes")["items"] == []


@sqlite_only
def test_nothing_is_left_behind_when_amazon_cannot_be_asked(shop: ShopWorld) -> None:
    staff, account = stuck(shop)
    shop.fault(FaultKind.SERVER_ERROR, operation="token")
    problem = staff.refused("DELETE", f"{account}?leave_unanswered=2")
    assert (problem["status"], problem["side"]) == (503, "amazon")
    assert staff.get("/accounts")["items"][0]["state"] == "authorisation_lost"
