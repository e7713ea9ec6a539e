import pytest

from saleor_amazon_app.sandbox.amazon.state import State
from tests.sandbox.amazon.amazon import SEARCH, SELLER, TOKEN, Caller, Client


def test_a_refresh_token_gives_an_access_token_of_an_hour(call: Caller) -> None:
    told = call.token().json
    assert told["access_token"].startswith("Atza|")
    assert (told["token_type"], told["expires_in"]) == ("bearer", 3600)
    assert told["refresh_token"] == TOKEN


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": "wrong"}, 400, "invalid_grant"),
        ({"refresh_token": ""}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "authorization_code", "code": "wrong"}, 400, "invalid_grant"),
        ({"grant_type": "client_credentials"}, 400, "invalid_request"),
    ],
)
def test_a_wrong_grant_is_refused(
    call: Caller, form: dict[str, str], status: int, error: str
) -> None:
    answer = call.token(**form)
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert answer.json["error_description"]


def test_a_revoked_refresh_token_is_refused_and_so_are_its_access_tokens(
    client: Client, call: Caller
) -> None:
    assert call.search().status_code == 200
    client.post(f"/control/sellers/{SELLER}/revoke")
    assert call.token().json["error"] == "invalid_grant"
    assert call.search().status_code == 403
    client.post(f"/control/sellers/{SELLER}/restore")
    assert call.search().status_code == 200


def test_a_token_expires_after_an_hour_of_the_clock(state: State, call: Caller) -> None:
    assert call.search().status_code == 200
    state.clock.advance(3599)
    assert call.search().status_code == 200
    state.clock.advance(1)
    refused = call.search()
    assert refused.status_code == 403
    assert refused.json["errors"] == [
        {
            "code": "Unauthorized",
            "message": "Access to requested resource is denied.",
            "details": "The access token you provided has expired.",
        }
    ]
    assert "x-amzn-RateLimit-Limit" not in refused.headers


@pytest.mark.parametrize("token", [None, "", "Atza|made-up", "no prefix", "Atza|ö"])
def test_without_a_valid_token_access_is_denied(client: Client, token: str | None) -> None:
    headers = {} if token is None else {"x-amz-access-token": token}
    answer = client.get(SEARCH, headers=headers)
    assert answer.status_code == 403
    assert answer.json["errors"][0]["code"] == "Unauthorized"


def test_a_code_is_exchanged_once_and_within_five_minutes(
    state: State, client: Client, call: Caller
) -> None:
    def code() -> str:
        told = client.post(f"/control/sellers/{SELLER}/authorize").json
        return str(told["spapi_oauth_code"])

    def exchange(code: str) -> int:
        return int(call.token(grant_type="authorization_code", code=code).status_code)

    first, late = code(), code()
    assert exchange(first) == 200
    assert exchange(first) == 400
    state.clock.advance(301)
    assert exchange(late) == 400


def test_a_grantless_token_reads_no_orders(call: Caller) -> None:
    scope = "sellingpartnerapi::notifications"
    told = call.token(grant_type="client_credentials", scope=scope).json
    assert "refresh_token" not in told
    call.access_token = told["access_token"]
    assert call.search().status_code == 403
