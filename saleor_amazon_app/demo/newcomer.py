"""A second shop in which nothing is installed yet, so that the way from nothing can be gone.

Its seller is another one, with orders of their own: two shops on one seller would both act on the
same orders.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

from saleor_amazon_app.demo.hands import get, post
from saleor_amazon_app.demo.processes import Processes

NAME: Final = "newcomer"
"""Of the shop's process, its port and its state."""
_ORDERS: Final = 80
"""So many that each kind of order comes up once."""
_SPOILT: Final = "302-1011101-1011101"
_MARKETPLACES: Final = ("A1PA6795UKMFR9", "A1F83G8C2ARO7P")


def open_shop(processes: Processes, ports: dict[str, int], state_file: str, seed: int) -> None:
    """Start the shop, and give its seller a day of orders unless an earlier run did."""
    port = str(ports[NAME])
    processes.start_command(
        NAME,
        *("sandbox", "saleor", "--port", port, "--state-file", state_file),
        url=f"http://127.0.0.1:{port}/",
    )
    amazon = f"http://127.0.0.1:{ports['amazon']}"
    seller = f"ANEWCOMER{seed}"
    if any(known["seller_id"] == seller for known in get(amazon, "/control/sellers")):
        return
    account = {
        "seller_id": seller,
        "refresh_token": f"Atzr|{seller}",
        "marketplaces": list(_MARKETPLACES),
        "region": "eu",
    }
    post(amazon, "/control/sellers", account)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    wanted = {"seller_id": seller, "seed": seed + 1, "count": _ORDERS, "day": yesterday}
    post(amazon, "/control/generate", wanted)
    _spoil_an_address(amazon, seller)


def _spoil_an_address(amazon: str, seller: str) -> None:
    """Add an order with a country code that is none, for somebody to repair."""
    told = get(amazon, f"/control/orders?seller_id={seller}")
    pattern = next(o for o in told if o["case"] == "plain amazon-uk")
    order = get(amazon, f"/control/orders/{pattern['order_id']}")["order"]
    order["orderId"] = _SPOILT
    order["recipient"]["deliveryAddress"]["countryCode"] = "UK"
    envelope = {
        "order": order,
        "case": "country code that is none",
        "expected": "blocked",
        "why": "The code of the United Kingdom is GB.",
    }
    post(amazon, "/control/orders", {"seller_id": seller, "orders": [envelope]})


def path_to_install(ports: dict[str, int]) -> str:
    """Return the Dashboard's page for installing apps, with the app's manifest filled in."""
    manifest = f"http://127.0.0.1:{ports['web']}/api/manifest"
    return f"/dashboard/extensions/app/install?manifestUrl={quote(manifest, safe='')}"
