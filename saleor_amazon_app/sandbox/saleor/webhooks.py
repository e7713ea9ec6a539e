"""Delivers webhooks as Saleor's worker does: signed, in the background, retried.

Saleor 3.23: saleor/webhook/transport. 5xx, time-outs and failed connections are tried again after
10, 20, 40, 80 and 160 seconds with the same body and the same signature; 3xx and 4xx never are.

An action asked of a payment app goes the same way, but its answer counts
(handle_transaction_request_task in saleor/webhook/transport/synchronous/transport.py): only 5xx is
tried again, while a time-out or a failed connection is a failure at once. The tries after the
first come with an empty body, signed so (seen on 3.23.28): save_unsuccessful_delivery_attempt saves
the body anew from a column that was emptied when the first try was prepared.
"""

import heapq
import itertools
import json
import threading
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Final

import requests

from saleor_amazon_app.sandbox.saleor import requesting
from saleor_amazon_app.sandbox.saleor.api import payload
from saleor_amazon_app.sandbox.saleor.faults import DeliveryFaultKind
from saleor_amazon_app.sandbox.saleor.installing import TIMEOUT, agent, api_headers
from saleor_amazon_app.sandbox.saleor.model import App, Webhook
from saleor_amazon_app.sandbox.saleor.state import Happening, State

_RETRIES: Final = 5
_FIRST_WAIT: Final = 10
_KEPT: Final = 2000
_NEEDED: Final = {
    "ORDER_": "MANAGE_ORDERS",
    "FULFILLMENT_": "MANAGE_ORDERS",
    "TRANSACTION_": "HANDLE_PAYMENTS",
}
"""What an app must be allowed to be told (WebhookEventAsyncType.EVENT_MAP)."""


@dataclass
class Delivery:
    """One event on its way to one webhook."""

    id: int
    event: str
    app_id: int
    webhook_id: int
    url: str
    body: bytes
    headers: dict[str, str]
    status: str = "PENDING"
    attempts: list[dict[str, Any]] = field(default_factory=list)
    asked: Happening | None = None
    """The request whose answer counts, for a synchronous webhook."""

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "event": self.event,
            "appId": self.app_id,
            "webhookId": self.webhook_id,
            "targetUrl": self.url,
            "status": self.status,
            "payload": json.loads(self.body) if self.body else None,
            "attempts": self.attempts,
        }


