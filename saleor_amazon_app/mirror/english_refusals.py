"""What the app does not do, and why, in English: for whoever asked for it."""

from typing import Final

REFUSED: Final = {
    "refused.no_account": "There is no such account.",
    "refused.no_task": "There is no such task.",
    "refused.no_intent": "There is no intent {number}.",
    "refused.no_variant": "The shop has no such variant.",
    "refused.no_word": "There is no such word.",
    "refused.no_mapping": "There is no such mapping.",
    "refused.no_view": "There is no such view.",
    "refused.too_many_views": "There are fifty views already.",
    "refused.no_marketplace": "The account does not sell there.",
    "refused.unknown_marketplace": "This version does not know the marketplace {marketplace}.",
    "refused.no_order": "No order {number} is known.",
    "refused.fetch_it": "Have it fetched from Amazon by its number.",
    "refused.not_amazons": "This is no order of Amazon's.",
    "refused.no_time_zone": "There is no time zone {name}.",
    "refused.cursor": "This place in the list is not known.",
    "refused.first_page": "Begin at the first page.",
    "refused.currency": "An amount means nothing without its currency.",
    "refused.choose_currency": "Choose one.",
    "refused.nothing_to_repair": "Nothing to repair.",
    "refused.change_a_field": "Change a field.",
    "refused.cancel_wants": (
        "A cancellation needs a reason, and how many orders it is expected to be."
    ),
    "refused.dismiss_wants": "Name the problem and a reason.",
    "refused.sync_elsewhere": "A sync is asked for at /sync.",
    "refused.orders_or_filter": "Name orders, or a filter, and not both.",
    "refused.all_orders": "Narrow the list first: this would be all orders.",
    "refused.no_account_to_sync": "No account is connected that could be synced.",
    "refused.connect_or_resume": "Connect an account, or resume it.",
    "refused.permission": "This needs the permission {permission}.",
    "refused.ask_for_permission": "Ask somebody who manages staff in Saleor for it.",
    "refused.refund_permission": "This is a refund; it needs the permission {permission}.",
    "refused.token": "The Dashboard's token is missing, expired or not valid for this app.",
    "refused.reload": "Reload the page in the Dashboard.",
    "refused.stumbled": "The app stumbled over this request.",
    "refused.report_it": "Try again; if it stays so, report it with the time.",
    "refused.no_such_address": "There is nothing at this address.",
    "refused.request_too_large": "The request is too large.",
    "refused.request": "The app does not take this request ({status}).",
    "refused.not_understood": "Not understood: {fields}.",
    "refused.no_orders": "No order is meant by this.",
    "refused.too_many_orders": "That is more than {most} orders.",
    "refused.narrow": "Narrow the list.",
    "refused.more_than_expected": "It would be {found} orders by now, and not {expected}.",
    "refused.look_again": "Look at the list again.",
    "refused.may_not_dismiss": (
        "This problem keeps the order out of Saleor, so it cannot be dismissed: nothing would "
        "say that the order waits."
    ),
    "refused.cure_it": "Cure it; it closes by itself then.",
    "refused.wait_or_settle": (
        "Wait for it; settle what is unknown under Problems, or give up what is not sent."
    ),
    "refused.connect_after_removal": "Connect it again once it has left the list of accounts.",
    "refused.shop_not_allowed": "The shop {url} is not allowed to use this app.",
    "refused.allow_shop": "Add its API address to ALLOWED_SALEOR_URLS if this app may act for it.",
    "refused.shop_silent": "The shop cannot be asked for its address.",
    "refused.later": "Try again later.",
    "refused.no_reason": "Amazon has no reason {code}.",
    "refused.there_is": "There is: {names}.",
    "refused.not_on": "The account does not sell on {marketplace}.",
    "refused.no_channel": 'The shop has no channel "{name}".',
    "refused.channel_currency": (
        "Channel {channel} sells in {currency}, the marketplace in {wanted}."
    ),
    "refused.choose_channel": "Choose or create a channel with the marketplace's currency.",
    "refused.no_channel_in": "No channel of the shop sells in {currency}.",
    "refused.which_channel": "Which channel is meant is not clear.",
    "refused.which_warehouse": "Which warehouse is meant is not clear.",
    "refused.which_shipping_method": "Which shipping method is meant is not clear.",
    "refused.which_tax_class": "Which tax class is meant is not clear.",
    "refused.no_warehouse": 'There is no warehouse "{name}".',
    "refused.no_shipping_method": 'There is no shipping method "{name}".',
    "refused.no_tax_class": 'There is no tax class "{name}".',
    "refused.name_one": "Name one: {names}.",
    "refused.none_there": "The shop has none yet; create one in Saleor.",
    "refused.consent_over": (
        "This connection was begun too long ago, was finished already, or was begun in "
        "another browser."
    ),
    "refused.begin_again": "Begin again in the Dashboard.",
    "refused.no_application_id": "The app has no application id at Amazon.",
    "refused.set_application_id": (
        "Set AMAZON_APPLICATION_ID, or connect by a self-authorised token."
    ),
    "refused.callback": "This address is not one of Amazon's.",
    "refused.nothing_to_resend": "There is no shipment that could be sent again.",
    "refused.fetch_again": "Fetch it again.",
    "refused.preview_outdated": "Something else than what was shown would be sent now.",
    "refused.preview_again": "Look at the preview again.",
    "refused.refund_instead": "Refund it, or look at it in Seller Central.",
    "refused.nothing_failed": (
        "There is nothing to send again: it is under way, or its outcome is known."
    ),
    "refused.never_fit": "It was never fit to be sent; ask for it anew.",
    "refused.saleor_knows": "Saleor has heard that this refund failed.",
    "refused.ask_in_saleor": "Ask for it anew in Saleor.",
    "refused.outcome_known": (
        "There is nothing to settle: it is under way, or its outcome is known."
    ),
    "refused.not_to_withdraw": "It cannot be given up: Amazon has it, or its outcome is known.",
    "refused.under_way": "It is on its way to Amazon already.",
    "refused.units_under_way": (
        "Units of this order are being cancelled already. Wait for Amazon's answer, or settle it."
    ),
    "refused.parcel_leaving": "Amazon is being told that a parcel of this order has left.",
    "refused.cancel_fulfilment": (
        "Cancel its fulfilment in Saleor if it has not; else refund the order."
    ),
    "refused.units_open": "Of item {item} {left} units are open, not {asked}.",
    "refused.all_open": "That is all that is open of the order.",
    "refused.cancel_whole": "Cancel the whole order instead.",
    "refused.webhooks_read_only": "Read-only mode is on: the shop's webhooks are left as they are.",
    "refused.switch_off_read_only": (
        "Switch it off if this app is the one that is to act for the shop."
    ),
    "refused.lease_lost": "Another worker has taken over the sweep.",
    "refused.not_lost": (
        "The authorisation of the account is not lost: Amazon's answers can be waited for."
    ),
    "refused.not_for_good": "Amazon has not said that the authorisation is gone for good.",
    "refused.renew_and_wait": "Renew the authorisation and wait for the answers.",
    "refused.more_unanswered": "By now {found} messages have no answer, and not {expected}.",
    "refused.queue_closed": "The queue's access policy does not let Amazon send to it.",
    "refused.open_queue": "Allow sqs:SendMessage for account {account}; see docs/notifications.md.",
    "refused.read_only": "The shop is in read-only mode; nothing is changed at Amazon.",
    "refused.end_read_only": "Switch read-only mode off in the settings.",
}

FIELDS: Final = {
    "field.missing": "It is missing.",
    "field.too_short_one": "It needs at least {count} character.",
    "field.too_short_other": "It needs at least {count} characters.",
    "field.too_long_one": "It may have at most {count} character.",
    "field.too_long_other": "It may have at most {count} characters.",
    "field.at_least": "It must be {limit} or more.",
    "field.at_most": "It must be {limit} or less.",
    "field.above": "It must be more than {limit}.",
    "field.shape": "It does not look as it should.",
    "field.choice": "It is none of the values that can be chosen.",
    "field.unknown": "There is no such field.",
    "field.kind": "It is of the wrong kind.",
}
"""What is wrong with a field of a request."""

CSV: Final = {
    "csv.header": "The first line must name the columns {amazon} and {id} or {sku}.",
    "csv.too_many": "The file has more than {most} rows.",
    "csv.incomplete": "An SKU of Amazon's and a variant are needed.",
    "csv.too_long": "The SKU is too long.",
    "csv.twice": "{sku} stands in the file twice.",
    "csv.no_variant": "The shop has no variant {variant}.",
}
"""What is wrong with a file of SKUs, or a line of it."""
