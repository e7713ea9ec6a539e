"""The part of the catalogue that is about invoices for Amazon."""

from typing import Final

INVOICES: Final = {
    "invoice.not_fitting": "The invoice cannot be sent like this.",
    "invoice.number_missing": "An invoice needs its number.",
    "invoice.number_too_long": "The number has more than {most} characters.",
    "invoice.number_unprintable": "The number has characters that nobody can print.",
    "invoice.number_unusual": (
        "Amazon's guide names letters without accents, digits, spaces and , / \\ - _ : ; # for"
        " numbers; this one has others. Amazon may refuse it."
    ),
    "invoice.file_missing": "Choose a file, or one of the order's invoices in Saleor.",
    "invoice.file_empty": "The file is empty.",
    "invoice.file_too_large": "The file has more than {most} MiB.",
    "invoice.not_pdf": "This is no PDF; Amazon takes nothing else.",
    "invoice.file_unreadable": "The file did not arrive whole.",
    "invoice.amounts_unknown": (
        "Amazon's own amounts are not clear, so no total is sent along. Amazon may compare the"
        " invoice with its own."
    ),
    "invoice.amounts_by_parcel": (
        "Amazon compares an invoice with one parcel. This order leaves in several, so no total is"
        " sent along."
    ),
    "invoice.amounts_by_amazon": (
        "Amazon collects the VAT of this order itself, so no total is sent along. For such orders"
        " Amazon may write the invoice itself and refuse yours."
    ),
    "invoice.total_differs": (
        "In Saleor the order comes to {saleor}, at Amazon to {amazon}. Amazon rejects an invoice"
        " with another total."
    ),
    "invoice.sent_already": "An invoice {number} of this order is with Amazon, or on its way.",
    "invoice.other_request": (
        "This window has sent another invoice already; open it anew to send one more."
    ),
    "invoice.none_in_saleor": "The order has no such invoice in Saleor.",
    "invoice.no_file_in_saleor": "Saleor has no file of this invoice yet.",
    "invoice.address_unsafe": "The address of the invoice's file does not begin with https.",
    "invoice.address_private": "The invoice's file lies in a network that the app keeps out of.",
    "invoice.store_silent": "The place where the invoice's file lies does not answer.",
    "invoice.store_refused": "The place where the invoice's file lies answers {status}.",
    "invoice.file_gone": "The file is kept no longer once Amazon has answered.",
    "invoice.no_role": (
        "Amazon does not let the app upload invoices. Mostly the app lacks the role Tax Invoicing"
        " (Restricted)."
    ),
}
"""What is wrong with an invoice, or to be known about it."""

SUMMARIES: Final = {
    "summary.invoice": "{number}, {amount}",
    "summary.invoice_number": "{number}",
}

CURES: Final = {
    "cure.upload_here": "Download it, and upload the file here.",
    "cure.upload_anew": "Upload the invoice anew.",
    "cure.private_store": (
        "Upload the file here; or let the operator name the host in INVOICE_FILE_HOSTS."
    ),
    "cure.tax_invoicing": (
        "Add the role Tax Invoicing (Restricted) to your developer profile and to the app in Seller"
        " Central, then authorise the app again. Until then upload the invoice in Seller Central."
    ),
    "cure.own_invoices": (
        "Amazon writes this account's invoices. To upload your own, choose so in Seller Central"
        " under the settings of the VAT Calculation Service."
    ),
}

HISTORY: Final = {
    "history.invoice_asked": "The invoice {number} is to go to Amazon.",
}

ANSWERS: Final = {
    "answer.invoice_unseen": (
        "Amazon does not tell the app which invoices an order has. Look at the order in Seller"
        " Central before it is sent again."
    ),
}

WHY_NOT: Final = {
    "why_not.invoice_store": (
        "Amazon takes invoices in Germany, France, Italy, Spain, the Netherlands, Poland, Sweden"
        " and the United Kingdom only."
    ),
    "why_not.invoice_not_shipped": "Amazon takes an invoice once the order has shipped.",
    "why_not.invoice_by_amazon": "Amazon writes the invoice of this order itself.",
}

ABOUT_INVOICES: Final = {
    **INVOICES,
    **SUMMARIES,
    **CURES,
    **HISTORY,
    **ANSWERS,
    **WHY_NOT,
}
