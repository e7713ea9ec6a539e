"""Templates that a merchant can start from. None is saved, or sent, before they say so.

Amazon begins each message with the buyer's name and names the seller itself.
"""

from dataclasses import dataclass
from typing import Final

from saleor_amazon_app.mirror.buyer_messages import BuyerMessageKind


@dataclass(frozen=True)
class Suggestion:
    """A template as it could be."""

    name: str
    kind: BuyerMessageKind
    language: str
    text: str


SUGGESTIONS: Final = (
    Suggestion(
        "Delay",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "en",
        "Your order {order_number} ({items}) will leave later than planned, and we are sorry for"
        " that. We expect to ship it within three working days. If that is too late for you, you"
        " can cancel the order in your Amazon account.",
    ),
    Suggestion(
        "Out of stock",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "en",
        "We cannot ship your order {order_number} ({items}), because it is out of stock. We are"
        " sorry. Please reply and tell us whether you want to wait for it or have the order"
        " cancelled.",
    ),
    Suggestion(
        "Incomplete address",
        BuyerMessageKind.DELIVERY_DETAILS,
        "en",
        "The delivery address of your order {order_number} seems to be incomplete. Please reply"
        " with the missing part, so that we can ship it by {ship_by}.",
    ),
    Suggestion(
        "Text for an engraving",
        BuyerMessageKind.CUSTOMIZATION_DETAILS,
        "en",
        "For your order {order_number} ({items}) we still need the text that you wish to have on"
        " it. Please reply with it letter by letter as it is to appear.",
    ),
    Suggestion(
        "Question before shipping",
        BuyerMessageKind.ORDER_DETAILS,
        "en",
        "Before we ship your order {order_number} ({items}) we have a question: ",
    ),
    Suggestion(
        "Verspätung",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "de",
        "Ihre Bestellung {order_number} ({items}) verlässt unser Haus leider später als geplant."
        " Wir rechnen mit dem Versand innerhalb von drei Werktagen. Falls Ihnen das zu spät ist,"
        " können Sie die Bestellung in Ihrem Amazon-Konto stornieren.",
    ),
    Suggestion(
        "Nicht lieferbar",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "de",
        "Ihre Bestellung {order_number} ({items}) können wir leider nicht versenden, weil der"
        " Artikel nicht vorrätig ist. Bitte antworten Sie uns, ob Sie darauf warten oder die"
        " Bestellung stornieren lassen möchten.",
    ),
    Suggestion(
        "Adresse unvollständig",
        BuyerMessageKind.DELIVERY_DETAILS,
        "de",
        "Die Lieferadresse Ihrer Bestellung {order_number} scheint unvollständig zu sein. Bitte"
        " antworten Sie uns mit dem fehlenden Teil, damit wir sie bis zum {ship_by} versenden"
        " können.",
    ),
    Suggestion(
        "Text für eine Gravur",
        BuyerMessageKind.CUSTOMIZATION_DETAILS,
        "de",
        "Für Ihre Bestellung {order_number} ({items}) fehlt uns noch der gewünschte Text. Bitte"
        " antworten Sie uns mit ihm, Buchstabe für Buchstabe so, wie er erscheinen soll.",
    ),
    Suggestion(
        "Frage vor dem Versand",
        BuyerMessageKind.ORDER_DETAILS,
        "de",
        "Bevor wir Ihre Bestellung {order_number} ({items}) versenden, haben wir eine Frage: ",
    ),
    Suggestion(
        "Vertraging",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "nl",
        "Je bestelling {order_number} ({items}) vertrekt helaas later dan gepland. We verwachten"
        " haar binnen drie werkdagen te verzenden. Is dat te laat, dan kun je de bestelling in je"
        " Amazon-account annuleren.",
    ),
    Suggestion(
        "Niet op voorraad",
        BuyerMessageKind.UNEXPECTED_PROBLEM,
        "nl",
        "We kunnen je bestelling {order_number} ({items}) helaas niet verzenden, omdat het artikel"
        " niet op voorraad is. Laat ons in een antwoord weten of je erop wilt wachten of dat we de"
        " bestelling moeten annuleren.",
    ),
    Suggestion(
        "Adres onvolledig",
        BuyerMessageKind.DELIVERY_DETAILS,
        "nl",
        "Het bezorgadres van je bestelling {order_number} lijkt onvolledig. Antwoord ons met het"
        " ontbrekende deel, zodat we haar uiterlijk op {ship_by} kunnen verzenden.",
    ),
    Suggestion(
        "Tekst voor een gravure",
        BuyerMessageKind.CUSTOMIZATION_DETAILS,
        "nl",
        "Voor je bestelling {order_number} ({items}) hebben we nog de gewenste tekst nodig."
        " Antwoord ons met de tekst, letter voor letter zoals hij moet verschijnen.",
    ),
    Suggestion(
        "Vraag vóór verzending",
        BuyerMessageKind.ORDER_DETAILS,
        "nl",
        "Voordat we je bestelling {order_number} ({items}) verzenden, hebben we een vraag: ",
    ),
)
