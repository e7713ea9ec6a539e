"""Made-up buyers: names, streets that do not exist in towns that do, and numbers of the right form.

Towns, regions and postal codes belong together, because Saleor and carriers check that they do.
"""

# ruff: noqa: RUF001 - these letters are Turkish and Japanese, not mistaken Latin ones

import random
import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

Json = dict[str, Any]

_SECOND_LINE: Final = 0.3
"""How many addresses have one."""


@dataclass(frozen=True)
class Place:
    """A town with its region and one of its postal codes."""

    city: str
    region: str
    postal_code: str
    district: str = ""


@dataclass(frozen=True)
class Country:
    """What addresses look like in a country. In patterns ``#`` stands for a digit."""

    names: tuple[str, ...]
    streets: tuple[str, ...]
    second_lines: tuple[str, ...]
    places: tuple[Place, ...]
    phones: tuple[str, ...]
    companies: tuple[str, ...]


COUNTRIES: Final[Mapping[str, Country]] = {
    "US": Country(
        ("Avery Holloway", "Jordan Pike", "Marisol Vega", "Dwight O'Malley", "Priya Raman"),
        (
            "### Juniper Hollow Rd",
            "#### Old Lantern Ave",
            "### Quillfeather St",
            "#### Mossback Dr",
        ),
        ("Apt #B", "Unit 4##", "Ste 1##"),
        (
            Place("Brooklyn", "NY", "11201"),
            Place("Austin", "TX", "78704"),
            Place("Los Angeles", "CA", "90026"),
            Place("Chicago", "IL", "60614"),
            Place("Seattle", "WA", "98101"),
            Place("Denver", "CO", "80205-1234"),
        ),
        ("+1 347-448-3190 ext. #####", "+1 415-419-8616 ext. #####", "+1 206-555-01##"),
        ("Lanternworks LLC", "Hollow & Pike Inc."),
    ),
    "CA": Country(
        ("Noor Desrochers", "Liam Tremblay", "Aiyana Whitefeather", "Sophie Gagnon"),
        ("### Maplewick Cres", "#### Rue de la Lucarne", "## Birchbark Lane"),
        ("Apt ##", "Suite 3##"),
        (
            Place("Toronto", "ON", "M5V 2T6"),
            Place("Montreal", "QC", "H2X 1Y4"),
            Place("Vancouver", "BC", "V6B 1A1"),
            Place("Calgary", "AB", "T2P 1J9"),
        ),
        ("+1 416-555-01##", "+1 604-555-01##"),
        ("Maplewick Supply Ltd.",),
    ),
    "GB": Country(
        ("Imogen Thackeray", "Rhys Penhallow", "Adaeze Okafor", "Callum Strachan"),
        ("## Pennywhistle Lane", "1## Foxmantle Road", "Flat #, 2# Gorsebank Terrace"),
        ("Flat #", "The Old Forge"),
        (
            Place("London", "Greater London", "SW1A 1AA"),
            Place("Manchester", "Greater Manchester", "M1 1AE"),
            Place("Edinburgh", "", "EH1 1YZ"),
            Place("Cardiff", "South Glamorgan", "CF10 1EP"),
        ),
        ("+44 20 7946 0###", "+44 161 496 0###", "+44 113 496 0###"),
        ("Thackeray & Daughters Ltd",),
    ),
    "DE": Country(
        ("Jürgen Weißhaupt", "Änne Lindenblatt", "Mehmet Yıldız", "Friederike Sauerländer"),
        ("Fuchsbauweg ##", "Am Lerchenfenster #", "Mondscheingasse 1#a"),
        ("Hinterhaus, 2. OG", "c/o Lindenblatt"),
        (
            Place("Berlin", "Berlin", "10115"),
            Place("München", "Bayern", "80331"),
            Place("Köln", "Nordrhein-Westfalen", "50667"),
            Place("Dresden", "", "01067"),
        ),
        ("+49 30 23125 ###", "+49 171 39200##"),
        ("Weißhaupt Werkstätten GmbH",),
    ),
    "FR": Country(
        ("Éloïse Garancourt", "Théo Bellefontaine", "Inès Haddad", "Jean-Loup Marchandise"),
        ("## rue des Lanternes Bleues", "# bis allée du Hérisson", "1## avenue de la Girouette"),
        ("Bâtiment C, 3e étage", "Appt ##"),
        (
            Place("Paris", "", "75011"),
            Place("Lyon", "", "69003"),
            Place("Bordeaux", "", "33000"),
            Place("Strasbourg", "", "67000"),
        ),
        ("+33 1 99 00 ## ##", "+33 4 65 71 ## ##"),
        ("Garancourt SARL",),
    ),
    "TR": Country(
        ("Ayşe Gülümser", "Çağlar Öztoprak", "İlker Şimşekoğlu", "Zeynep Ağaoğlu"),
        ("Kuşyuvası Sokak No:##", "Fenerli Caddesi No:1##", "Ihlamur Sokağı No:#"),
        ("Kat 3 Daire #", "Kat #"),
        (
            Place("Kadıköy", "İstanbul", "34710", "Caferağa"),
            Place("Çankaya", "Ankara", "06690", "Kavaklıdere"),
            Place("Konak", "İzmir", "35210", "Alsancak"),
        ),
        ("+90 212 25# ## ##", "+90 532 21# ## ##"),
        ("Gülümser Ticaret A.Ş.",),
    ),
    "JP": Country(
        ("灯野 さくら", "風間 蓮", "月岡 美咲", "John Smith"),
        ("灯影町1-#-#", "風見2丁目#番#号", "月待台3-1#-#"),
        ("コーポ灯 2##号室", "メゾン風見 1##"),
        (
            Place("渋谷区", "東京都", "150-0002"),
            Place("大阪市北区", "大阪府", "530-0001"),
            Place("札幌市中央区", "北海道", "060-0001"),
        ),
        ("+81 3-3570-####", "+81 90-1790-####"),
        ("株式会社灯影堂",),
    ),
    "BR": Country(
        ("Luzia Cavalcanti", "Thiago Vasconcelos", "João Pedro Assunção", "Iara Montenegro"),
        ("Rua dos Vaga-lumes, ###", "Avenida do Lampião, 1##", "Travessa da Cumeeira, ##"),
        ("Apartamento ##", "Bloco B"),
        (
            Place("São Paulo", "SP", "01310-100", "Bela Vista"),
            Place("Rio de Janeiro", "RJ", "20040-020", "Centro"),
            Place("Belo Horizonte", "MG", "30130-010", "Centro"),
        ),
        ("+55 11 91234-5###", "+55 21 98765-4###"),
        ("Cavalcanti Comércio Ltda",),
    ),
    "AU": Country(
        ("Matilda Brightwater", "Jack Warrigal", "Thi Nguyen", "Eloise Carmody"),
        ("## Bandicoot Close", "1## Lamplighter Parade", "#/2# Jacaranda Bend"),
        ("Unit #", "Level 2"),
        (
            Place("Sydney", "NSW", "2000"),
            Place("Melbourne", "VIC", "3000"),
            Place("Brisbane", "QLD", "4000"),
            Place("Perth", "WA", "6000"),
        ),
        ("+61 2 5550 ####", "+61 491 570 ###"),
        ("Brightwater Pty Ltd",),
    ),
}


