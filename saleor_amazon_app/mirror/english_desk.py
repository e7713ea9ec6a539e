"""What syncs, first steps and the log of changes tell, in English."""

from typing import Final

SYNC: Final = {
    "sync.busy": "Another worker is reading this account already.",
    "sync.quota": "Amazon's quota is used up; the rest is read by itself in a few minutes.",
    "sync.not_read": "Not read: {marketplaces}.",
    "sync.read_without": "Read without {data}.",
}

STEPS: Final = {
    "step.mapped": "{mapped} of {all}",
    "step.no_worker": "No worker is running. Start `saleor-amazon worker`.",
    "step.no_scheduler": "No scheduler is running. Start `saleor-amazon schedule`.",
}
"""What the first steps still lack."""

READ_ONLY: Final = {
    "read_only.by_person": "Switched on by a person.",
    "read_only.app_moved": "The app's address is {url}, and was {before}.",
    "read_only.shop_moved": "The shop's address is {url}, and was {before}.",
    "read_only.shop_not_allowed": "The shop {url} is not one that this app may act for.",
}
"""Why nothing goes to Amazon."""

SUBJECTS: Final = {
    "subject.read_only": "read-only mode",
    "subject.settings": "settings",
    "subject.dashboard": "the Dashboard's address",
    "subject.skus": "SKU mappings",
    "subject.carrier": "carrier: {word}",
    "subject.refund_reason": "reason of refunds: {word}",
    "subject.supply_source": "place of dispatch: {word}",
}
"""What a member of staff changed."""

DETAILS: Final = {
    "detail.orders_one": "{count} order",
    "detail.orders_other": "{count} orders",
    "detail.mappings_one": "{count} mapping",
    "detail.mappings_other": "{count} mappings",
    "detail.setting": "{setting}: {before} → {after}.",
    "detail.yes": "yes",
    "detail.no": "no",
    "detail.none": "none",
    "detail.value": "{value}",
    "detail.template": "{kind}, {language}",
    "detail.unanswered_one": "{count} message without Amazon's answer",
    "detail.unanswered_other": "{count} messages without Amazon's answer",
}
"""How it was changed; parts of a line."""
