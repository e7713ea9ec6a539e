"""Amazon's consent page: from a member of staff's wish to a connected account.

Source: SP-API documentation, "Website authorization workflow".

What Amazon comes back with must belong to the shop and the person who asked, and to the browser in
which they asked. So a wish is a *ticket*, good once; using it makes a *state*, good once and bound
to the browser by a cookie of its own. Both are random, live for minutes, and lie in Redis as hashes
with sealed contents: whoever loses Redis begins anew.
"""

import hashlib
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import AccountId, MarketplaceId, TenantId
from saleor_amazon_app.mirror.marketplaces import MARKETPLACES, Marketplace
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import say
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.sync.desk import Desk
from saleor_amazon_app.sync.services import Services

TICKET_LIFE: Final = timedelta(minutes=10)
STATE_LIFE: Final = timedelta(minutes=30)


class ConsentOver(Misconfigured):
    """What a browser brings is unknown, used up, too old, or another browser's."""

    def __init__(self) -> None:
        super().__init__(
            say("refused.consent_over"),
            cure=say("refused.begin_again"),
            code="consent_over",
        )


@dataclass(frozen=True)
class Wish:
    """Who wants to connect an account, to which shop, and from when on orders are imported."""

    tenant_id: str
    saleor_api_url: str
    user_id: str
    user_name: str
    marketplace_id: str
    import_from: str
    browser: str = ""
    """A digest of the cookie; empty as long as no browser has taken the ticket."""

    @property
    def marketplace(self) -> Marketplace:
        return MARKETPLACES[MarketplaceId(self.marketplace_id)]


@dataclass
class Consents:
    """Begins and ends connections through Amazon's consent page."""

    services: Services

    @property
    def callback(self) -> str:
        """The redirect URI; it has to be registered with the app at Amazon."""
        return f"{self.services.settings.base_url}/api/amazon/callback"

    def ask(
        self,
        tenant_id: TenantId,
        by: Person,
        marketplace_id: str,
        import_from: datetime | None,
    ) -> tuple[str, datetime]:
        """Return where to send the browser, and until when that works.

        Raises:
            Misconfigured: The app has no id at Amazon, or the marketplace is not known.
        """
        if not self.services.settings.amazon_application_id:
            raise Misconfigured(
                say("refused.no_application_id"),
                cure=say("refused.set_application_id"),
                code="no_application_id",
            )
        if MarketplaceId(marketplace_id) not in MARKETPLACES:
            text = say("refused.unknown_marketplace", marketplace=marketplace_id)
            raise Misconfigured(text, code="no_marketplace")
        with self.services.database.system() as session:
            url = session.get_one(Tenant, tenant_id).saleor_api_url
        since = import_from.isoformat() if import_from else ""
        wish = Wish(tenant_id, url, by.id, by.name, marketplace_id, since)
        ticket = self._keep("ticket", wish, TICKET_LIFE)
        start = f"{self.services.settings.base_url}/api/amazon/connect"
        return f"{start}?{urlencode({'ticket': ticket})}", self.services.now() + TICKET_LIFE

    def look_at(self, ticket: str) -> Wish:
        """Return what a ticket is for, without using it.

        Raises:
            ConsentOver: It is not known (any more).
        """
        return self._read(self.services.redis.get(_name("ticket", ticket)))

    def use(self, ticket: str) -> tuple[str, str]:
        """Use a ticket up; returns Amazon's consent page and the cookie that binds the browser.

        Raises:
            ConsentOver: It is not known (any more).
        """
        wish = self._read(self.services.redis.getdel(_name("ticket", ticket)))
        cookie = secrets.token_urlsafe(32)
        bound = Wish(**asdict(wish) | {"browser": _digest(cookie)})
        state = self._keep("state", bound, STATE_LIFE)
        return self._consent_page(bound.marketplace, state), f"{state}.{cookie}"

    def on_log_in(self, cookie: str, amazon_callback_uri: str, amazon_state: str) -> str:
        """Return where Amazon wants the browser back that it has sent to the app's log-in address.

        Raises:
            ConsentOver: The browser did not begin here.
            Misconfigured: The address is not one of Amazon's.
        """
        state, _, secret = cookie.partition(".")
        self._bound(self.services.redis.get(_name("state", state)), secret)
        if not self._is_amazons(amazon_callback_uri):
            raise Misconfigured(say("refused.callback"), code="callback_uri")
        told = {"redirect_uri": self.callback, "amazon_state": amazon_state, "state": state}
        return f"{amazon_callback_uri}?{urlencode(told | self._version())}"

    def finish(self, cookie: str, state: str, seller_id: str, code: str) -> tuple[Wish, AccountId]:
        """Connect the account that consented.

        Raises:
            ConsentOver: The state is not known (any more), or another browser's.
            AmazonFailure: Amazon does not honour the code.
        """
        told, _, secret = cookie.partition(".")
        if not secrets.compare_digest(told.encode(), state.encode()):
            raise ConsentOver
        wish = self._bound(self.services.redis.getdel(_name("state", state)), secret)
        token = self.services.amazon.tokens.exchange(code, self.callback)
        desk = Desk(self.services, TenantId(wish.tenant_id), Person(wish.user_id, wish.user_name))
        since = datetime.fromisoformat(wish.import_from) if wish.import_from else None
        return wish, desk.connect(seller_id, wish.marketplace.region, token, since)

    # --- keeping --------------------------------------------------------------------------------

    def _keep(self, kind: str, wish: Wish, life: timedelta) -> str:
        secret = secrets.token_urlsafe(32)
        sealed = self.services.vault.seal_json(asdict(wish))
        self.services.redis.set(_name(kind, secret), sealed, ex=life)
        return secret

    def _read(self, sealed: Any) -> Wish:  # noqa: ANN401 - what Redis returns
        if not sealed:
            raise ConsentOver
        return Wish(**self.services.vault.open_json(sealed))

    def _bound(self, sealed: Any, secret: str) -> Wish:  # noqa: ANN401 - what Redis returns
        wish = self._read(sealed)
        if not secrets.compare_digest(wish.browser, _digest(secret)):
            raise ConsentOver
        return wish

    # --- Amazon's addresses ---------------------------------------------------------------------

    def _consent_page(self, marketplace: Marketplace, state: str) -> str:
        settings = self.services.settings
        told = {
            "application_id": settings.amazon_application_id,
            "state": state,
            "redirect_uri": self.callback,
        }
        base = self._seller_central or f"https://{marketplace.seller_central}"
        return f"{base}/apps/authorize/consent?{urlencode(told | self._version())}"

    @property
    def _seller_central(self) -> str:
        return str(self.services.settings.amazon_seller_central or "").rstrip("/")

    def _version(self) -> dict[str, str]:
        return {"version": "beta"} if self.services.settings.amazon_application_is_draft else {}

    def _is_amazons(self, url: str) -> bool:
        told = urlsplit(url)
        if self._seller_central and url.startswith(f"{self._seller_central}/"):
            return True
        hosts = {known.seller_central for known in MARKETPLACES.values()}
        return told.scheme == "https" and told.netloc in hosts and not told.query


def _name(kind: str, secret: str) -> str:
    return f"amazon-consent:{kind}:{_digest(secret)}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
