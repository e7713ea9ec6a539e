"""Notifications are switched on and off for an account, and the doctor says how they are."""

from collections.abc import Iterator
from typing import Any

import pytest

from saleor_amazon_app.amazon.notifications import NotificationType
from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured
from saleor_amazon_app.sandbox.amazon.faults import FaultKind
from saleor_amazon_app.sync import checks, guarding
from saleor_amazon_app.sync.findings import Finding
from saleor_amazon_app.sync.subscribing import Subscriptions
from tests.notified import Notified
from tests.queues import OPEN, new_queue, policy
from tests.sync.test_receiving import another_tenant
from tests.world import SELLER


def patience(turns: int) -> Iterator[bool]:
    yield from [True] * turns
    yield False


def findings(notified: Notified) -> dict[str, Finding]:
    """Run the doctor, with full quotas."""
    redis: Any = notified.shop.services.redis
    for key in redis.keys("*"):
        if not key.startswith(b"notifications:"):
            redis.delete(key)
    notified.shop.amazon.limits.reset()
    found = checks.examine(notified.shop.services)
    return {f.name: f for f in found if "notifications" in f.name}


ACCOUNT = f"amazon {SELLER} (eu) notifications"


def test_on_makes_what_is_missing_and_says_so(notified: Notified) -> None:
    first = notified.on()
    assert [(t.on, t.note) for t in first.types] == [(True, "newly subscribed")] * 3
    assert first.since is not None
    again = notified.on()
    assert [(t.on, t.note) for t in again.types] == [(True, "")] * 3
    assert again.since == first.since
    assert len(notified.shop.amazon.subscriptions) == 3


def test_a_type_that_amazon_refuses_does_not_stop_the_others(notified: Notified) -> None:
    notified.shop.fault(FaultKind.FORBIDDEN_DATA_SET, operation="createSubscription", count=1)
    state = notified.on()
    assert [t.on for t in state.types] == [None, True, True]
    assert "403" in state.types[0].note


def test_a_subscription_for_another_queue_is_moved(notified: Notified, sqs_url: str) -> None:
    notified.on()
    other = new_queue(sqs_url, Policy=OPEN)
    settings = notified.shop.services.settings
    url = {"amazon_notifications_queue_url": other.url}
    notified.shop.services.settings = settings.model_copy(update=url)
    assert {t.note for t in notified.subscriptions.look().types} == {
        "goes to another queue than this app's"
    }
    assert {t.note for t in notified.on().types} == {"moved here from another queue"}
    notified.shop.sell()
    notified.send()
    assert (notified.queue.count(), other.count()) == (0, 1)


def test_off_ends_them_and_sweeps_go_on(notified: Notified) -> None:
    notified.on()
    assert [(t.on, t.note) for t in notified.subscriptions.switch_off()] == [(False, "ended")] * 3
    assert [t.note for t in notified.subscriptions.switch_off()] == ["was not on"] * 3
    notified.shop.sell()
    notified.send()
    assert notified.receive().messages == 0
    notified.shop.run()
    assert len(notified.shop.saleor_orders()) == 1


def test_off_leaves_a_subscription_that_another_shop_relies_on(
    notified: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guarding, "_what_changed", lambda *_: "")
    other = Subscriptions(notified.shop.services, *another_tenant(notified))
    notified.on()
    other.switch_on()
    assert {t.on for t in other.switch_off()} == {True}
    notified.shop.sell()
    assert notified.arrive().messages == 1
    assert {t.on for t in notified.subscriptions.switch_off()} == {False}
    assert notified.shop.amazon.subscriptions == {}


def test_a_queue_that_is_closed_to_amazon_is_refused_at_once(notified: Notified) -> None:
    notified.queue.set(Policy=policy({"AWS": "123456789012"}, "sqs:SendMessage"))
    with pytest.raises(Misconfigured, match="does not let Amazon send"):
        notified.on()
    assert notified.shop.amazon.subscriptions == {}


