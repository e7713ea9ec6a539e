"""Carriers: what Amazon calls the one that a merchant names, or that a tracking number shows.

Amazon takes only its own codes, in its own spelling; any other carrier is ``Other`` with a name
(SP-API page "Confirm the shipment status"; amzn/selling-partner-api-models#712, #866, #2530).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

OTHER: Final = "Other"
CARRIER_CODES: Final = (
    *("UPS", "UPSMI", "UPS Mail Innovations", "FedEx", "FedEx SmartPost", "DHL", "DHL Express"),
    *("DHL eCommerce", "DHL Global Mail", "TNT", "Aramex", "DPD", "GLS", "Asendia"),
    *("Landmark Global", "Amazon Shipping", "USPS", "OnTrac", "Lasership", "Newgistics", "OSM"),
    *("Canada Post", "PUROLATOR", "Royal Mail", "Parcelforce", "Yodel", "Hermes UK"),
    *("DPD Local", "UK MAIL", "APC Overnight", "Whistl", "Deutsche Post", "DHL-Paket", "Hermes"),
    *("Hermes Logistik Gruppe", "AT POST", "Swiss post", "La Poste", "Colissimo", "Chronopost"),
    *("Colis Prive", "Mondial Relay", "Post NL", "BPOST", "Correos", "Correos Express", "Seur"),
    *("MRW", "Nacex", "Poste Italiane", "SDA", "BRT", "InPost", "Polish Post", "PostNord"),
    *("PTT Kargo", "Japan Post", "YAMATO", "SAGAWA", "China Post", "SF Express", "Yun Express"),
    *("4PX", "Singapore Post", "Australia Post", "Sendle", "Fastway", "India Post", "BlueDart"),
    *("Delhivery", "DTDC", "Emirates Post", "Correios", OTHER, "Self Delivery"),
)
"""The most used of the 418 codes of the OrderFulfillment schema, spelt as there.

Source: the public copy of the schema in abuzuhri/Amazon-SP-API-CSharp.
"""
DEFAULT_TABLE: Final[Mapping[str, str]] = {
    "ups standard": "UPS",
    "ups ground": "UPS",
    "united parcel service": "UPS",
    "federal express": "FedEx",
    "fedex ground": "FedEx",
    "fedex express": "FedEx",
    "fedex home delivery": "FedEx",
    "us postal service": "USPS",
    "united states postal service": "USPS",
    "laser ship": "Lasership",
    "canadapost": "Canada Post",
    "postes canada": "Canada Post",
    "royalmail": "Royal Mail",
    "royal mail tracked 24": "Royal Mail",
    "royal mail tracked 48": "Royal Mail",
    "parcel force": "Parcelforce",
    "parcelforce worldwide": "Parcelforce",
    "evri": "Hermes UK",
    "myhermes": "Hermes UK",
    "hermes germany": "Hermes",
    "hermes de": "Hermes",
    "myhermes de": "Hermes",
    "dhl germany": "DHL-Paket",
    "dhl de": "DHL-Paket",
    "dhl paket": "DHL-Paket",
    "dhl paket de": "DHL-Paket",
    "dhl parcel de": "DHL-Paket",
    "dhl worldwide express": "DHL Express",
    "dhl express germany": "DHL Express",
    "dhl ecommerce solutions": "DHL eCommerce",
    "deutsche post brief": "Deutsche Post",
    "dpd germany": "DPD",
    "dpd de": "DPD",
    "dpd uk": "DPD",
    "dpd france": "DPD",
    "gls germany": "GLS",
    "gls de": "GLS",
    "gls italy": "GLS",
    "gls spain": "GLS",
    "austrian post": "AT POST",
    "österreichische post": "AT POST",
    "post at": "AT POST",
    "die post": "Swiss post",
    "swisspost": "Swiss post",
    "la poste colissimo": "Colissimo",
    "colissimo la poste": "Colissimo",
    "laposte": "La Poste",
    "chrono post": "Chronopost",
    "colis privé": "Colis Prive",
    "mondialrelay": "Mondial Relay",
    "postnl": "Post NL",
    "bpost belgium": "BPOST",
    "correos de españa": "Correos",
    "correos spain": "Correos",
    "bartolini": "BRT",
    "poste italiane crono": "Poste Italiane",
    "poczta polska": "Polish Post",
    "inpost paczkomaty": "InPost",
    "post nord": "PostNord",
    "jp post": "Japan Post",
    "japanpost": "Japan Post",
    "日本郵便": "Japan Post",
    "ゆうパック": "Japan Post",
    "yamato transport": "YAMATO",
    "kuroneko yamato": "YAMATO",
    "ヤマト運輸": "YAMATO",
    "sagawa express": "SAGAWA",
    "佐川急便": "SAGAWA",
    "sfexpress": "SF Express",
    "yunexpress": "Yun Express",
    "singpost": "Singapore Post",
    "auspost": "Australia Post",
    "blue dart": "BlueDart",
    "amazon logistics": "Amazon Shipping",
}
"""Common spellings; case, blanks and punctuation do not matter."""
_LONGEST_NAME: Final = 50
"""CarrierName is a String of the schema."""
_PARAMETERS: Final = frozenset(
    (
        *("tracking", "trackingnumber", "trackingnumbers", "trackingno", "trackingnum"),
        *("trackingid", "trackingcode", "tracknumber", "tracknumbers", "tracknum", "trackno"),
        *("trackid", "trackcode", "trknbr", "trk", "tracknums", "tlabels", "qtctlabels1"),
        *("inquirynumber1", "idc", "piececode", "parcelnumber", "parcelno", "parcelnr"),
        *("parcelid", "parcelcode", "consignment", "consignmentnumber", "awb", "awbnumber"),
        *("waybill", "waybillnumber", "shipmentnumber", "shipmentid", "barcode", "mailnum"),
        *("nums", "match", "reqcodeno1", "number01", "okurijono", "numerocolis", "listenumeros"),
    )
)
"""Names of parameters in the carriers' own links, without case and punctuation."""


