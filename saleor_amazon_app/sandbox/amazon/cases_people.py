"""Cases of buyers, addresses, texts and Amazon's programmes."""

from typing import Any, Final

from saleor_amazon_app.sandbox.amazon.cases import EUROPE, case
from saleor_amazon_app.sandbox.amazon.drafts import Draft
from saleor_amazon_app.sandbox.amazon.people import company

Json = dict[str, Any]

_LONG: Final = "Hand-made with care for everyday use, dishwasher safe and gift-ready; " * 7


@case("business order", weight=2)
def business(draft: Draft) -> None:
    name = company(draft.rng, draft.channel.country)
    draft.programs.append("AMAZON_BUSINESS")
    draft.buyer |= {"buyerCompanyName": name, "buyerPurchaseOrderNumber": "PO 2026/0815"}
    draft.address |= {"companyName": name, "addressType": "COMMERCIAL"}
    draft.finish.append(_at_business_price)


@case("business order without tax", channels=("amazon-de", "amazon-fr"))
def reverse_charge(draft: Draft) -> None:
    """Within the EU the buyer's company accounts for the tax."""
    business(draft)
    draft.first.taxed = False
    _register(draft, "VAT", "ATU99999999")


@case("business order with a VAT number", channels=EUROPE)
def business_with_vat(draft: Draft) -> None:
    business(draft)
    _register(draft, "VAT", "XX999999999")


@case("invoice for a Turkish company", channels=("amazon-tr",))
def turkish_invoice(draft: Draft) -> None:
    business(draft)
    _register(draft, "BUSINESS", "1234567890")
    registration = draft.extra["tax"]["taxRegistrations"][0]
    registration["taxRegistrationAttributes"] = [{"key": "TAX_OFFICE", "value": "Konak"}]
    draft.extra["tax"]["taxInvoicing"] = {"buyerInvoicePreference": "BUSINESS"}


@case("Brazilian tax number and card", channels=("amazon-br",))
def brazilian_buyer(draft: Draft) -> None:
    _register(draft, "CPF", "123.456.789-09")
    draft.extra["tax"]["taxInvoicing"] = {"invoiceStatus": "NOT_FOUND"}
    draft.finish.append(_paid_by_card)


@case("prime", weight=3)
def prime(draft: Draft) -> None:
    draft.programs.append("PRIME")
    draft.service_level = "NEXT_DAY"


@case("premium")
def premium(draft: Draft) -> None:
    draft.programs.append("PREMIUM")
    draft.service_level = "EXPEDITED"


@case("ship plus", channels=("amazon-us", "amazon-uk"))
def ship_plus(draft: Draft) -> None:
    draft.programs.append("FBM_SHIP_PLUS")


@case("easy ship", channels=("amazon-br",))
def easy_ship(draft: Draft) -> None:
    draft.programs.append("AMAZON_EASY_SHIP")
    draft.extra["fulfillmentOrders"] = [{"fulfillmentOrderId": f"F{draft.rng.randrange(10**9)}"}]


@case("in-store pick-up", channels=("amazon-us", "amazon-uk", "amazon-fr"))
def in_store_pick_up(draft: Draft) -> None:
    draft.programs.append("IN_STORE_PICK_UP")
    draft.address |= {"name": "Hollow Lane Store #12", "companyName": "Hollow Lane Store"}
    draft.address["addressType"] = "COMMERCIAL"


@case("haul and a programme of tomorrow")
def unknown_programme(draft: Draft) -> None:
    draft.programs += ["AMAZON_HAUL", "PROGRAM_OF_TOMORROW"]


@case("unknown service level")
def unknown_service_level(draft: Draft) -> None:
    draft.service_level = "WITHIN_THE_HOUR"


@case("transparency")
def transparency(draft: Draft) -> None:
    draft.first.extra["programs"] = ["TRANSPARENCY"]


@case("serial numbers required")
def serial_numbers_required(draft: Draft) -> None:
    requirement = {"serialNumberRequirement": {"requirementType": "REQUIRED"}}
    draft.first.extra["fulfillment"] = {"packing": requirement}


@case("sold by weight")
def sold_by_weight(draft: Draft) -> None:
    draft.first.extra["measurement"] = {"unit": "KILOGRAMS", "value": 0.75}


@case("customised", channels=("amazon-us", "amazon-uk", "amazon-de"))
def customised(draft: Draft) -> None:
    link = {"customizedUrl": "https://custom.example.invalid/order/engraving.zip"}
    draft.first.extra["product"] = {"customization": link}


@case("delivery wishes")
def delivery_wishes(draft: Draft) -> None:
    wishes = {"dropOffLocation": "Behind the blue shed", "addressInstruction": "Ring twice"}

    def change(order: Json) -> None:
        order["recipient"]["deliveryPreference"] = wishes

    draft.finish.append(change)


@case("IOSS", channels=("amazon-de", "amazon-fr"))
def ioss(draft: Draft) -> None:
    draft.first.facilitated = True
    shipping = {"internationalShipping": {"iossNumber": "IM4420001201"}}
    draft.first.extra["fulfillment"] = {"shipping": shipping}
    draft.first.extra["tax"] = {"taxCalculationBreakdowns": [{"reportingScheme": "IOSS"}]}


