"""The manifest, as each version of Saleor may read it."""

import struct
from pathlib import Path
from typing import Any

import pytest

import saleor_amazon_app
from saleor_amazon_app.saleor.manifest import _for_version, build_manifest
from saleor_amazon_app.saleor.versions import parse_version

BASE = "https://app.example"


@pytest.mark.parametrize("version", ["3.20", "3.21", "3.22", "3.23", "3.23.28", None, "nonsense"])
def test_the_public_address_is_filled_in_everywhere(version: str | None) -> None:
    manifest = build_manifest(BASE, version)
    for name in ("appUrl", "tokenTargetUrl", "homepageUrl", "supportUrl", "dataPrivacyUrl"):
        assert manifest[name].startswith(f"{BASE}/")
    assert manifest["brand"]["logo"]["default"] == f"{BASE}/static/logo.png"
    assert "$" not in str(manifest)


def test_the_permissions_are_the_fewest_that_do() -> None:
    assert set(build_manifest(BASE, "3.23")["permissions"]) == {
        "MANAGE_ORDERS",
        "MANAGE_ORDERS_IMPORT",
        "HANDLE_PAYMENTS",
    }


def test_the_version_is_the_packages() -> None:
    assert build_manifest(BASE, None)["version"] == saleor_amazon_app.__version__


def test_addresses_that_saleor_joins_do_not_end_in_a_slash() -> None:
    assert not build_manifest(BASE, None)["appUrl"].endswith("/")


@pytest.mark.parametrize(
    ("version", "names", "identified"),
    [("3.21", ["old"], False), ("3.22", ["old", "newer"], False), ("3.23", ["old", "newer"], True)],
)
def test_what_a_version_does_not_know_is_left_out(
    version: str, names: list[str], identified: bool
) -> None:
    source: dict[str, Any] = {
        "extensions": [
            {"label": "old", "identifier": "x", "fieldsSince": {"identifier": "3.23"}},
            {"label": "newer", "minimumSaleorVersion": "3.22"},
        ]
    }
    made = _for_version(source, parse_version(version))["extensions"]
    assert [extension["label"] for extension in made] == names
    assert ("identifier" in made[0]) is identified
    assert "fieldsSince" not in made[0]
    assert "minimumSaleorVersion" not in made[-1]


def test_only_an_extension_point_of_3_21_is_offered_to_3_21() -> None:
    known = {
        "NAVIGATION_ORDERS",
        "ORDER_DETAILS_MORE_ACTIONS",
        "ORDER_OVERVIEW_CREATE",
        "ORDER_OVERVIEW_MORE_ACTIONS",
    }
    for extension in build_manifest(BASE, "3.21")["extensions"]:
        assert extension["mount"] in known
        assert extension["target"] in {"POPUP", "APP_PAGE"}
        assert "identifier" not in extension


def test_the_logo_is_a_square_png_of_at_least_256_pixels() -> None:
    static = Path(saleor_amazon_app.__file__).parent / "web" / "static"
    head = (static / "logo.png").read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    assert width == height >= 256


MOUNTS = {
    "3.21": {"NAVIGATION_ORDERS", "ORDER_DETAILS_MORE_ACTIONS", "ORDER_OVERVIEW_MORE_ACTIONS"},
    "3.22": {"ORDER_DETAILS_WIDGETS"},
    "3.23": {"HOMEPAGE_WIDGETS", "SEARCH_ACTION"},
}


@pytest.mark.parametrize("version", ["3.21", "3.22", "3.23"])
def test_each_version_is_offered_the_places_that_it_knows(version: str) -> None:
    """Saleor 3.21 and 3.22 refuse to install a manifest with a place that they do not know."""
    extensions = build_manifest(BASE, version)["extensions"]
    known = set().union(*(places for since, places in MOUNTS.items() if since <= version))
    assert {extension["mount"] for extension in extensions} == known
    assert all("options" not in e for e in extensions if e["target"] in ("POPUP", "APP_PAGE")) or (
        version == "3.23"
    )


def test_every_extension_has_an_identifier_of_its_own_and_a_permission() -> None:
    extensions = build_manifest(BASE, "3.23")["extensions"]
    names = [extension["identifier"] for extension in extensions]
    assert len(names) == len(set(names))
    for extension in extensions:
        assert "MANAGE_ORDERS" in extension["permissions"]
        # Saleor joins the path of a pop-up to the app's address without its last part.
        popup = extension["target"] == "POPUP"
        assert extension["url"].startswith(f"{BASE}/app/" if popup else "/")
    refund = next(e for e in extensions if e["identifier"] == "amazon-refund")
    assert "HANDLE_PAYMENTS" in refund["permissions"]


def test_widgets_are_got_so_that_they_can_talk_to_the_dashboard() -> None:
    extensions = build_manifest(BASE, "3.23")["extensions"]
    methods = [e["options"] for e in extensions if e["target"] == "WIDGET"]
    assert methods == [
        {"widgetTarget": {"method": "GET"}},
        {"homeWidgetTarget": {"method": "GET"}},
    ]
