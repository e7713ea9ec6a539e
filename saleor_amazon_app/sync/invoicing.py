"""Invoices for Amazon: a look at exactly what would go, and then exactly that.

The file is the merchant's own or lies where Saleor says; either way it is kept sealed until Amazon
has answered. It is sent by ``feeding``, and judged by ``answering``, like every other intent.
"""

import secrets
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from saleor_amazon_app.mirror.amazon_order import AmazonOrder
from saleor_amazon_app.mirror.failures import Misconfigured, NotFitting
from saleor_amazon_app.mirror.ids import AccountId, TenantId
from saleor_amazon_app.mirror.intents import MAY_COUNT, IntentKind, Known, Wish
from saleor_amazon_app.mirror.invoicing import (
    MOST_BYTES,
    Amounts,
    amounts_of,
    invoice_message,
    options_of,
    summary,
    warnings_about,
    why_no_pdf,
    why_not_invoiceable,
    why_not_number,
    why_other_total,
)
from saleor_amazon_app.mirror.messages import InvoiceUpload
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import NOTHING, Sentence, say
from saleor_amazon_app.saleor.invoices import Invoices, SaleorInvoice, fetch_file, read_invoices
from saleor_amazon_app.store import invoices as files
from saleor_amazon_app.store import orders as order_store
from saleor_amazon_app.store.accounts import get_account
from saleor_amazon_app.store.models import Order, OrderState, Tenant
from saleor_amazon_app.sync import ledgering
from saleor_amazon_app.sync.filing import open_order
from saleor_amazon_app.sync.opening import lock_order, why_nothing_goes
from saleor_amazon_app.sync.previews import digest_of, refuse_another
from saleor_amazon_app.sync.services import Services


@dataclass(frozen=True)
class Asked:
    """An invoice as a person asks for it: with a file, or with one of Saleor's invoices.

    Of one of Saleor's the number is Saleor's, unless another is given.
    """

    number: str = ""
    content: bytes | None = None
    saleor_id: str = ""


@dataclass(frozen=True)
class Choices:
    """What there is to send of an order: Saleor's invoices, and what any has to come to."""

    listed: tuple[SaleorInvoice, ...]
    amounts: Amounts


@dataclass(frozen=True)
class Preview:
    """An invoice as it would be sent; ``options`` are what Amazon is told beside the file."""

    request_id: str
    digest: str
    message: InvoiceUpload
    options: dict[str, str]
    warnings: list[Sentence]


def why_not(
    order: AmazonOrder | None, state: str, account_state: str, *, read_only: bool
) -> Sentence:
    """Say why no invoice of an order can go to Amazon now; nothing if one can."""
    if state != OrderState.IMPORTED:
        return say("why_not.not_imported")
    if why := why_nothing_goes(account_state, read_only=read_only):
        return why
    return why_not_invoiceable(order) if order else say("money.illegible")


def choices(services: Services, tenant_id: TenantId, amazon_order_id: str) -> Choices:
    """Read what invoices an order has in Saleor.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: Amazon takes no invoice of it now.
        SaleorFailure: Saleor could not be asked.
    """
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, amazon_order_id)
    found = _in_saleor(services, tenant_id, amazon_order_id)
    return Choices(found.listed if found else (), amounts_of(opened.order))


def preview(services: Services, tenant_id: TenantId, amazon_order_id: str, asked: Asked) -> Preview:
    """Look at an invoice before it is sent; nothing is written down, and Amazon is not asked.

    Raises:
        NotKnown: There is no such order.
        NotFitting: The number or the file does not do.
        Misconfigured: Amazon takes no invoice of it now, or has this one.
        SaleorFailure: Saleor could not be asked, or its file cannot be had.
    """
    content, number = _chosen(services, tenant_id, amazon_order_id, asked)
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, amazon_order_id)
        request_id = secrets.token_hex(12)
        message = invoice_message(opened.order, number, content, request_id)
        _is_asked_for(opened.known, message)
    warnings = warnings_about(opened.order, number)
    return Preview(request_id, digest_of(message), message, options_of(message), warnings)


def ask(
    services: Services,
    tenant_id: TenantId,
    amazon_order_id: str,
    asked: Asked,
    *,
    request_id: str,
    digest: str,
    by: Person,
) -> None:
    """Write an invoice down to be sent; the same ``request_id`` twice is one invoice.

    Raises:
        NotKnown: There is no such order.
        NotFitting: The number or the file does not do.
        Misconfigured: Amazon takes no invoice of it now, or has this one; or it is not what was
            shown any more.
        SaleorFailure: Saleor could not be asked, or its file cannot be had.
    """
    content, number = _chosen(services, tenant_id, amazon_order_id, asked)
    try:
        with services.database.tenant(tenant_id) as session:
            opened = _Opened(services, session, amazon_order_id)
            message = invoice_message(opened.order, number, content, request_id)
            if _is_asked_for(opened.known, message):
                return
            refuse_another(message, digest)
            _write(services, session, opened.row, message, content, by)
    except IntegrityError:  # the same request at the same moment, written down by the other
        return


