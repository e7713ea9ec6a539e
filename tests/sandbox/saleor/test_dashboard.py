"""The simulated Dashboard: which extensions a shop takes, and what tokens its frames get."""

import json
from typing import Any

import jwt
import pytest

from saleor_amazon_app.saleor.manifest import build_manifest
from saleor_amazon_app.sandbox.saleor.app import create_app
from saleor_amazon_app.sandbox.saleor.extensions import Extension, problem_of
from saleor_amazon_app.sandbox.saleor.ids import to_global
from saleor_amazon_app.sandbox.saleor.model import App
from saleor_amazon_app.sandbox.saleor.state import State

WIDGET = {"label": "W", "url": "/w", "mount": "ORDER_DETAILS_WIDGETS", "target": "WIDGET"}
POPUP = {"label": "P", "url": "/p", "mount": "ORDER_DETAILS_MORE_ACTIONS"}
HOME = {"label": "H", "url": "/h", "mount": "HOMEPAGE_WIDGETS", "target": "WIDGET"}


def manifest(*extensions: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = {"appUrl": "https://app.example/app", "permissions": ["MANAGE_ORDERS"]}
    return told | more | {"extensions": list(extensions)}


@pytest.mark.parametrize(
    ("version", "extension", "fault"),
    [
        ("3.21.69", POPUP, None),
        ("3.21.69", WIDGET, "Incorrect value for field: mount"),
        ("3.21.69", POPUP | {"target": "NEW_TAB"}, "Incorrect value for field: target"),
        ("3.22.67", WIDGET, None),
        ("3.22.67", HOME, "Incorrect value for field: mount"),
        ("3.23.28", HOME, None),
        ("3.23.28", POPUP | {"mount": "SOMETHING_NEW"}, None),
    ],
)
def test_each_version_takes_the_extension_points_it_knows(
    version: str, extension: dict[str, Any], fault: str | None
) -> None:
    found = problem_of(manifest(extension), version)
    assert found == (fault and f"extensions: ['{fault}']")


@pytest.mark.parametrize(
    ("extensions", "more", "fault"),
    [
        ([{"label": "P", "url": "/p"}], {}, "Field required: mount"),
        ([POPUP], {"appUrl": None}, "Incorrect value for field: url."),
        ([POPUP | {"url": "ftp://x"}], {}, "Incorrect value for field: url."),
        (
            [POPUP | {"permissions": ["HANDLE_PAYMENTS"]}],
            {},
            "Extension permission must be listed in App's permissions.",
        ),
        (
            [POPUP | {"identifier": "a"}, POPUP | {"identifier": " a "}],
            {},
            "Duplicate extension identifier: a.",
        ),
        (
            [POPUP | {"identifier": "a" * 257}],
            {},
            "Identifier is too long. Maximum length is 256 characters.",
        ),
    ],
)
def test_a_manifest_is_refused_in_saleors_words(
    extensions: list[dict[str, Any]], more: dict[str, Any], fault: str
) -> None:
    assert problem_of(manifest(*extensions, **more), "3.23.28") == f"extensions: ['{fault}']"


def test_identifiers_may_be_left_out_more_than_once() -> None:
    assert problem_of(manifest(POPUP, POPUP | {"identifier": " "}), "3.23.28") is None


@pytest.mark.parametrize("version", ["3.21.69", "3.22.67", "3.23.28"])
def test_the_apps_own_manifest_is_taken_by_each_version(version: str) -> None:
    told = build_manifest("https://app.example", version)
    assert problem_of(told, version) is None
    assert told["extensions"]


@pytest.fixture
def shop() -> State:
    state = State()
    refund = Extension(
        id=8,
        label="Refund",
        url="/r",
        mount="ORDER_DETAILS_MORE_ACTIONS",
        permissions=["HANDLE_PAYMENTS"],
        identifier="refund",
    )
    state.shop.apps[7] = App(
        id=7,
        identifier="x",
        name="X",
        version="1",
        token="t",
        permissions=["MANAGE_ORDERS", "HANDLE_PAYMENTS"],
        manifest_url="https://app.example",
        app_url="https://app.example/app",
        extensions=[refund],
    )
    return state


def claims(shop: State, **asked: Any) -> dict[str, Any]:
    client = create_app(shop).test_client()
    body = {"app": to_global("App", 7), "permissions": ["MANAGE_ORDERS", "MANAGE_APPS"]} | asked
    told = client.post("/dashboard/token", json=body)
    return dict(jwt.decode(json.loads(told.text)["token"], options={"verify_signature": False}))


def test_a_pages_token_holds_what_app_and_person_share(shop: State) -> None:
    found = claims(shop)
    assert found["permissions"] == ["MANAGE_ORDERS"]
    assert found["user_permissions"] == ["MANAGE_ORDERS", "MANAGE_APPS"]
    assert found["type"] == "thirdparty"
    assert found["exp"] - found["iat"] == 300
    assert "app_extension" not in found


def test_an_extensions_token_is_narrowed_to_it(shop: State) -> None:
    extension = to_global("AppExtension", 8)
    found = claims(shop, extension=extension, permissions=["MANAGE_ORDERS", "HANDLE_PAYMENTS"])
    assert found["permissions"] == ["HANDLE_PAYMENTS"]
    assert found["app_extension"] == extension


@pytest.mark.parametrize(
    "asked", [{"app": "nonsense"}, {"extension": to_global("AppExtension", 9)}]
)
def test_there_is_no_token_for_what_there_is_not(shop: State, asked: dict[str, Any]) -> None:
    body = {"app": to_global("App", 7), "permissions": []} | asked
    assert create_app(shop).test_client().post("/dashboard/token", json=body).status_code == 404


@pytest.mark.parametrize(
    ("target", "app_url", "url", "told"),
    [
        ("POPUP", "https://app.example/app", "/r", "https://app.example/r"),
        ("POPUP", "https://app.example/app/", "/r", "https://app.example/app/r"),
        ("POPUP", "https://app.example", "/r", "https://app.example/r"),
        ("POPUP", "https://app.example/app", "https://a.example/r", "https://a.example/r"),
        ("WIDGET", "https://app.example/app", "/r", "/r"),
        ("APP_PAGE", "https://app.example/app", "/r", "/r"),
    ],
)
def test_the_path_of_a_popup_takes_the_place_of_the_apps_last_part(
    shop: State, target: str, app_url: str, url: str, told: str
) -> None:
    app = shop.shop.apps[7]
    app.app_url = app_url
    app.extensions[0].target, app.extensions[0].url = target, url
    session = json.loads(create_app(shop).test_client().get("/dashboard/session").text)
    assert session["apps"][0]["extensions"][0]["url"] == told


def test_the_session_lists_active_apps_with_their_extensions(shop: State) -> None:
    client = create_app(shop).test_client()
    (app,) = json.loads(client.get("/dashboard/session").text)["apps"]
    assert [extension["identifier"] for extension in app["extensions"]] == ["refund"]
    shop.shop.apps[7].is_active = False
    assert json.loads(client.get("/dashboard/session").text)["apps"] == []