class Dispatcher:
    """Sends what happens to the apps that listen, in its own threads.

    Args:
        state: The shop; its ``tell`` is connected by :meth:`start`.
        workers: How many deliveries run at the same time.
    """

    def __init__(self, state: State, workers: int = 2) -> None:
        self._state = state
        self._ready = threading.Condition()
        self._queue: list[tuple[float, int, Delivery]] = []
        self._numbers = itertools.count(1)
        self._running = 0
        self._closed = False
        self.deliveries: list[Delivery] = []
        self._threads = [
            threading.Thread(target=self._run, name=f"saleor-webhooks-{n}", daemon=True)
            for n in range(workers)
        ]

    def start(self) -> None:
        self._state.tell = self.tell
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        with self._ready:
            self._closed = True
            self._ready.notify_all()
        for thread in self._threads:
            thread.join(sum(TIMEOUT))

    def tell(self, happening: Happening, leaving: App | None = None) -> None:
        """Build the payloads for all who listen and queue them.

        Args:
            happening: What happened.
            leaving: An app that is no longer installed but is told all the same.
        """
        for app in [leaving] if leaving else list(self._state.shop.apps.values()):
            own_only = happening.event.startswith("APP_") or happening.action is not None
            if (own_only and app.id != happening.app_id) or not _may_hear(app, happening.event):
                continue
            for webhook in list(app.webhooks):
                if webhook.is_active and happening.event in webhook.events:
                    self._queue_one(happening, app, webhook)
                    if happening.action:
                        # Only the first webhook is asked.
                        break

    def _queue_one(self, happening: Happening, app: App, webhook: Webhook) -> None:
        told = payload(self._state, happening, webhook.query, app)
        if told is None:
            if happening.action:
                requesting.failed(self._state, happening, requesting.NO_PAYLOAD)
            return
        body = json.dumps(told).encode()
        number = next(self._numbers)
        delivery = Delivery(
            id=number,
            event=happening.event,
            app_id=app.id,
            webhook_id=webhook.id,
            url=webhook.target_url,
            body=body,
            headers=self._headers(happening.event, body) | webhook.custom_headers,
            asked=happening if happening.action else None,
        )
        self._keep(delivery)
        if not app.is_active and not happening.event.startswith("APP_"):
            delivery.status = "FAILED"
            return
        self._begin(delivery)

    def _keep(self, delivery: Delivery) -> None:
        with self._ready:
            self.deliveries.append(delivery)
            del self.deliveries[:-_KEPT]

    def _begin(self, delivery: Delivery) -> None:
        """Send it, unless somebody has asked for trouble; synchronous ones are spared."""
        book = self._state.delivery_faults
        fault = None if delivery.asked else book.strike(delivery.event)
        kind = fault.kind if fault else None
        if kind is DeliveryFaultKind.LOSE:
            delivery.status = "LOST"
            return
        if kind is DeliveryFaultKind.REPEAT:
            again = replace(delivery, id=next(self._numbers), attempts=[])
            self._keep(again)
            self._put(again, 0)
        self._put(delivery, fault.seconds if fault and kind is DeliveryFaultKind.DELAY else 0)

    def _headers(self, event: str, body: bytes) -> dict[str, str]:
        signature, name = self._state.keys.signature_of(body), event.lower()
        told = {"Content-Type": "application/json", "Saleor-Event": name, "X-Saleor-Event": name}
        signed = {"Saleor-Signature": signature, "X-Saleor-Signature": signature}
        return told | signed | api_headers(self._state) | agent(self._state)

    def _put(self, delivery: Delivery, seconds: float) -> None:
        due = time.monotonic() + seconds / max(self._state.clock_speed, 0.001)
        with self._ready:
            heapq.heappush(self._queue, (due, delivery.id, delivery))
            self._ready.notify()

    def _run(self) -> None:
        with requests.Session() as session:
            while (delivery := self._next()) is not None:
                self._send(session, delivery)
                with self._ready:
                    self._running -= 1
                    self._ready.notify_all()

    def _next(self) -> Delivery | None:
        with self._ready:
            while not self._closed:
                wait = self._queue[0][0] - time.monotonic() if self._queue else None
                if wait is not None and wait <= 0:
                    self._running += 1
                    return heapq.heappop(self._queue)[2]
                self._ready.wait(wait)
        return None

    def _send(self, session: requests.Session, delivery: Delivery) -> None:
        status: int | None = None
        text = ""
        try:
            response = session.post(
                delivery.url,
                data=delivery.body,
                headers=delivery.headers,
                timeout=TIMEOUT,
                allow_redirects=False,
            )
            status, text = response.status_code, response.text
        except requests.RequestException as error:
            text = str(error)
        delivery.attempts.append({"status": status, "response": text[:1000]})
        if delivery.asked:
            self._take_answer(delivery, delivery.asked, status, text)
        else:
            self._judge(delivery, status)

    def _take_answer(
        self, delivery: Delivery, asked: Happening, status: int | None, text: str
    ) -> None:
        usable = status is not None and status < 500  # noqa: PLR2004 - HTTP
        if status and not usable and len(delivery.attempts) <= _RETRIES:
            delivery.body = b""
            delivery.headers |= self._headers(delivery.event, b"")
            self._judge(delivery, status)
            return
        # The status is told last: who sees it sees the answer's effects too.
        told = _parsed(text) if usable else None
        app = self._state.shop.apps.get(delivery.app_id)
        if told is None or app is None:
            requesting.failed(self._state, asked, requesting.NOT_DELIVERED)
        else:
            requesting.answered(self._state, asked, app, told)
        done = status and status < 300 and told is not None  # noqa: PLR2004 - HTTP
        delivery.status = "SUCCESS" if done else "FAILED"

    def _judge(self, delivery: Delivery, status: int | None) -> None:
        if status and 200 <= status < 300:  # noqa: PLR2004 - HTTP
            delivery.status = "SUCCESS"
            return
        tried = len(delivery.attempts)
        if (status and 300 <= status < 500) or tried > _RETRIES:  # noqa: PLR2004 - HTTP
            delivery.status = "FAILED"
            return
        self._put(delivery, _FIRST_WAIT * 2 ** (tried - 1))


def _may_hear(app: App, event: str) -> bool:
    needed = next((may for prefix, may in _NEEDED.items() if event.startswith(prefix)), None)
    return needed is None or needed in app.permissions


def _parsed(text: str) -> object:
    try:
        told: object = json.loads(text, parse_float=Decimal)
    except ValueError:
        return None
    return told
