"""The Dashboard as a person uses it: where to go, what to look at, what to switch."""

import json
import re
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, FrameLocator, Locator, Page

from tests.browser.world import BrowserWorld, Shop

_NOT_OURS = re.compile(
    # Chromium's remark about the Dashboard's own sandbox attribute.
    r"allow-scripts and allow-same-origin"
    # Two frames of one app hear each other's messages, one of them before it has loaded.
    r"|does not match the recipient window's origin"
    # A refused call is told by the network layer as well; the page shows it in words.
    r"|Failed to load resource: the server responded with a status of (401|403|404|409|422|502)"
)


@dataclass
class Dashboard:
    world: BrowserWorld
    page: Page
    shop: Shop
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not _NOT_OURS.search(message.text):
            self.complaints.append(message.text)

    # --- going ----------------------------------------------------------------------------------

    def open(self, path: str = "") -> FrameLocator:
        """Open a page of the app; returns its frame."""
        self.page.goto(self.shop.app_page(path))
        return self.app

    def open_home(self) -> FrameLocator:
        self.page.goto(f"{self.shop.url}/dashboard/")
        return self.app

    def open_order(self, amazon_number: str) -> FrameLocator:
        """Open Saleor's page of an order; returns the widget's frame."""
        self.page.goto(self.shop.order_page(amazon_number))
        return self.app

    @property
    def app(self) -> FrameLocator:
        """The app's only frame, or the first."""
        return self.page.frame_locator("iframe.app-frame >> nth=0")

    @property
    def popup(self) -> FrameLocator:
        return self.page.frame_locator("dialog.popup iframe")

    def pick_action(self, label: str) -> None:
        """Choose an entry of the page's menu."""
        self.page.get_by_label("More actions").click()
        self.page.get_by_role("button", name=label).click()

    # --- looking --------------------------------------------------------------------------------

    def heading(self, text: str) -> Locator:
        return self.app.get_by_role("heading", name=text, level=1)

    @property
    def toasts(self) -> Locator:
        return self.page.locator(".toast")

    # --- switching ------------------------------------------------------------------------------

    def choose(self, **choices: object) -> None:
        """Set theme, locale or permissions for every page that is opened from now on."""
        self.page.add_init_script(
            f"localStorage.setItem('simulated-dashboard', {json.dumps(json.dumps(choices))})"
        )

    def without(self, *permissions: str) -> None:
        """Take permissions from the member of staff."""
        everything = ("MANAGE_ORDERS", "MANAGE_ORDERS_IMPORT", "HANDLE_PAYMENTS", "MANAGE_APPS")
        self.choose(permissions=[name for name in everything if name not in permissions])