@dataclass(frozen=True)
class Carrier:
    """A carrier as Amazon wants it; ``name`` is set only for ``Other``. ``why`` is for people."""

    code: str
    name: str
    why: str


def recognise(tracking_number: str) -> str | None:
    """Return the code of the carrier whose numbers have this form; None unless it is clear.

    Only forms with a check digit or a prefix of their own count, and none that two carriers
    share: fourteen digits are DPD's as well as Hermes's. Source of the forms: the carriers' label
    specifications as collected in jkeen/tracking_number_data; of S10 the UPU's standard.
    """
    # Japanese keyboards write digits and letters of full width.
    number = re.sub(r"[\s.-]", "", unicodedata.normalize("NFKC", tracking_number)).upper()
    if not number.isascii():
        return None
    if found := _S10.fullmatch(number):
        return _postal_carrier(number, found["service"], found["country"])
    found_codes = {code for form, holds, code in _FORMS if form.fullmatch(number) and holds(number)}
    return found_codes.pop() if len(found_codes) == 1 and found_codes <= _CLEAR else None


def tracking_number_of(text: str) -> str:
    """Return the number in a tracking link, or the text itself if it is none or hides it.

    Saleor takes a link where a tracking number belongs.
    """
    stripped = text.strip()
    link = _link(stripped)
    if link is None:
        return stripped
    told = [*parse_qsl(link.query), *parse_qsl(link.fragment.removeprefix("/").lstrip("?"))]
    named = (value for name, value in told if _plain(name) in _PARAMETERS)
    parts = (unquote(part) for part in reversed(link.path.split("/")))
    found = (*named, *(part for part in parts if recognise(part)))
    numbers = (value.split(",")[0].strip() for value in found)
    return next(filter(None, numbers), stripped)


def choose_carrier(
    told: str | None, tracking: str, table: Mapping[str, str], default: str | None
) -> Carrier:
    """Choose the carrier of a package.

    Args:
        told: Who the merchant says carries it.
        tracking: The tracking number, or a link with it.
        table: The merchant's own names: each means one of Amazon's codes, or any other name.
        default: Who carries it if neither the merchant nor the number says so.
    """
    if told and told.strip():
        return _named(told, table, f"the fulfilment names {_line(told)}")
    if code := recognise(tracking_number_of(tracking)):
        return Carrier(code, "", f"the tracking number has the form of {code}")
    if default and default.strip():
        return _named(default, table, f"{_line(default)} is the default")
    return Carrier(OTHER, OTHER, "nothing says who carries it")


def _named(name: str, table: Mapping[str, str], why: str) -> Carrier:
    """Look a name up: the merchant's table, Amazon's codes, the common spellings."""
    mine = _line(next((v for k, v in table.items() if _same(k, name) and v.strip()), ""))
    if mine:
        return _coded(mine, f"{why}, which the carrier table makes {mine}")
    code = _CODES.get(_plain(name)) or _SPELLINGS.get(_plain(name))
    return Carrier(code, "", why) if code and code != OTHER else _coded(_line(name), why)


def _coded(name: str, why: str) -> Carrier:
    code = _CODES.get(_plain(name), OTHER)
    return Carrier(code, _line(name) if code == OTHER else "", why)


def _link(text: str) -> SplitResult | None:
    if not re.match(r"(?i)https?://|www\.", text):
        return None
    try:
        return urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None


def _same(one: str, other: str) -> bool:
    return _line(one).casefold() == _line(other).casefold()


def _line(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_NAME].strip()


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name).casefold()


def _always(_number: str) -> bool:
    return True


def _weighted_mod_10(digits: str, extra: int = 0) -> bool:
    """Check GS1's digit: weights 3 and 1 from the right, before the last."""
    total = sum(int(d) * (3, 1)[i % 2] for i, d in enumerate(reversed(digits[:-1])))
    return (10 - (total + extra) % 10) % 10 == int(digits[-1])


