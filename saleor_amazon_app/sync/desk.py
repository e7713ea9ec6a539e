"""What staff set at the desk: accounts, marketplaces, words, settings; each change with who.

Where an account or a mapping is really made is in ``accounts``, ``choices`` and ``guarding``; here
it is asked for by a member of staff and recorded.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.failures import AppFailure, Misconfigured, NotKnown
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.marketplaces import Region
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import Sentence, Term, quote, say
from saleor_amazon_app.saleor.shop import read_shop, variants_by_id
from saleor_amazon_app.store.desk_models import SavedView
from saleor_amazon_app.store.models import (
    Account,
    AccountState,
    Marketplace,
    SkuMapping,
    Tenant,
    WordMapping,
)
from saleor_amazon_app.store.orders import count_by_state
from saleor_amazon_app.store.sweeps import add_sweeps
from saleor_amazon_app.sync import abandoning, accounts, choices, guarding, removing
from saleor_amazon_app.sync.change_details import (
    differences,
    marketplace_name,
    names_in,
    setting,
    variant_name,
)
from saleor_amazon_app.sync.changes import add_change, record_change
from saleor_amazon_app.sync.ledgering import REASON_WORDS
from saleor_amazon_app.sync.services import Services

TERMS: Final = (
    "default_carrier",
    "tracking_wait_hours",
    "ship_without_tracking",
    "cancel_reason",
    "refund_reason",
)
_MOST_VIEWS: Final = 50


@dataclass
class Desk:
    """The desk of one member of staff in one shop."""

    services: Services
    tenant_id: TenantId
    by: Person

    # --- accounts -------------------------------------------------------------------------------

    def connect(
        self, seller_id: str, region: Region, refresh_token: str, import_from: datetime | None
    ) -> AccountId:
        """Connect an account, or renew its authorisation.

        Raises:
            NotFitting: Amazon does not accept the token, or it is another region's or seller's.
            AmazonFailure: Amazon could not be asked.
        """
        account_id = accounts.connect_account(
            self.services,
            self.tenant_id,
            seller_id=seller_id,
            region=region,
            refresh_token=refresh_token,
            import_from=import_from,
        )
        self._record(f"{seller_id} ({region})", "Account connected")
        return account_id

    def pause(self, account_id: str) -> None:
        """Stop working on an account.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: Its authorisation is lost; there is nothing to pause.
        """
        self._switch(account_id, AccountState.CONNECTED, AccountState.PAUSED, "Account paused")

    def resume(self, account_id: str) -> None:
        """Work on a paused account again; its sweeps are due at once.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: It is not paused.
        """
        self._switch(account_id, AccountState.PAUSED, AccountState.CONNECTED, "Account resumed")

    def import_since(self, account_id: str, since: datetime) -> None:
        """Import orders bought since another moment, earlier or later.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: It is being removed.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            row = self._account(session, account_id)
            accounts.refuse_leaving(row)
            detail = setting("import_from", row.import_from, since, {})
            accounts.import_since(self.services, session, row, since)
            name = f"{row.seller_id} ({row.region})"
            add_change(self.services, session, self.by, name, "Import start changed", detail)

    def remove(self, account_id: str, unanswered: int | None = None) -> None:
        """Remove an account with all that is kept of it; Saleor's orders stay.

        Args:
            account_id: The account.
            unanswered: How many messages without Amazon's answer the person knowingly leaves
                behind, since the authorisation is gone for good.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: Something of it is under way, or may not be left behind.
            AmazonFailure: Amazon could not be asked whether the authorisation is gone.
        """
        if unanswered is not None:
            abandoning.refuse_unless_gone(self.services, self.tenant_id, account_id)
        with self.services.database.tenant(self.tenant_id) as session:
            row = self._account(session, account_id)
            if row.state == AccountState.REMOVING:
                return
            detail = say("detail.orders", count=sum(count_by_state(session, row.id).values()))
            if unanswered is not None:
                _refuse_more(removing.in_the_way(session, row.id).unanswered, unanswered)
                left = abandoning.leave_behind(self.services, session, row.id, self.by)
                row.left_unanswered = left
                detail = say("detail.value", value=[detail, say("detail.unanswered", count=left)])
            removing.refuse_in_the_way(session, row.id)
            row.state = AccountState.REMOVING
            name = f"{row.seller_id} ({row.region})"
            add_change(self.services, session, self.by, name, "Account removed", detail)

    def _switch(
        self, account_id: str, before: AccountState, after: AccountState, action: str
    ) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = self._account(session, account_id)
            if row.state == after:
                return
            if row.state != before:
                raise Misconfigured(_WHY_IN_STATE[AccountState(row.state)], code="account_state")
            row.state = after
            if after is AccountState.CONNECTED:
                add_sweeps(session, row.id)
            add_change(self.services, session, self.by, f"{row.seller_id} ({row.region})", action)

    def _account(self, session: Session, account_id: str) -> Account:
        row = session.scalar(select(Account).where(Account.id == account_id).with_for_update())
        if row is None:
            raise NotKnown(say("refused.no_account"), code="no_account")
        return row

    # --- marketplaces ---------------------------------------------------------------------------

    def set_marketplace(
        self,
        account_id: str,
        marketplace_id: str,
        mapping: accounts.MappingChoice,
        terms: dict[str, Any],
    ) -> Marketplace:
        """Map a marketplace and set its terms.

        Raises:
            NotKnown: There is no such account.
            Misconfigured: The account does not sell there, or the choice fits nothing in the shop.
            SaleorFailure: Saleor could not be asked.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            self._account(session, account_id)
            before = self._marketplace(session, account_id, marketplace_id)
        with self.services.saleor(self.tenant_id) as api:
            shop = read_shop(api)
        accounts.map_marketplace(
            self.services, self.tenant_id, AccountId(account_id), marketplace_id, mapping, shop
        )
        with self.services.database.tenant(self.tenant_id) as session:
            row = self._row(session, account_id, marketplace_id)
            for name in TERMS:
                setattr(row, name, terms[name])
            after = _settings_of(row)
            detail = differences(before, after, names_in(shop))
            name = marketplace_name(marketplace_id)
            add_change(self.services, session, self.by, name, "Marketplace changed", detail)
            return row

    def _marketplace(
        self, session: Session, account_id: str, marketplace_id: str
    ) -> dict[str, object]:
        return _settings_of(self._row(session, account_id, marketplace_id))

    def _row(self, session: Session, account_id: str, marketplace_id: str) -> Marketplace:
        query = select(Marketplace).where(
            Marketplace.account_id == account_id, Marketplace.marketplace_id == marketplace_id
        )
        row = session.scalar(query)
        if row is None:
            raise NotKnown(say("refused.no_marketplace"), code="no_marketplace")
        return row

    # --- the shop -------------------------------------------------------------------------------

    def set_read_only(self, *, on: bool, reason: str) -> None:
        """Switch read-only mode.

        Raises:
            Misconfigured: The shop's address cannot be vouched for.
        """
        guarding.set_read_only(self.services, self.tenant_id, on=on)
        if on and reason:
            with self.services.database.system() as session:
                session.get_one(Tenant, self.tenant_id).read_only_reason = reason
        action = "Switched on" if on else "Switched off"
        self._record(say("subject.read_only"), action, reason)

    def keep_activity(self, days: int) -> None:
        """Set how long the log of failures is kept."""
        with self.services.database.tenant(self.tenant_id) as session:
            tenant = session.get_one(Tenant, self.tenant_id)
            detail = setting("activity_days", tenant.activity_days, days, {})
            tenant.activity_days = days
            subject = say("subject.settings")
            add_change(self.services, session, self.by, subject, "Settings changed", detail)

    def remember_dashboard(self, origin: str) -> str:
        """Remember where the Dashboard is, if it is not known yet; returns what is remembered."""
        with self.services.database.tenant(self.tenant_id) as session:
            tenant = session.get_one(Tenant, self.tenant_id)
            if tenant.dashboard_origin is None:
                tenant.dashboard_origin = origin
                subject = say("subject.dashboard")
                add_change(self.services, session, self.by, subject, "Remembered", origin)
            return tenant.dashboard_origin

    # --- words, SKUs, views ---------------------------------------------------------------------

    def set_word(self, kind: str, word: str, code: str) -> WordMapping:
        """Let a word stand for one of Amazon's.

        Raises:
            Misconfigured: Amazon has no such reason.
        """
        choices.set_word(self.services, self.tenant_id, kind, word, code)
        self._record(say(f"subject.{kind}", word=word), "Word set", _word_meaning(kind, code))
        with self.services.database.tenant(self.tenant_id) as session:
            query = select(WordMapping).where(
                WordMapping.kind == kind, WordMapping.word == word.casefold()
            )
            return session.scalars(query).one()

    def delete_word(self, word_id: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.scalar(select(WordMapping).where(WordMapping.id == word_id))
            if row is None:
                raise NotKnown(say("refused.no_word"), code="no_word")
            session.delete(row)
            subject = say(f"subject.{row.kind}", word=row.word)
            detail = _word_meaning(row.kind, row.code)
            add_change(self.services, session, self.by, subject, "Word deleted", detail)

    def map_sku(self, sku: str, variant: Variant) -> SkuMapping:
        """Let an SKU stand for a variant; it is looked for again with the next import."""
        accounts.map_sku(self.services, self.tenant_id, sku, variant.id)
        self._record(sku, "SKU mapped", variant_name(variant))
        with self.services.database.tenant(self.tenant_id) as session:
            return session.scalars(select(SkuMapping).where(SkuMapping.seller_sku == sku)).one()

    def delete_sku(self, mapping_id: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            row = session.scalar(select(SkuMapping).where(SkuMapping.id == mapping_id))
            if row is None:
                raise NotKnown(say("refused.no_mapping"), code="no_mapping")
            session.delete(row)
            sku, variant_id = row.seller_sku, row.variant_id
        self._record(sku, "SKU mapping deleted", self._variant(variant_id))

    def _variant(self, variant_id: str) -> str:
        """Return a variant's name; its id where Saleor does not know it, or does not answer."""
        with suppress(AppFailure), self.services.saleor(self.tenant_id) as api:
            if variant := variants_by_id(api, [variant_id]).get(variant_id):
                return variant_name(variant)
        return variant_id

    def save_view(self, name: str, query: str) -> SavedView:
        """Save a view of this member of staff, or replace the one of that name.

        Raises:
            Misconfigured: There are too many.
        """
        with self.services.database.tenant(self.tenant_id) as session:
            own = select(SavedView).where(SavedView.user_id == self.by.id)
            rows = {row.name: row for row in session.scalars(own)}
            row = rows.get(name)
            if row is None:
                if len(rows) >= _MOST_VIEWS:
                    raise Misconfigured(say("refused.too_many_views"), code="too_many")
                row = SavedView(user_id=self.by.id, name=name)
                session.add(row)
            row.query = query
            session.flush()
            return row

    def delete_view(self, view_id: str) -> None:
        with self.services.database.tenant(self.tenant_id) as session:
            own = select(SavedView).where(SavedView.user_id == self.by.id)
            row = session.scalar(own.where(SavedView.id == view_id))
            if row is None:
                raise NotKnown(say("refused.no_view"), code="no_view")
            session.delete(row)

    def _record(self, subject: str, action: str, detail: str = "") -> None:
        record_change(self.services, self.tenant_id, self.by, subject, action, detail)


_MAPPING: Final = (
    "channel",
    "warehouse_id",
    "shipping_method_id",
    "tax_class_id",
    "import_orders",
    "hold_stock",
    "buyer_email",
    "without_address",
)


def _settings_of(row: Marketplace) -> dict[str, object]:
    return {name: getattr(row, name) for name in (*_MAPPING, *TERMS)}


def _refuse_more(found: int, expected: int) -> None:
    if found > expected:
        raise Misconfigured(
            say("refused.more_unanswered", found=found, expected=expected),
            cure=say("refused.look_again"),
            code="more_than_expected",
        )


def _word_meaning(kind: str, code: str) -> Sentence:
    """Tell what a word stands for: a reason has words in each language, a carrier its name."""
    if kind == REASON_WORDS:
        return say("detail.value", value=Term("refund_reasons", code))
    return quote(code)


_WHY_IN_STATE: Final = {
    AccountState.AUTHORISATION_LOST: say("why_not.authorisation_lost"),
    AccountState.REMOVING: say("why_not.being_removed"),
}
"""Why an account can be neither paused nor resumed."""
