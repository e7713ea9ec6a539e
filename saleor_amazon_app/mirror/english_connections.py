"""How calls to Amazon and to Saleor fail, in English."""

from typing import Final

AMAZON: Final = {
    "amazon.no_answer": "Amazon did not answer {operation}.",
    "amazon.unknown_outcome": "{failure} Whether it was carried out is not known.",
    "amazon.not_json": "Amazon's answer to {operation} is not JSON.",
    "amazon.no_content": "Amazon's answer to {operation} has no content.",
    "amazon.missing": "{name} is missing from Amazon's answer to {operation}.",
    "amazon.without_end": "Amazon's answer to {operation} does not end.",
    "amazon.answered": "Amazon answered {operation} with {status}.",
    "amazon.answered_because": 'Amazon answered {operation} with {status}: "{answer}"',
    "amazon.check_roles": "Check the app's roles in Seller Central.",
    "amazon.own_quota": "The quota of {operation} is used up.",
    "amazon.feed_without_id": "Amazon took a feed but told no id.",
    "amazon.store_silent": "Amazon's store did not take a feed's document.",
    "amazon.store_refused": "Amazon's store answered {status} to a feed's document.",
    "amazon.store_no_report": "Amazon's store did not hand out a report.",
    "amazon.store_report_refused": "Amazon's store answered {status} for a report.",
    "amazon.store_unsafe": "Amazon's store has an address that is not safe.",
    "amazon.report_packed": "The report is packed in a way that the app does not know.",
    "amazon.report_damaged": "The report is damaged.",
    "amazon.report_too_large": "The report is larger than 64 MiB.",
    "amazon.report_is_none": "The document is no processing report.",
    "amazon.report_not_xml": "The processing report is not XML.",
    "amazon.another_order": "Amazon answered with another order.",
    "amazon.feed_too_large": "A feed of {messages} messages is larger than Amazon takes.",
    "amazon.unwritable": "This cannot be said to Amazon: {error}",
    "amazon.transparency_codes": (
        "a feed holds ten transparency codes for an item; use confirmShipment"
    ),
    "amazon.promotion_parts": "a promotion adjusts Principal and Shipping only",
    "amazon.too_many_digits": "an amount has more than 20 digits",
    "amazon.amount_too_fine": "an amount is finer than {currency} allows",
    "amazon.nameless_one": "Amazon listed {count} order without a number; it cannot be imported.",
    "amazon.nameless_other": (
        "Amazon listed {count} orders without a number; they cannot be imported."
    ),
}

LOGIN: Final = {
    "login.no_token": "Login with Amazon gave no refresh token.",
    "login.no_answer": "Login with Amazon did not answer.",
    "login.unavailable": "Login with Amazon is not available.",
    "login.refused": "Login with Amazon refused the request.",
    "login.no_notifications": "Amazon does not let the app set up notifications.",
    "login.check_registration": (
        "Check the app's registration and roles in the Solution Provider Portal."
    ),
    "login.authorisation_lost": "Amazon no longer accepts the seller's authorisation.",
    "login.authorise_again": (
        "Authorise the app again in Seller Central and connect the account anew."
    ),
    "login.app_refused": "Amazon does not accept the app's client id and secret.",
    "login.check_app": "Check AMAZON_LWA_CLIENT_ID and AMAZON_LWA_CLIENT_SECRET; secrets expire.",
}

QUEUE: Final = {
    "queue.none": "No queue for notifications is set.",
    "queue.set_url": "Set AMAZON_NOTIFICATIONS_QUEUE_URL.",
    "queue.silent": "The queue of notifications cannot be {done}: it does not answer.",
    "queue.refused": 'The queue of notifications cannot be {done}: AWS answered "{answer}".',
    "queue.broken": 'The queue of notifications cannot be {done}: "{answer}"',
    "queue.credentials": "Give this program AWS credentials and, where needed, a region.",
    "queue.check": "Check AMAZON_NOTIFICATIONS_QUEUE_URL and what the AWS credentials allow.",
    "queue.to_read": "read",
    "queue.to_empty": "emptied",
    "queue.to_look_at": "looked at",
    "queue.to_reach": "reached",
    "queue.no_notification": "A message in the queue is no notification.",
    "queue.not_json": "A message in the queue is not JSON.",
    "queue.lacks": "A notification has no usable {name}.",
    "queue.no_client": "AMAZON_NOTIFICATIONS_QUEUE_URL is set, but AWS's client is not installed.",
    "queue.install_client": "Run: pip install 'saleor-amazon-app[notifications]'.",
}

SALEOR: Final = {
    "saleor.no_answer": "Saleor did not answer {operation} ({code}).",
    "saleor.no_data": "Saleor's answer to {operation} has no data.",
    "saleor.too_many_requests": "The shop limits requests ({operation}).",
    "saleor.denies": 'Saleor denies {operation}: "{answer}"',
    "saleor.install_again": "Install the app again, with all the permissions of its manifest.",
    "saleor.broke": "Saleor broke on {operation} ({code}).",
    "saleor.refuses": 'Saleor refuses {operation}: "{answer}"',
    "saleor.declines": 'Saleor declines {operation}: "{answer}"',
    "saleor.refuses_batch": 'Saleor refuses the batch: "{answer}"',
    "saleor.batch_differs": "Saleor's results do not match the batch that was sent.",
    "saleor.unknown_token": "The shop does not know this token.",
    "saleor.keys_unreadable": "The shop's public keys cannot be read.",
    "saleor.no_keys": "The shop shows no public keys.",
}

CONSENT: Final = {
    "consent.title": "Connect an Amazon account",
    "consent.who": "{who} wants to connect an Amazon seller account to this Saleor shop:",
    "consent.what": (
        "Its orders will be read, shipments confirmed, and orders cancelled and refunded from"
        " there. Go on only if this is your shop. On the next page Amazon asks you to confirm it"
        " ({marketplace})."
    ),
    "consent.go": "Go on to Amazon",
    "consent.done": "Connected",
    "consent.done_text": (
        "The Amazon account is connected to {shop}. You can close this window and go on in the"
        " Dashboard: map each marketplace to a channel, and its orders arrive."
    ),
    "consent.failed": "Not connected",
}
"""The pages on the way to Amazon's consent page and back."""
