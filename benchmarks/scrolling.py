"""Whether a list of a hundred orders scrolls smoothly in the browser.

Run: python benchmarks/scrolling.py [times slower]. Opens the list of orders in Chromium inside the
simulated Dashboard, with a processor made four times slower unless told otherwise, shows a hundred
rows, scrolls up and down by the wheel, and prints the tasks that held up the page for more than
50 ms (the Long Tasks API) and how long the frames took. Chromium and the built pages are needed
(``make frontend``).
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, Route, sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser.world import BrowserWorld, browser_world
from tests.servers import redis_running

ROWS: Final = 100
SLOWER: Final = 4.0
TURNS: Final = 60
"""Turns of the wheel, half of them down."""
_WATCH: Final = """() => {
    window.longTasks = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.longTasks.push(entry.duration);
    }).observe({type: "longtask"});
    window.frameTimes = [];
    let before = performance.now();
    const frame = now => {
        window.frameTimes.push(now - before);
        before = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
}"""


def many(route: Route) -> None:
    """Answer with a hundred rows, made of those that there are."""
    told: dict[str, Any] = route.fetch().json()
    rows = told["items"]
    told["items"] = [
        rows[n % len(rows)] | {"amazon_order_id": f"302-{n:07d}-{n:07d}"} for n in range(ROWS)
    ]
    told["next_cursor"] = None
    route.fulfill(body=json.dumps(told), content_type="application/json")


def measure(world: BrowserWorld, page: Page, slower: float) -> None:
    page.route("**/api/v1/orders?*", many)
    page.goto(world.shop.app_page("/orders"))
    app = page.frame_locator("iframe.app-frame >> nth=0")
    app.locator("table.list tbody tr").nth(ROWS - 1).wait_for()
    page.wait_for_timeout(1_000)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    frame = next(f for f in page.frames if f.url.startswith(world.app_url))
    frame.evaluate(_WATCH)
    page.mouse.move(800, 500)
    for turn in range(TURNS):
        page.mouse.wheel(0, 300 if turn < TURNS // 2 else -300)
        page.wait_for_timeout(50)
    long = frame.evaluate("() => window.longTasks")
    times = sorted(frame.evaluate("() => window.frameTimes"))
    print(f"{ROWS} rows, a processor {slower:g} times slower, {TURNS} turns of the wheel")
    print(f"tasks of more than 50 ms: {len(long)} {[round(each) for each in long]}")
    middle, last = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"frames: {len(times)}, median {middle:.1f} ms, 95 % within {last:.1f} ms")


def main() -> None:
    slower = float(sys.argv[1]) if len(sys.argv) > 1 else SLOWER
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Chromium is not installed.")
        return
    with (
        tempfile.TemporaryDirectory() as folder,
        redis_running() as redis_url,
        browser_world(Path(folder), redis_url) as world,
        sync_playwright() as playwright,
    ):
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        measure(world, page, slower)
        browser.close()


if __name__ == "__main__":
    main()