@pytest.mark.parametrize("act", ["switch_on", "switch_off"])
def test_read_only_mode_changes_nothing_at_amazon(notified: Notified, act: str) -> None:
    notified.on()
    guarding.set_read_only(notified.shop.services, notified.shop.tenant_id, on=True)
    with pytest.raises(Misconfigured, match="read-only"):
        getattr(notified.subscriptions, act)()
    assert len(notified.shop.amazon.subscriptions) == 3


@pytest.mark.parametrize("kind", list(NotificationType))
def test_a_test_comes_through_amazon_and_the_queue(
    notified: Notified, kind: NotificationType
) -> None:
    turns = patience(3)

    def wait() -> bool:
        notified.send()
        return next(turns)

    assert notified.subscriptions.test(kind, "any", wait)
    assert notified.looks() == []


def test_a_test_that_does_not_come_is_given_up(notified: Notified) -> None:
    notified.shop.fault(FaultKind.NOTIFICATION_LOST)
    turns = patience(2)
    assert not notified.subscriptions.test(
        NotificationType.ORDER_CHANGE, "any", lambda: next(turns)
    )


def test_a_test_through_a_dead_queue_says_what_is_wrong(notified: Notified) -> None:
    notified.shop.fault(FaultKind.NOTIFICATION_LOST)

    def wait() -> bool:
        notified.queue.delete()
        return True

    with pytest.raises(AppFailure, match="queue of notifications"):
        notified.subscriptions.test(NotificationType.ORDER_CHANGE, "any", wait)


# --- the doctor ---------------------------------------------------------------------------------


def test_the_doctor_says_that_they_are_off(notified: Notified) -> None:
    found = findings(notified)
    assert found["notifications queue"].ok
    assert found[ACCOUNT].ok
    assert "off" in found[ACCOUNT].detail


def test_the_doctor_says_when_the_last_one_came(notified: Notified) -> None:
    notified.on()
    assert "never" in findings(notified)[ACCOUNT].detail
    notified.shop.sell()
    notified.arrive()
    found = findings(notified)[ACCOUNT]
    assert found.ok
    assert f"{notified.shop.services.now():%Y-%m-%d %H}" in found.detail


def test_the_doctor_warns_of_a_queue_that_cannot_be_read(notified: Notified) -> None:
    notified.on()
    notified.queue.delete()
    found = findings(notified)
    assert not found["notifications queue"].ok
    assert not found[ACCOUNT].ok
    assert found["notifications queue"].cure


def test_the_doctor_knows_that_the_workers_could_not_read_it(notified: Notified) -> None:
    """To look at a queue and to read it are two permissions."""
    notified.on()
    notified.shop.services.redis.set("notifications:failure", "AWS answered AccessDenied.")
    assert "AccessDenied" in findings(notified)["notifications queue"].detail
    notified.receive()
    assert findings(notified)["notifications queue"].ok


def test_the_doctor_notices_subscriptions_that_are_gone(notified: Notified) -> None:
    notified.on()
    notified.shop.amazon.subscriptions.clear()
    found = findings(notified)[ACCOUNT]
    assert not found.ok
    assert "ORDER_CHANGE" in found.detail
    assert "notifications on" in found.cure


def test_the_doctor_tells_a_failing_amazon_from_a_missing_subscription(
    notified: Notified,
) -> None:
    notified.on()
    notified.shop.fault(FaultKind.SERVER_ERROR, operation="getSubscription")
    assert "could not be asked" in findings(notified)[ACCOUNT].detail


def test_the_doctor_misses_a_queue_that_is_no_longer_set(notified: Notified) -> None:
    notified.on()
    settings = notified.shop.services.settings
    url = {"amazon_notifications_queue_url": ""}
    notified.shop.services.settings = settings.model_copy(update=url)
    found = findings(notified)["notifications queue"]
    assert not found.ok
    assert "AMAZON_NOTIFICATIONS_QUEUE_URL" in found.cure
