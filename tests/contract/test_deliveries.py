"""What a real Saleor sent to the app: installation and webhooks, byte by byte, with its key."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from saleor_amazon_app.saleor import installing
from saleor_amazon_app.saleor.signatures import BadSignature, verify
from saleor_amazon_app.saleor.webhooks import definitions
from saleor_amazon_app.settings import Settings
from saleor_amazon_app.store.models import Delivery, Tenant
from saleor_amazon_app.store.tenants import save_installation
from saleor_amazon_app.sync import accounts
from saleor_amazon_app.sync.services import Services
from saleor_amazon_app.web import create_app
from tests.contract.conftest import RECORDED_AT
from tests.contract.shops import CASSETTES, real_shop, recorder

_FOLDER: Final = Path(__file__).parent / "recorded"
RECORDED: Final = json.loads((_FOLDER / "deliveries.json").read_text(encoding="utf-8"))
INSTALLED: Final = json.loads((_FOLDER / "installation.json").read_text(encoding="utf-8"))
DELIVERIES: Final = RECORDED["deliveries"]
ALLOWED: Final = {"allowed_saleor_urls": RECORDED_AT}


def named(delivery: Any) -> str:
    told = json.loads(delivery["body"])
    return f"{delivery['slug']} by {(told['issuingPrincipal'] or {}).get('__typename', 'nobody')}"


each_delivery = pytest.mark.parametrize("delivery", DELIVERIES, ids=named)


@each_delivery
def test_the_key_of_the_shop_verifies_the_bytes_and_no_others(delivery: Any) -> None:
    signature, body = delivery["headers"]["Saleor-Signature"], delivery["body"].encode()
    verify(signature, body, RECORDED["jwks"])
    with pytest.raises(BadSignature):
        verify(signature, body + b" ", RECORDED["jwks"])


def test_there_is_a_recording_of_each_webhook() -> None:
    wanted = {webhook.slug for webhook in definitions(RECORDED["saleor"])}
    assert {delivery["slug"] for delivery in DELIVERIES} == wanted


@pytest.fixture
def client(services: Services) -> Iterator[FlaskClient]:
    """The app with the tenant that the deliveries were for."""
    services.settings = Settings(**(services.settings.model_dump() | ALLOWED))
    with services.database.system() as session:
        save_installation(
            session,
            api_url=RECORDED_AT,
            app_id=RECORDED["app_id"],
            token=services.vault.seal("token"),
            jwks=RECORDED["jwks"],
            now=services.now(),
        )
    with create_app(services).test_client() as made:
        yield made


def deliver(client: FlaskClient, delivery: Any, body: str | None = None) -> Any:
    path = f"/api/webhooks/saleor/{delivery['slug']}"
    told = delivery["body"] if body is None else body
    return client.post(path, data=told.encode(), headers=delivery["headers"])


def test_each_delivery_is_taken_as_it_was(client: FlaskClient, services: Services) -> None:
    """What others did is stored, what the app did itself is not, and requests are answered."""
    for delivery in DELIVERIES:
        answer = deliver(client, delivery)
        assert (answer.status_code, answer.json) == (200, delivery["answer"]), named(delivery)
    with services.database.system() as session:
        stored = sorted(row.event for row in session.scalars(select(Delivery)))
    taken = (d["slug"] for d in DELIVERIES if d["answer"] != {"status": "echo"})
    assert stored == sorted(slug.upper().replace("-", "_") for slug in taken)


def test_a_delivery_that_was_changed_on_its_way_is_refused(
    client: FlaskClient, services: Services
) -> None:
    for delivery in DELIVERIES:
        forged = delivery["body"].replace("3.23.28", "3.23.29")
        assert forged != delivery["body"]
        assert deliver(client, delivery, forged).status_code == 401
    with services.database.system() as session:
        assert session.scalars(select(Delivery)).all() == []


def test_the_manifest_is_read_with_the_recorded_request(client: FlaskClient) -> None:
    told = client.get("/api/manifest", headers=INSTALLED["manifest"]["headers"]).json
    assert told is not None
    assert told["extensions"][0]["identifier"], "a field that only 3.23 knows"
    assert {w["name"] for w in told["webhooks"]} == {w.name for w in definitions("3.23")}


def test_the_recorded_installation_goes_through(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is proved by a call to the shop, whose answer is recorded too.

    vcrpy cannot replay in two threads at once, so one call comes after the other here.
    """
    one_by_one = partial(ThreadPoolExecutor, max_workers=1)
    monkeypatch.setattr(installing, "ThreadPoolExecutor", lambda max_workers: one_by_one())
    services.settings = Settings(**(services.settings.model_dump() | ALLOWED))
    register = INSTALLED["register"]
    with (
        recorder(record=False).use_cassette(str(CASSETTES / "verify_installation.yaml")),
        create_app(services).test_client() as client,
    ):
        answer = client.post(
            "/api/register",
            data=register["body"],
            headers=register["headers"],
            content_type="application/json",
        )
    assert answer.status_code == 200, answer.text
    with services.database.system() as session:
        (tenant,) = session.scalars(select(Tenant)).all()
    assert tenant.jwks == RECORDED["jwks"]
    assert tenant.id == accounts.tenant_of(services, RECORDED_AT)


def test_a_real_shops_token_is_proved_and_its_keys_are_read() -> None:
    """Records the answers that the test above replays."""
    real = real_shop()
    if real is None:
        pytest.skip("no real shop is named in SALEOR_CONTRACT_URL and SALEOR_CONTRACT_TOKEN")
    found = installing.verify_installation(*real)
    assert found.version.startswith("3.")
    assert found.jwks["keys"]
