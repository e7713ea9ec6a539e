"""Chromium, the running app, and a page in the Dashboard for each test.

The tests of this folder share one running app and build on one another; one worker runs them all,
in order (``tests/conftest.py``).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

import saleor_amazon_app
from tests.browser.dashboard import Dashboard
from tests.browser.world import BrowserWorld, browser_world
from tests.servers import redis_running

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_PAGES = Path(saleor_amazon_app.__file__).parent / "web" / "static" / "app" / "manifest.json"
_FORGET = """if (!sessionStorage.getItem("begun")) {
    sessionStorage.setItem("begun", "yes");
    localStorage.clear();
}"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip("no Chromium is installed (Debian: apt-get install chromium)")
    if not _PAGES.exists():
        pytest.skip("the pages are not built (make frontend)")
    with sync_playwright() as playwright:
        # Containers have no user namespaces for Chromium's own sandbox, and a small /dev/shm.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        started = playwright.chromium.launch(executable_path=found, args=arguments)
        yield started
        started.close()


@pytest.fixture(scope="session")
def world(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserWorld]:
    folder = tmp_path_factory.mktemp("browser")
    with redis_running() as redis_url, browser_world(folder, redis_url) as made:
        yield made


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that the scripts are fetched and compiled once."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab that remembers nothing of the others."""
    made = context.new_page()
    made.set_default_timeout(10_000)
    made.add_init_script(_FORGET)
    yield made
    made.close()


@pytest.fixture
def dashboard(world: BrowserWorld, page: Page) -> Iterator[Dashboard]:
    """The shop's Dashboard. A test fails if the pages wrote an error to the console meanwhile."""
    opened = Dashboard(world, page, world.shop)
    yield opened
    assert opened.complaints == []