def _ups(number: str) -> bool:
    values = [int(c) if c.isdigit() else (ord(c) - 63) % 10 for c in number[2:-1]]
    total = sum(values[::2]) + 2 * sum(values[1::2])
    return number[-1].isdigit() and (10 - total % 10) % 10 == int(number[-1])


def _usps(number: str) -> bool:
    """Check the label's number, before which the ZIP code may stand as 420 and 5 or 9 digits."""
    return _weighted_mod_10(re.sub(r"^420(\d{9}|\d{5})(?=9[1-5]\d{20}$)", "", number))


def _fedex(number: str) -> bool:
    total = sum(int(d) * (3, 1, 7)[i % 3] for i, d in enumerate(number[:-1]))
    return total % 11 % 10 == int(number[-1])


def _mod_7(number: str) -> bool:
    return int(number[:-1]) % 7 == int(number[-1])


def _gls(number: str) -> bool:
    return _weighted_mod_10(number, extra=1)


def _dpd(number: str) -> bool:
    """Check ISO 7064's MOD 37,36, which a DPD label prints behind the fourteen digits."""
    alphabet, product = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 36
    for character in number[:-1]:
        total = (product + alphabet.index(character)) % 36 or 36
        product = total * 2 % 37
    return alphabet[(37 - product) % 36] == number[-1]


def _sscc(number: str) -> bool:
    return _weighted_mod_10(number[2:])


def _s10_holds(number: str) -> bool:
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    check = 11 - sum(int(d) * w for d, w in zip(number[2:10], weights, strict=True)) % 11
    return {10: 0, 11: 5}.get(check, check) == int(number[10])


def _postal_carrier(number: str, service: str, country: str) -> str | None:
    """Return the post of a country, if its own letters and parcels have this service letter."""
    if not _s10_holds(number) or service in _OTHER_ARMS.get(country, ""):
        return None
    return _POSTS.get(country)


_Form = tuple[re.Pattern[str], Callable[[str], bool], str]
_S10: Final = re.compile(r"(?P<service>[A-Z])[A-Z]\d{9}(?P<country>[A-Z]{2})")
_POSTS: Final = {
    "AE": "Emirates Post",
    "AT": "AT POST",
    "AU": "Australia Post",
    "BE": "BPOST",
    "BR": "Correios",
    "CA": "Canada Post",
    "CH": "Swiss post",
    "CN": "China Post",
    "DE": "Deutsche Post",
    "DK": "PostNord",
    "ES": "Correos",
    "FR": "La Poste",
    "GB": "Royal Mail",
    "IN": "India Post",
    "IT": "Poste Italiane",
    "JP": "Japan Post",
    "NL": "Post NL",
    "PL": "Polish Post",
    "SE": "PostNord",
    "SG": "Singapore Post",
    "TR": "PTT Kargo",
    "US": "USPS",
}
_OTHER_ARMS: Final = {"DE": "CE", "ES": "E", "FR": "EX", "GB": "CEP"}
"""Service letters that another carrier of the same group uses there: DHL, Parcelforce and so on."""
_JAPANESE: Final = "one of Japan's"
_CLASHING_GLS: Final = "GLS's twelve digits"
_FORMS: Final[tuple[_Form, ...]] = (
    (re.compile(r"1Z[0-9A-Z]{16}"), _ups, "UPS"),
    (re.compile(r"(420\d{5}(\d{4})?)?9[1-5]\d{20}|9[1-5]\d{18,19}"), _usps, "USPS"),
    (re.compile(r"\d{12}"), _fedex, "FedEx"),
    (re.compile(r"\d{12}"), _mod_7, _JAPANESE),
    (re.compile(r"\d{12}"), _gls, _CLASHING_GLS),
    (re.compile(r"\d{15}"), _weighted_mod_10, "FedEx"),
    (re.compile(r"\d{14}[0-9A-Z]"), _dpd, "DPD"),
    (re.compile(r"0034043[34]\d{12}"), _sscc, "DHL-Paket"),
    (re.compile(r"JJD\d{15,20}|JVGL\d{14,20}"), _always, "DHL"),
    (re.compile(r"\d{10}"), _mod_7, "DHL Express"),
    (re.compile(r"H[0-9A-Z]{5}\d{10}"), _always, "Hermes UK"),
    (re.compile(r"H\d{19}"), _always, "Hermes"),
    (re.compile(r"TB[ABCM]\d{9,13}"), _always, "Amazon Shipping"),
)
_CLEAR: Final = frozenset(code for _, _, code in _FORMS) - {_JAPANESE, _CLASHING_GLS}
"""What a form may be recognised as; the others only make one unclear."""
_CODES: Final = {_plain(code): code for code in CARRIER_CODES}
_SPELLINGS: Final = {_plain(name): code for name, code in DEFAULT_TABLE.items()}
