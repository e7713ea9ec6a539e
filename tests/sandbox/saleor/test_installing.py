"""Installing an app: the handshake, its failures and what ends an app."""

from collections.abc import Iterator
from typing import Any

import jwt
import pytest
import requests

from saleor_amazon_app.sandbox.saleor.versions import satisfies
from tests.sandbox.saleor.app_server import Answer, AppServer, Call, app_server
from tests.sandbox.saleor.shops import Shop


@pytest.fixture
def app() -> Iterator[AppServer]:
    with app_server() as server:
        yield server


def install(shop: Shop, app: AppServer, **more: Any) -> requests.Response:
    return shop.control("/install", {"manifestUrl": f"{app.base}/manifest"} | more)


def test_the_token_works_inside_the_register_call(shop: Shop, app: AppServer) -> None:
    seen: dict[str, Any] = {}

    def register(call: Call) -> Answer:
        own = Shop(shop.state, shop.base, call.json["auth_token"])
        seen.update(own.ask("{ app { id isActive } }")["app"])
        return 200, {}

    app.on_register = register
    installed = install(shop, app)
    assert installed.status_code == 201
    assert seen == {"id": installed.json()["id"], "isActive": True}


def test_the_requests_are_those_of_the_real_server(shop: Shop, app: AppServer) -> None:
    install(shop, app)
    (manifest,), (register,) = app.at("/manifest"), app.at("/register")
    assert manifest.headers["saleor-schema-version"] == "3.23"
    assert manifest.headers["user-agent"] == "Saleor/3.23"
    assert "saleor-domain" not in manifest.headers
    domain = shop.base.removeprefix("http://")
    wanted = {
        "content-type": "application/json",
        "saleor-api-url": f"{shop.base}/graphql/",
        "saleor-domain": domain,
        "x-saleor-domain": domain,
        "saleor-schema-version": "3.23",
        "user-agent": "Saleor/3.23",
    }
    assert wanted.items() <= register.headers.items()
    assert "saleor-signature" not in register.headers
    assert list(register.json) == ["auth_token"]
    assert len(register.json["auth_token"]) == 30


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {"success": False, "error": {"message": "no jwks"}}), "no jwks"),
        ((404, {}), "App internal error (404). Try later or contact with app support."),
        ((500, ["x"]), "App internal error (500). Try later or contact with app support."),
    ],
)
def test_a_refusal_deletes_the_app(
    shop: Shop, app: AppServer, answer: Answer, message: str
) -> None:
    app.on_register = lambda _call: answer
    before = len(shop.state.shop.apps)
    told = install(shop, app)
    assert (told.status_code, told.json()["message"]) == (422, message)
    assert len(shop.state.shop.apps) == before
    dead = Shop(shop.state, shop.base, app.at("/register")[0].json["auth_token"])
    assert dead.post("{ app { id } }").json()["data"] == {"app": None}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"requiredSaleorVersion": ">=4"},
            "requiredSaleorVersion: ['Saleor version 3.23.28 is not supported by the app.']",
        ),
        ({"tokenTargetUrl": "nonsense"}, "tokenTargetUrl: ['Invalid target url.']"),
        (
            {"id": "test.app"},
            "identifier: ['App with the same identifier is already installed: test.app']",
        ),
        ({"name": None}, "name: ['This field is required.']"),
        (
            {"tokenTargetUrl": "http://127.0.0.1:9/x"},
            "Failed to connect to app. Try later or contact with app support.",
        ),
        (
            {"webhooks": [{"name": "w", "targetUrl": "http://x.y/", "query": "nonsense"}]},
            "webhooks: ['Subscription query is not valid: ",
        ),
    ],
)
def test_a_bad_manifest_is_refused(
    shop: Shop, app: AppServer, change: dict[str, Any], message: str
) -> None:
    app.manifest |= change
    assert install(shop, app).json()["message"].startswith(message)


def test_permissions_are_those_of_whoever_installs(shop: Shop, app: AppServer) -> None:
    assert install(shop, app, permissions=["MANAGE_ORDERS"]).json()["permissions"] == [
        "MANAGE_ORDERS"
    ]


def test_reinstalling_gives_a_new_id_and_a_new_token(shop: Shop, app: AppServer) -> None:
    first = install(shop, app).json()
    assert shop.control(f"/apps/{first['id']}/delete", {}).status_code == 204
    old = Shop(shop.state, shop.base, first["token"])
    assert old.post("{ app { id } }").json()["errors"][0]["extensions"]["exception"] == {
        "code": "PermissionDenied"
    }
    second = install(shop, app).json()
    assert first["id"] != second["id"]
    assert first["token"] != second["token"]


def test_a_deactivated_app_is_nobody(shop: Shop, app: AppServer) -> None:
    installed = install(shop, app).json()
    own = Shop(shop.state, shop.base, installed["token"])
    shop.control(f"/apps/{installed['id']}/deactivate", {})
    assert own.post("{ app { id } }").json()["data"] == {"app": None}
    shop.control(f"/apps/{installed['id']}/activate", {})
    assert own.ask("{ app { isActive } }") == {"app": {"isActive": True}}


def test_dashboard_tokens_carry_the_real_claims(shop: Shop, app: AppServer) -> None:
    installed = install(shop, app).json()
    told = shop.control("/tokens", {"permissions": ["MANAGE_ORDERS", "MANAGE_USERS"]}).json()
    keys = requests.get(f"{shop.base}/.well-known/jwks.json", timeout=5).json()["keys"]
    assert len(keys) == 1
    header = jwt.get_unverified_header(told["token"])
    assert (header["alg"], header["kid"]) == ("RS256", keys[0]["kid"])
    claims = jwt.decode(
        told["token"],
        jwt.PyJWK(keys[0]),
        algorithms=["RS256"],
        issuer=f"{shop.base}/graphql/",
        options={"require": ["exp", "iat"]},
    )
    assert claims["exp"] - claims["iat"] == 300
    assert claims["app"] == installed["id"]
    assert (claims["type"], claims["owner"], claims["is_staff"]) == ("thirdparty", "saleor", True)
    assert claims["permissions"] == ["MANAGE_ORDERS"]
    assert claims["user_permissions"] == ["MANAGE_ORDERS", "MANAGE_USERS"]


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        (">=3.21 <4", True),
        ("^3.22", True),
        ("~3.23.1", True),
        ("3.x", True),
        ("*", True),
        ("3.22 || 3.23", True),
        (">3.23", False),
        ("<=3.22", False),
        ("~3.22", False),
        ("^4", False),
    ],
)
def test_version_ranges(wanted: str, fits: bool) -> None:
    assert satisfies("3.23.28", wanted) is fits


def test_a_range_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="No version range"):
        satisfies("3.23.28", "latest!")
