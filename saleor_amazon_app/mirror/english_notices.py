"""What the Settings' part Notifications and the mails to staff say, in English."""

from typing import Final

NOTICES: Final = {
    "notice.subject_one": "Amazon orders of {shop}: {count} new matter",
    "notice.subject_other": "Amazon orders of {shop}: {count} new matters",
    "notice.opening": "This is new with the Amazon orders of {shop}.",
    "notice.problem_one": "{problem}: {count} order waits for a person.",
    "notice.problem_other": "{problem}: {count} orders wait for a person.",
    "notice.late_one": "{count} shipment is late.",
    "notice.late_other": "{count} shipments are late.",
    "notice.due_today_one": "{count} shipment is due today.",
    "notice.due_today_other": "{count} shipments are due today.",
    "notice.more_one": "and {count} more",
    "notice.more_other": "and {count} more",
    "notice.authorisation_lost": (
        "Amazon no longer accepts the authorisation of {seller} ({region}). Nothing of this "
        "account is read or sent until it is renewed."
    ),
    "notice.authorisation_ends": (
        "The authorisation of {seller} ({region}) at Amazon ends on {until}. Renew it before."
    ),
    "notice.sync_stands": (
        "The orders of {seller} ({region}) have not been read since {since}: {failure}"
    ),
    "notice.queue_stands": "Amazon's notifications are not read: {failure}",
    "notice.look": "Look at it in the Dashboard: {url}",
    "notice.foot": (
        "Who gets such mails, and what about, is set in the app under Settings, Notifications."
    ),
    "notice.test_subject": "Amazon orders of {shop}: a test mail",
    "notice.test": (
        "Somebody asked the app for this mail, to see whether notices from {shop} arrive. They do."
    ),
}
"""The mails."""

ABOUT_NOTICES: Final = {
    "notices.not_fitting": "The notices could not be saved.",
    "notices.no_address": '"{address}" is no e-mail address.',
    "notices.relay": (
        "{address} is an address of Amazon's, behind which is a buyer. Notices are for staff."
    ),
    "notices.placeholder": (
        "{address} is a placeholder of this app, which reaches nobody. Notices are for staff."
    ),
    "notices.nobody": "Name at least one address.",
    "notices.too_many": "There may be at most {most} addresses.",
    "notices.no_cause": "Choose at least one cause.",
    "notices.no_zone": "There is no time zone {name}.",
    "notices.no_server": "The app has no mail server.",
    "notices.set_server": (
        "Whoever runs the app has to set SMTP_URL and NOTICES_FROM; see docs/notices.md."
    ),
    "notices.test_too_soon": "A test mail went out a moment ago. Wait a minute.",
}
"""Who may be written to, and what is missing."""

MAIL: Final = {
    "mail.silent": "The mail server cannot be reached: {answer}",
    "mail.refused": 'The mail server refuses the mail: "{answer}"',
    "mail.recipient": 'The mail server refuses the address: "{answer}"',
    "mail.login": 'The mail server does not accept name and password: "{answer}"',
    "mail.no_tls": "The mail server offers no encryption.",
    "mail.check": "Whoever runs the app has to check SMTP_URL and NOTICES_FROM.",
    "mail.check_address": "Check the address.",
    "mail.later": "It is tried again by itself.",
}
"""Why a mail did not go out."""

SUBSCRIPTIONS: Final = {
    "subscription.new": "newly subscribed",
    "subscription.moved": "moved here from another queue",
    "subscription.elsewhere": "goes to another queue than this app's",
    "subscription.ended": "ended",
    "subscription.was_off": "was not on",
    "subscription.kept": "kept: another connected account of this seller relies on it",
    "subscription.sandbox_only": "Only Amazon's sandbox sends notifications on demand.",
    "subscription.see_last": "Whether they come shows by when the last one came.",
    "subscription.set_queue": (
        "Whoever runs the app has to make a queue and set AMAZON_NOTIFICATIONS_QUEUE_URL; see "
        "docs/notifications.md."
    ),
    "subscription.not_working": (
        "The account is not connected; notifications can be switched on once it is."
    ),
    "subscription.closed": "The queue's access policy does not let Amazon send to it.",
}
"""How Amazon's notifications are."""

CHANGES_OF_NOTICES: Final = {
    "change.tested": "Tested",
    "subject.notifications": "Amazon's notifications for {seller}",
    "subject.notices": "notices by e-mail",
    "detail.types": "Not all could be switched: {types}.",
    "detail.type": "{type}: {note}",
}
"""What members of staff do here."""
