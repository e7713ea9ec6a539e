"""How much the mirror's work on an order costs, against parsing the order's JSON once.

Run: python benchmarks/drafting.py. Prints the ratio; a change that makes drafting slower shows here
whatever the machine. Memory is the peak of drafting ten thousand orders, against their JSON text.
"""

import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from saleor_amazon_app.mirror.amazon_order import read_order
from saleor_amazon_app.mirror.drafting import draft
from saleor_amazon_app.mirror.ids import MarketplaceId, SellerId, SellerSku, VariantId
from saleor_amazon_app.mirror.mapping import Mapping
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.sandbox.amazon.generator import generate
from saleor_amazon_app.sandbox.catalogue import PRODUCTS, SALES_CHANNELS

ORDERS = 1000
VARIANTS = {SellerSku(p.sku): Variant(VariantId(p.sku), p.sku, p.title) for p in PRODUCTS}
MAPPINGS = {
    c.marketplace_id: Mapping(MarketplaceId(c.marketplace_id), c.slug, c.currency, "w", "m", "t")
    for c in SALES_CHANNELS
}


def draft_one(text: str) -> dict[str, Any]:
    order = read_order(json.loads(text))
    mapping = MAPPINGS[order.marketplace_id or ""]
    return draft(order, mapping, VARIANTS, seller_id=SellerId("A1"), app_id="app").input


def best_of(runs: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


def main() -> None:
    made = generate(7, ORDERS, day=datetime(2026, 11, 22, tzinfo=UTC))
    texts = [json.dumps(each.order) for each in made if each.expected == "imported"]
    parsing = best_of(5, lambda: [json.loads(text) for text in texts])
    drafting = best_of(5, lambda: [draft_one(text) for text in texts])
    print(f"orders                      {len(texts)}")
    print(f"parsing the JSON            {1e6 * parsing / len(texts):8.0f} µs an order")
    print(f"parsing, reading, drafting  {1e6 * drafting / len(texts):8.0f} µs an order")
    print(f"ratio                       {drafting / parsing:8.1f}")
    tracemalloc.start()
    for text in texts * (10_000 // len(texts)):
        draft_one(text)
    _, peak = tracemalloc.get_traced_memory()
    print(f"peak memory of 10,000       {peak / 1024:8.0f} KiB ({peak / len(texts[0]):.0f} orders)")


if __name__ == "__main__":
    main()