def fill(rng: random.Random, pattern: str) -> str:
    """Replace each ``#`` by a digit; the first of a number is none to begin with 0."""
    digits = (rng.choice("123456789") if c == "#" else c for c in pattern)
    return "".join(digits)


def buyer_name(rng: random.Random, country: str) -> str:
    return rng.choice(COUNTRIES[country].names)


def company(rng: random.Random, country: str) -> str:
    return rng.choice(COUNTRIES[country].companies)


def relay_email(rng: random.Random, marketplace_name: str) -> str:
    """Return an address as Amazon gives it instead of the buyer's own."""
    local = "".join(rng.choices(string.ascii_lowercase + string.digits, k=14))
    return f"{local}@marketplace.{marketplace_name.lower()}"


def address(rng: random.Random, country: str, name: str) -> Json:
    """Return a delivery address; parts that a country does not use are left out."""
    shape = COUNTRIES[country]
    place = rng.choice(shape.places)
    parts = {
        "name": name,
        "addressLine1": fill(rng, rng.choice(shape.streets)),
        "addressLine2": fill(rng, rng.choice(shape.second_lines))
        if rng.random() < _SECOND_LINE
        else "",
        "city": place.city,
        "districtOrCounty": place.district,
        "stateOrRegion": place.region,
        "postalCode": place.postal_code,
        "countryCode": country,
        "phone": fill(rng, rng.choice(shape.phones)),
        "addressType": "RESIDENTIAL",
    }
    told: Json = {key: value for key, value in parts.items() if value}
    if country == "BR":
        told["extendedFields"] = _brazilian(told)
    return told


def _brazilian(told: Json) -> Json:
    """Amazon splits Brazilian streets once more (the model: only with Brazil addresses)."""
    street, number = told["addressLine1"].rsplit(", ", 1)
    fields = {
        "streetName": street,
        "streetNumber": number,
        "complement": told.get("addressLine2", ""),
        "neighborhood": told.get("districtOrCounty", ""),
    }
    return {key: value for key, value in fields.items() if value}