def _write(
    services: Services,
    session: Session,
    row: Order,
    message: InvoiceUpload,
    content: bytes,
    by: Person,
) -> None:
    now = services.now()
    wish = Wish(
        IntentKind.INVOICE,
        f"invoice:{message.reference}",
        row.saleor_order_id or "",
        summary(message),
        message,
        asked_by=by.name[:64],
    )
    ledgering.write(session, services.vault, row, [wish], now)
    files.keep_file(session, services.vault, row.id, message.reference, content, now)
    line = say("history.invoice_asked", number=message.number)
    order_store.note(
        session,
        row,
        line,
        actor="merchant",
        at=now,
        for_saleor=True,
        repeats=True,
        by=by.name,
    )


def _chosen(
    services: Services, tenant_id: TenantId, amazon_order_id: str, asked: Asked
) -> tuple[bytes, str]:
    """Return the file that is meant, and its number, after a look at both."""
    if asked.saleor_id:
        content, number = _of_saleor(services, tenant_id, amazon_order_id, asked)
    elif asked.content is None:
        raise _not_fitting(file=say("invoice.file_missing"))
    else:
        content, number = asked.content, asked.number
    _refuse_unfit({"number": why_not_number(number), "file": why_no_pdf(content)})
    return content, number.strip()


def _of_saleor(
    services: Services, tenant_id: TenantId, amazon_order_id: str, asked: Asked
) -> tuple[bytes, str]:
    with services.database.tenant(tenant_id) as session:
        opened = _Opened(services, session, amazon_order_id)
    found = _in_saleor(services, tenant_id, amazon_order_id)
    invoice = next((i for i in found.listed if i.id == asked.saleor_id), None) if found else None
    if found is None or invoice is None:
        raise Misconfigured(say("invoice.none_in_saleor"), code="no_invoice")
    if why := why_other_total(opened.order, found.total, found.currency):
        raise Misconfigured(why, code="total_differs")
    if not invoice.url:
        raise _not_fitting(file=say("invoice.no_file_in_saleor"))
    content = fetch_file(
        invoice.url, most=MOST_BYTES, private_hosts=services.settings.invoice_file_hosts
    )
    return content, asked.number or invoice.number


def _in_saleor(services: Services, tenant_id: TenantId, amazon_order_id: str) -> Invoices | None:
    with services.saleor(tenant_id) as api:
        return read_invoices(api, amazon_order_id)


def _refuse_unfit(wrong: dict[str, Sentence]) -> None:
    if faults := {name: why for name, why in wrong.items() if why}:
        raise _not_fitting(**faults)


def _not_fitting(**faults: Sentence) -> NotFitting:
    return NotFitting(say("invoice.not_fitting"), faults, code="not_fitting")


def _is_asked_for(known: list[Known], message: InvoiceUpload) -> bool:
    """Tell whether it is this very request that is written down already.

    Raises:
        Misconfigured: It asked for another invoice, or another request asked for this number.
    """
    earlier = [(i, i.message) for i in known if isinstance(i.message, InvoiceUpload)]
    for _, other in earlier:
        if other.reference == message.reference:
            if digest_of(other) == digest_of(message):
                return True
            raise Misconfigured(say("invoice.other_request"), code="other_request")
    for intent, other in earlier:
        if other.number == message.number and intent.state in MAY_COUNT:
            raise Misconfigured(
                say("invoice.sent_already", number=message.number), code="sent_already"
            )
    return False


class _Opened:
    """An order, locked, of which an invoice can go to Amazon.

    Raises:
        NotKnown: There is no such order.
        Misconfigured: None can go now.
    """

    def __init__(self, services: Services, session: Session, amazon_order_id: str) -> None:
        row = lock_order(session, amazon_order_id)
        account = get_account(session, AccountId(row.account_id))
        order = open_order(services.vault, row)
        why = why_not(
            order,
            row.state,
            account.state,
            read_only=session.get_one(Tenant, row.tenant_id).read_only,
        )
        if why or order is None:
            raise Misconfigured(why or NOTHING, code=why.code.rpartition(".")[2])
        self.row, self.order = row, order
        self.known = ledgering.known_of(session, services.vault, row.id)
