"""The part of the catalogue that is about messages to buyers and their templates."""

from typing import Final

MESSAGES: Final = {
    "message.kind.confirmOrderDetails": "Question about the order",
    "message.kind.confirmDeliveryDetails": "Arranging the delivery",
    "message.kind.unexpectedProblem": "Unexpected problem",
    "message.kind.confirmCustomizationDetails": "Details of a customised item",
    "message.kind.confirmServiceDetails": "Arranging a home service",
    "message.kind.digitalAccessKey": "Digital access key",
    "message.about.confirmOrderDetails": "Asks something about the order before it is shipped.",
    "message.about.confirmDeliveryDetails": (
        "Arranges the delivery, or confirms how the buyer can be reached for it."
    ),
    "message.about.unexpectedProblem": (
        "Tells of a problem that keeps the order from being completed. Amazon treats it as"
        " critical."
    ),
    "message.about.confirmCustomizationDetails": (
        "Asks for or checks details of a customised item, such as a name or initials."
    ),
    "message.about.confirmServiceDetails": (
        "Arranges the appointment of a home service, or asks what is needed for it."
    ),
    "message.about.digitalAccessKey": "Gives the key that digital content of the order needs.",
    "message.empty": "There is no text.",
    "message.too_long": (
        "The text is {length} characters long; Amazon takes {most} for this kind of message."
    ),
    "message.html": "Amazon allows no HTML in messages.",
    "message.email": "Amazon allows no e-mail addresses in messages.",
    "message.unfilled": "Write something for {holes}, or take it out: it would be sent as it is.",
    "message.link": "There is a link in it. Amazon allows only links that such a message needs.",
    "message.not_fitting": "The message cannot be sent like this.",
    "message.not_offered": "Amazon does not offer this kind of message for the order now.",
    "message.no_role": (
        "Amazon does not let the app write to this buyer. Mostly the app lacks the role Buyer"
        " Communication."
    ),
    "message.said_already": "The buyer has been sent these words already, or is being sent them.",
    "message.other_text": (
        "This window has sent another text already; open it anew to send one more."
    ),
}
"""What a message is for, and why one cannot be sent."""

TEMPLATES: Final = {
    "template.not_fitting": "The template cannot be saved like this.",
    "template.name": "There is a template of this name already.",
    "template.language": "This is no language that the app knows. Write it like de-DE or en.",
    "template.unknown_placeholder": "Nothing can be filled in for {holes}. There are: {known}.",
    "template.too_many": "There are {most} templates already.",
    "template.none": "There is no such template.",
    "placeholder.order_number": "Amazon's number of the order",
    "placeholder.order_date": "the day on which it was bought",
    "placeholder.items": "what was ordered, with the number of units",
    "placeholder.carrier": "who carries the parcels that have left",
    "placeholder.tracking_number": "the tracking numbers of the parcels that have left",
    "placeholder.ship_by": "the last day for shipping it",
    "placeholder.shop_name": "your name at Amazon",
}

CURES: Final = {
    "cure.buyer_communication": (
        "Add the role Buyer Communication to your developer profile and to the app in Seller"
        " Central, then authorise the app again. Until then write to the buyer in Seller Central."
    ),
}

HISTORY: Final = {
    "history.message_asked": "A message to the buyer was asked for: {kind}.",
}

ANSWERS: Final = {
    "answer.message_unknown": (
        "Amazon's answer got lost, or the app stopped while it was being sent. Look in Seller"
        " Central's messages whether the buyer has it before it is sent again."
    ),
    "answer.message_too_old": "It could not be sent within a day, and may not be true any more.",
    "answer.amazons_words": "Amazon's words: {words}",
}

WHY_NOT: Final = {
    "why_not.read_only": "Read-only mode is on: nothing is sent to Amazon.",
    "why_not.paused": "The Amazon account is paused.",
}

CHANGES: Final = {
    "change.template_added": "Message template added",
    "change.template_changed": "Message template changed",
    "change.template_deleted": "Message template deleted",
}

ABOUT_MESSAGES: Final = {
    **MESSAGES,
    **TEMPLATES,
    **CURES,
    **HISTORY,
    **ANSWERS,
    **WHY_NOT,
    **CHANGES,
}
