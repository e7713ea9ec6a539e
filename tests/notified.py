"""The world with notifications on: Amazon's go through a queue of SQS to the app."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon.notifying import pump
from saleor_amazon_app.store.models import Notification, OrderLook
from saleor_amazon_app.sync import receiving
from saleor_amazon_app.sync.order_looks import OrderLooks
from saleor_amazon_app.sync.receiving import Received, Receiver
from saleor_amazon_app.sync.subscribing import NotificationState, Subscriptions
from tests.mirror.amazon_orders import DE
from tests.queues import TestQueue
from tests.shop_world import ShopWorld
from tests.world import SELLER


@dataclass
class Notified:
    """A shop, the queue, and handles to let notifications come."""

    shop: ShopWorld
    queue: TestQueue

    @property
    def subscriptions(self) -> Subscriptions:
        """Return the account's subscriptions, with full quotas for five calls each."""
        self.shop.services.redis.flushall()
        self.shop.amazon.limits.reset()
        return Subscriptions(self.shop.services, self.shop.tenant_id, self.shop.account_id)

    def on(self) -> NotificationState:
        return self.subscriptions.switch_on()

    def send(self) -> None:
        """Have Amazon send what has happened."""
        pump(self.shop.amazon)

    def receive(self) -> Received:
        return Receiver(self.shop.services).run()

    def look(self) -> int:
        shop = self.shop
        return OrderLooks(shop.services, shop.tenant_id, shop.account_id).run()

    def arrive(self) -> Received:
        """Let what has happened come through, and have it looked at and imported."""
        self.send()
        received = self.receive()
        self.look()
        self.shop.import_()
        return received

    def notifications(self) -> list[Notification]:
        with self.shop.services.database.system() as session:
            return list(session.scalars(select(Notification).order_by(Notification.received_at)))

    def looks(self) -> list[OrderLook]:
        with self.shop.services.database.system() as session:
            return list(session.scalars(select(OrderLook).order_by(OrderLook.asked_at)))

    def put_order_change(
        self,
        number: int = 1,
        *,
        seller_id: str = SELLER,
        marketplace_id: str = DE,
        name: str = "n",
    ) -> None:
        """Put a notification into the queue, as if Amazon had."""
        self.queue.put(order_change(self.shop.numbered(number), seller_id, marketplace_id, name))


def order_change(order_id: str, seller_id: str, marketplace_id: str, name: str) -> dict[str, Any]:
    return {
        "NotificationType": "ORDER_CHANGE",
        "Payload": {
            "OrderChangeNotification": {
                "SellerId": seller_id,
                "AmazonOrderId": order_id,
                "Summary": {"MarketplaceId": marketplace_id, "DestinationPostalCode": "10115"},
            }
        },
        "NotificationMetadata": {"NotificationId": name},
    }


def feed_finished(feed_id: str, seller_id: str = SELLER) -> str:
    told = {"sellerId": seller_id, "feedId": feed_id, "processingStatus": "DONE"}
    payload = {"feedProcessingFinishedNotification": told}
    return json.dumps({"notificationType": "FEED_PROCESSING_FINISHED", "payload": payload})


@pytest.fixture
def notified(shop: ShopWorld, queue: TestQueue, monkeypatch: pytest.MonkeyPatch) -> Notified:
    """Notifications can be switched on; nobody waits a second for a queue that is empty."""
    monkeypatch.setattr(receiving, "_WAIT", 0)
    url = {"amazon_notifications_queue_url": queue.url}
    shop.services.settings = shop.services.settings.model_copy(update=url)
    return Notified(shop, queue)
