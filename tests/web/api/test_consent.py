"""Connecting through Amazon's consent page: bound to shop, person and browser, good once."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from pydantic import HttpUrl
from sqlalchemy import select

from saleor_amazon_app.sandbox.amazon.lwa import issue_code
from saleor_amazon_app.store.models import Account
from saleor_amazon_app.sync.consents import Consents
from saleor_amazon_app.web import create_app
from tests.mirror.amazon_orders import DE, US
from tests.shop_world import ShopWorld
from tests.web.api.staff import Staff

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SELLER = "A1SELLER"
COOKIE = "amazon_consent"


@pytest.fixture
def staff(shop: ShopWorld) -> Staff:
    shop.services.settings = shop.services.settings.model_copy(
        update={"amazon_application_id": "amzn1.sp.solution.1"}
    )
    return Staff(shop)


def begun(staff: Staff, marketplace: str = DE) -> str:
    """Ask for the consent page; returns the path that the browser opens."""
    told = staff.post("/accounts/consent", {"marketplace_id": marketplace})
    url = urlsplit(told["url"])
    return f"{url.path}?{url.query}"


def gone(staff: Staff, path: str) -> dict[str, str]:
    """Follow the browser to Amazon; returns what Amazon is told."""
    answer = staff.client.get(path.replace("/connect", "/go"))
    assert answer.status_code == 303, answer.text
    url = urlsplit(answer.headers["Location"])
    return {"host": url.netloc, "path": url.path} | {
        name: values[0] for name, values in parse_qs(url.query).items()
    }


def came_back(staff: Staff, state: str, client: Any = None, **changes: str) -> Any:
    told = {
        "state": state,
        "selling_partner_id": SELLER,
        "spapi_oauth_code": issue_code(staff.shop.amazon, SELLER),
    }
    return (client or staff.client).get("/api/amazon/callback", query_string=told | changes)


def test_the_first_page_names_shop_and_person(staff: Staff) -> None:
    answer = staff.client.get(begun(staff))
    assert staff.shop.saleor_url in answer.text
    assert "@" in answer.text
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "language", "words"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de", "Weiter zu Amazon"),
        ("nl", "nl", "Verder naar Amazon"),
        ("fr,en;q=0.5", "en", "Go on to Amazon"),
        ("fr", "en", "Go on to Amazon"),
    ],
)
def test_the_pages_speak_the_browsers_language(
    staff: Staff, accepted: str, language: str, words: str
) -> None:
    headers = {"Accept-Language": accepted}
    text = staff.client.get(begun(staff), headers=headers).text
    assert f'<html lang="{language}">' in text
    assert words in text
    refused = staff.client.get("/api/amazon/connect?ticket=unknown", headers=headers)
    assert refused.status_code == 400
    assert ("Begin again" in refused.text) == (language == "en")


@pytest.mark.parametrize(
    ("marketplace", "host"),
    [(DE, "sellercentral-europe.amazon.com"), (US, "sellercentral.amazon.com")],
)
def test_amazon_is_told_app_state_and_where_to_return(
    staff: Staff, marketplace: str, host: str
) -> None:
    told = gone(staff, begun(staff, marketplace))
    assert (told["host"], told["path"]) == (host, "/apps/authorize/consent")
    assert told["application_id"] == "amzn1.sp.solution.1"
    assert told["redirect_uri"] == f"{staff.shop.services.settings.base_url}/api/amazon/callback"
    assert "version" not in told
    cookie = staff.client.get_cookie(COOKIE, path="/api/amazon")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_a_draft_asks_for_its_draft(staff: Staff) -> None:
    staff.shop.services.settings = staff.shop.services.settings.model_copy(
        update={"amazon_application_is_draft": True}
    )
    assert gone(staff, begun(staff))["version"] == "beta"


def test_the_account_that_consented_is_connected_and_it_is_recorded_who_asked(
    staff: Staff,
) -> None:
    with staff.shop.services.database.tenant(staff.shop.tenant_id) as session:
        session.scalars(select(Account)).one().state = "authorisation_lost"
    answer = came_back(staff, gone(staff, begun(staff))["state"])
    assert (answer.status_code, "Connected" in answer.text) == (200, True)
    (account,) = staff.get("/accounts")["items"]
    assert (account["seller_id"], account["state"]) == (SELLER, "connected")
    change = staff.get("/changes")["items"][0]
    assert change["action"]["code"] == "change.account_connected"
    assert "@" in change["by"]


def test_the_whole_way_through_the_simulated_consent_page(staff: Staff, amazon_url: str) -> None:
    staff.shop.services.settings = staff.shop.services.settings.model_copy(
        update={"amazon_seller_central": HttpUrl(amazon_url)}
    )
    answer = staff.client.get(begun(staff).replace("/connect", "/go"))
    page = answer.headers["Location"]
    assert page.startswith(f"{amazon_url}/apps/authorize/consent?")
    assert SELLER in requests.get(page, timeout=10).text
    back = requests.post(page, data={"seller": SELLER}, timeout=10, allow_redirects=False)
    url = urlsplit(back.headers["Location"])
    assert "Connected" in staff.client.get(f"{url.path}?{url.query}").text


@pytest.mark.parametrize("missing", ["application_id", "state", "redirect_uri"])
def test_the_simulated_consent_page_refuses_what_amazons_does(
    staff: Staff, amazon_url: str, missing: str
) -> None:
    told = {"application_id": "amzn1.sp.solution.1", "state": "s", "redirect_uri": "http://a/b"}
    url = f"{amazon_url}/apps/authorize/consent"
    assert requests.get(url, params=told, timeout=10).status_code == 200
    answer = requests.get(url, params=told | {missing: ""}, timeout=10)
    assert (answer.status_code, "is missing" in answer.text) == (400, True)


def test_a_ticket_and_a_state_are_good_once(staff: Staff) -> None:
    path = begun(staff)
    state = gone(staff, path)["state"]
    assert staff.client.get(path).status_code == 400
    assert staff.client.get(path.replace("/connect", "/go")).status_code == 400
    cookie = staff.client.get_cookie(COOKIE, path="/api/amazon")
    assert cookie is not None
    assert came_back(staff, state).status_code == 200
    staff.client.set_cookie(COOKIE, cookie.value, path="/api/amazon")
    assert came_back(staff, state).status_code == 400


def test_another_browser_cannot_end_what_this_one_began(staff: Staff) -> None:
    state = gone(staff, begun(staff))["state"]
    other = create_app(staff.shop.services).test_client()
    assert came_back(staff, state, other).status_code == 400
    other.set_cookie(COOKIE, f"{state}.guessed", path="/api/amazon")
    assert came_back(staff, state, other).status_code == 400


@pytest.mark.parametrize("state", ["", "nonsense"])
def test_a_state_that_was_not_given_connects_nothing(staff: Staff, state: str) -> None:
    gone(staff, begun(staff))
    answer = came_back(staff, state)
    assert answer.status_code == 400
    assert "Begin again" in answer.text


def test_a_code_that_amazon_does_not_honour_connects_nothing(staff: Staff) -> None:
    answer = came_back(staff, gone(staff, begun(staff))["state"], spapi_oauth_code="ANwrong")
    assert answer.status_code == 400
    assert "ANwrong" not in answer.text


def test_amazons_log_in_detour_leads_back_to_amazon(staff: Staff) -> None:
    state = gone(staff, begun(staff))["state"]
    told = {
        "amazon_callback_uri": "https://sellercentral-europe.amazon.com/apps/authorize/confirm/1",
        "amazon_state": "theirs",
        "selling_partner_id": SELLER,
    }
    answer = staff.client.get("/api/amazon/login", query_string=told)
    assert answer.status_code == 303
    url = urlsplit(answer.headers["Location"])
    assert url.netloc == "sellercentral-europe.amazon.com"
    query = parse_qs(url.query)
    assert (query["state"], query["amazon_state"]) == ([state], ["theirs"])
    assert came_back(staff, state).status_code == 200


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/apps",
        "http://sellercentral.amazon.com/apps",
        "https://sellercentral.amazon.com.evil.example/",
        "https://sellercentral.amazon.com@evil.example/",
        "javascript:alert(1)",
        "",
    ],
)
def test_the_log_in_detour_leads_nowhere_else(staff: Staff, url: str) -> None:
    gone(staff, begun(staff))
    told = {"amazon_callback_uri": url, "amazon_state": "x"}
    assert staff.client.get("/api/amazon/login", query_string=told).status_code == 400


def test_without_an_application_id_the_page_says_so(shop: ShopWorld) -> None:
    staff = Staff(shop)
    told = staff.get("/accounts/choices")
    assert not told["by_consent"]
    assert told["why_not_by_consent"]["code"] == "why_not.no_application_id"
    problem = staff.refused("POST", "/accounts/consent", {"marketplace_id": DE})
    assert problem["code"] == "no_application_id"


def test_nothing_of_it_lies_in_redis_in_the_clear(staff: Staff) -> None:
    path = begun(staff)
    state = gone(staff, path)["state"]
    redis = staff.shop.services.redis
    names = list(redis.scan_iter("amazon-consent:*"))
    kept = repr([(name, redis.get(name)) for name in names])
    assert len(names) == 1
    for secret in (state, "@", "graphql"):
        assert secret not in kept
    assert Consents(staff.shop.services).callback.endswith("/api/amazon/callback")
