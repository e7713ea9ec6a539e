"""The catalogue of the app's sentences in English, by code.

Codes are stored and are part of the API: never rename one, and give a sentence that comes to mean
something else another code. ``{name}`` is a hole; what stands there is a parameter of that name.
A sentence that counts has two entries, ``_one`` and ``_other``, and a parameter ``count``.
The Dashboard's pages have the same codes in each of their catalogues.

The sentences of each subject are in an ``english_*`` module of their own; here they come together,
with those of the merchant's desk.
"""

from typing import Final

from saleor_amazon_app.mirror.english_connections import AMAZON, CONSENT, LOGIN, QUEUE, SALEOR
from saleor_amazon_app.mirror.english_desk import DETAILS, READ_ONLY, STEPS, SUBJECTS, SYNC
from saleor_amazon_app.mirror.english_intents import ANSWERS, OUTCOMES, SUMMARIES
from saleor_amazon_app.mirror.english_invoices import ABOUT_INVOICES
from saleor_amazon_app.mirror.english_messages import ABOUT_MESSAGES
from saleor_amazon_app.mirror.english_notices import (
    ABOUT_NOTICES,
    CHANGES_OF_NOTICES,
    MAIL,
    NOTICES,
    SUBSCRIPTIONS,
)
from saleor_amazon_app.mirror.english_orders import CANCELLED, DECISIONS, HISTORY, MONEY, WHY_NOT
from saleor_amazon_app.mirror.english_problems import CURES, PROBLEMS
from saleor_amazon_app.mirror.english_refunds import REFUNDS
from saleor_amazon_app.mirror.english_refusals import CSV, FIELDS, REFUSED

_EXPLANATIONS: Final = {
    "explained.statuses.PENDING_AVAILABILITY": "A pre-order: its goods are not released yet.",
    "explained.statuses.PENDING": "Placed; Amazon has not verified the payment.",
    "explained.statuses.UNSHIPPED": "To be shipped. It can still be cancelled.",
    "explained.statuses.PARTIALLY_SHIPPED": "Some of its units have shipped.",
    "explained.statuses.SHIPPED": "All of it has shipped.",
    "explained.statuses.CANCELLED": "Cancelled; the buyer is not charged.",
    "explained.statuses.UNFULFILLABLE": "Amazon cannot fulfil it from its own warehouse.",
    "explained.states.waiting": "Amazon has not released it, or not told all of it.",
    "explained.states.ready": "Is brought into Saleor with the next import.",
    "explained.states.creating": "Is being created in Saleor.",
    "explained.states.created": "Is in Saleor, with steps left to do.",
    "explained.states.imported": "Is in Saleor.",
    "explained.states.blocked": "Waits for a person; its problems say why.",
    "explained.states.left_out": ("Is not imported: bought before the connection, or cancelled."),
    "explained.buyer_emails.placeholder": (
        "An address that reaches nobody: Saleor's own mails go nowhere."
    ),
    "explained.buyer_emails.relay": (
        "Amazon's relay address: Saleor's mails reach the buyer, which Amazon's rules restrict."
    ),
    "explained.restock": "Amazon adds the units to its count of your stock again.",
    "explained.no_restock": "Amazon's count of your stock stays as it is.",
}
"""What the values of the vocabulary mean."""

_CHANGES: Final = {
    "change.account_connected": "Account connected",
    "change.account_paused": "Account paused",
    "change.account_resumed": "Account resumed",
    "change.account_removed": "Account removed",
    "change.import_start": "Import start changed",
    "change.marketplace": "Marketplace changed",
    "change.settings": "Settings changed",
    "change.switched_on": "Switched on",
    "change.switched_off": "Switched off",
    "change.dashboard": "Remembered",
    "change.word": "Word set",
    "change.word_deleted": "Word deleted",
    "change.sku": "SKU mapped",
    "change.sku_deleted": "SKU mapping deleted",
    "change.skus_imported": "Imported from CSV",
    "change.raw": "Looked at Amazon's raw data",
    "change.tried_again": "Tried again",
    "change.fetched_again": "Fetched again from Amazon",
    "change.left_unanswered": "Left without Amazon's answer",
    "change.left_unsent": "Given up unsent",
}
"""What members of staff do; the log keeps these words and is read by them."""

_CONNECTING: Final = {
    "connecting.refused": "The account could not be connected.",
    "connecting.token": (
        "Amazon does not accept this token. Authorise the app again in Seller Central, and copy "
        "the new token whole."
    ),
    "connecting.region": (
        "Amazon does not let the token in here. Choose the region in which the account sells, and "
        "check the app's roles in Seller Central."
    ),
    "connecting.other_region": "The account sells in {marketplaces}, which is another region.",
    "connecting.seller": "This token is already connected as {seller}.",
}
"""Why what somebody filled in connects no account."""

ENGLISH: Final = {
    **PROBLEMS,
    **CURES,
    **DECISIONS,
    **HISTORY,
    **CANCELLED,
    **SUMMARIES,
    **ANSWERS,
    **WHY_NOT,
    **REFUNDS,
    **_EXPLANATIONS,
    **MONEY,
    **_CHANGES,
    **_CONNECTING,
    **OUTCOMES,
    **AMAZON,
    **LOGIN,
    **CONSENT,
    **QUEUE,
    **SALEOR,
    **REFUSED,
    **FIELDS,
    **CSV,
    **SYNC,
    **STEPS,
    **READ_ONLY,
    **SUBJECTS,
    **DETAILS,
    **ABOUT_MESSAGES,
    **NOTICES,
    **ABOUT_NOTICES,
    **MAIL,
    **SUBSCRIPTIONS,
    **CHANGES_OF_NOTICES,
    **ABOUT_INVOICES,
}