@case("very long title")
def long_title(draft: Draft) -> None:
    draft.first.extra["product"] = {"title": _LONG.strip()}


@case("emoji and right to left", weight=2)
def unicode_texts(draft: Draft) -> None:
    draft.address["name"] = draft.buyer["buyerName"] = "נועה אל-חדד 🌻"
    gift = {"giftMessage": "🎂🎉 مبروك! Zażółć gęślą jaźń\n— 爺より", "giftWrapLevel": "Classic"}
    draft.first.extra["fulfillment"] = {"packing": {"giftOption": gift}}
    draft.first.extra["product"] = {"title": "كوب ☕ “Enamel” <Mug> & Saucer, 9½″"}


@case("one-word name")
def one_word_name(draft: Draft) -> None:
    draft.address["name"] = draft.buyer["buyerName"] = "Sukarno"


@case("sent to somebody else", weight=2)
def sent_to_somebody_else(draft: Draft) -> None:
    draft.address["name"] = "Reception, c/o Robin van der Meer-Østergård"


@case("without a phone")
def without_phone(draft: Draft) -> None:
    draft.address.pop("phone")


@case("impossible phone")
def impossible_phone(draft: Draft) -> None:
    draft.address["phone"] = "0000000000"


@case("missing state", channels=("amazon-us", "amazon-ca", "amazon-au"))
def missing_state(draft: Draft) -> None:
    draft.address.pop("stateOrRegion")


@case("postal code of another state", channels=("amazon-us",))
def wrong_postal_code(draft: Draft) -> None:
    draft.address |= {"city": "Austin", "stateOrRegion": "TX", "postalCode": "90210"}


@case("state in odd letters", channels=("amazon-us",))
def odd_state(draft: Draft) -> None:
    place = {"city": "los angeles", "stateOrRegion": "californiA", "postalCode": "90026"}
    draft.address |= place


@case("Puerto Rico", channels=("amazon-us",))
def puerto_rico(draft: Draft) -> None:
    draft.address |= {"addressLine1": "21 Calle del Farol", "city": "San Juan"}
    draft.address |= {"stateOrRegion": "PR", "postalCode": "00907", "phone": "+1 787-555-0134"}


@case("military post", channels=("amazon-us",))
def military_post(draft: Draft) -> None:
    draft.address |= {"addressLine1": "PSC 1234, Box 5678", "city": "APO"}
    draft.address |= {"stateOrRegion": "AE", "postalCode": "09021"}


@case("village without a county", channels=("amazon-uk",))
def british_village(draft: Draft) -> None:
    draft.address |= {"addressLine1": "The Lamp House", "addressLine2": "Gorsebank"}
    draft.address |= {"city": "ST. IVES", "postalCode": "TR26 1AB"}
    draft.address.pop("stateOrRegion", None)


@case("Packstation", channels=("amazon-de",))
def packstation(draft: Draft) -> None:
    draft.address |= {"addressLine1": "1234567890", "addressLine2": "Packstation 145"}
    draft.address["addressType"] = "PICKUP_POINT"


@case("German street in the second line", channels=("amazon-de",))
def street_in_second_line(draft: Draft) -> None:
    draft.address["addressLine2"] = draft.address.pop("addressLine1")


@case("Japanese address without a city", channels=("amazon-jp",))
def japanese_address(draft: Draft) -> None:
    draft.address["addressLine1"] = draft.address.pop("city") + draft.address["addressLine1"]


@case("Brazilian address in parts", channels=("amazon-br",))
def brazilian_address(draft: Draft) -> None:
    draft.address["extendedFields"] |= {"complement": "Casa 2, fundos"}
    draft.address["addressLine2"] = "Casa 2, fundos"


@case("sent abroad", channels=("amazon-de", "amazon-fr"))
def sent_abroad(draft: Draft) -> None:
    draft.address |= {"addressLine1": "Laternensteig 4", "city": "Wien", "postalCode": "1010"}
    draft.address |= {"countryCode": "AT", "phone": "+43 1 3456789"}
    draft.address.pop("stateOrRegion", None)


def _at_business_price(order: Json) -> None:
    for item in order["orderItems"]:
        item["product"]["price"]["priceDesignation"] = "BUSINESS_PRICE"


def _register(draft: Draft, kind: str, number: str) -> None:
    registration = {"entityType": "BUYER", "taxRegistrationType": kind}
    registration |= {"taxRegistrationNumber": number, "legalName": draft.buyer["buyerName"]}
    draft.extra.setdefault("tax", {}).setdefault("taxRegistrations", []).append(registration)


def _paid_by_card(order: Json) -> None:
    execution = {
        "paymentMethod": "CreditCard",
        "paymentAmount": dict(order["proceeds"]["grandTotal"]),
        "acquirerId": "01.027.058/0001-91",
        "cardBrand": "Visa",
        "authorizationCode": "123456",
    }
    order["payment"] = {"paymentExecutions": [execution]}
