"""The command: what a person types, and what they read when something is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import structlog
from cryptography.fernet import Fernet

from saleor_amazon_app.logs import configure_logging
from saleor_amazon_app.sync.services import Services
from tests.day import Day
from tests.mirror.amazon_orders import breakdown, item
from tests.notified import Notified
from tests.shop_world import ShopWorld
from tests.world import World, settings_for

GOOD = {
    "APP_BASE_URL": "https://app.example",
    "SECRET_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_SALEOR_URLS": "https://shop.example/graphql/",
    "AMAZON_LWA_CLIENT_ID": "client",
    "AMAZON_LWA_CLIENT_SECRET": "secret",
    "AMAZON_LWA_ENDPOINT": "http://127.0.0.1:1/",
}


def command(*arguments: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        **GOOD,
        "DATABASE_URL": f"sqlite:///{folder}/x.sqlite3",
        **settings,
    }
    return subprocess.run(
        [sys.executable, "-m", "saleor_amazon_app", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        timeout=60,
        check=False,
    )


def test_help_names_every_command(tmp_path: Path) -> None:
    told = command("--help", folder=tmp_path)
    assert told.returncode == 0
    named = (
        "connect demo doctor map map-sku migrate notifications orders sandbox schedule secret-key "
        "serve sync"
    )
    for name in named.split():
        assert name in told.stdout


def test_a_wrong_setting_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    told = command("migrate", folder=tmp_path, SECRET_KEYS="short")
    assert told.returncode == 1
    assert "SECRET_KEYS" in told.stderr
    assert "saleor-amazon secret-key" in told.stderr
    assert "Traceback" not in told.stderr


def test_a_secret_key_can_be_made_and_used(tmp_path: Path) -> None:
    made = command("secret-key", folder=tmp_path).stdout.strip()
    assert command("migrate", folder=tmp_path, SECRET_KEYS=made).returncode == 0
    assert "Nothing to migrate" in command("migrate", folder=tmp_path, SECRET_KEYS=made).stdout


def test_the_doctor_names_each_fault_with_its_cure(tmp_path: Path, redis_url: str) -> None:
    told = command("doctor", "--json", folder=tmp_path, REDIS_URL=redis_url)
    assert told.returncode == 1
    report = json.loads(told.stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert report["healthy"] is False
    assert checks["database"]["ok"]
    assert checks["redis"]["ok"]
    assert not checks["migrations"]["ok"]
    assert "saleor-amazon migrate" in checks["migrations"]["cure"]
    assert all(check["cure"] for check in report["checks"] if not check["ok"])


def test_the_doctor_survives_a_missing_redis(tmp_path: Path) -> None:
    told = command("doctor", folder=tmp_path, REDIS_URL="redis://127.0.0.1:1/0")
    assert told.returncode == 1
    assert "FAIL redis" in told.stdout
    assert "Traceback" not in told.stderr


def test_a_shop_that_has_not_installed_the_app_is_told_how(tmp_path: Path) -> None:
    command("migrate", folder=tmp_path)
    told = command(
        "orders", "list", "--saleor-url", "https://shop.example/graphql/", folder=tmp_path
    )
    assert told.returncode == 1
    assert "https://app.example/api/manifest" in told.stderr.replace("\n", "")


def test_sync_reports_as_one_json_object(
    world: World, tmp_path: Path, amazon_url: str, database_url: str, redis_url: str
) -> None:
    world.sell(status="PENDING")
    settings = settings_for(amazon_url, database_url, redis_url)
    key = world.services.settings.secret_keys[0].get_secret_value()
    told = command(
        "sync",
        "--json",
        folder=tmp_path,
        DATABASE_URL=database_url,
        REDIS_URL=redis_url,
        SECRET_KEYS=key,
        AMAZON_LWA_CLIENT_ID=settings.amazon_lwa_client_id,
        AMAZON_LWA_CLIENT_SECRET=settings.amazon_lwa_client_secret.get_secret_value(),
        AMAZON_LWA_ENDPOINT=f"{amazon_url}/auth/o2/token",
        AMAZON_SPAPI_ENDPOINT=amazon_url,
    )
    (account,) = json.loads(told.stdout)["accounts"]
    assert (account["sweep"], account["read"], account["states"]) == ("done", 1, {"waiting": 1})
    listed = command(
        "orders",
        "list",
        "--json",
        "--saleor-url",
        "http://127.0.0.1:2/graphql/",
        folder=tmp_path,
        DATABASE_URL=database_url,
        SECRET_KEYS=key,
    )
    (order,) = json.loads(listed.stdout)["orders"]
    assert (order["amazon_order"], order["state"]) == (world.numbered(1), "waiting")
    assert "Mustermann" not in listed.stdout


@pytest.fixture
def secret_key(services: Services) -> str:
    """The key that the world's data is sealed with, before the shop has settings of its own."""
    return services.settings.secret_keys[0].get_secret_value()


# Every command starts a process; what it does is tried on both databases in test_subscribing.py.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_notifications_are_switched_on_shown_and_switched_off(
    secret_key: str, notified: Notified, tmp_path: Path, database_url: str, redis_url: str
) -> None:
    settings = notified.shop.services.settings
    environment = {
        "APP_BASE_URL": settings.base_url,
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEYS": secret_key,
        "ALLOWED_SALEOR_URLS": settings.allowed_saleor_urls[0],
        "AMAZON_LWA_CLIENT_ID": settings.amazon_lwa_client_id,
        "AMAZON_LWA_CLIENT_SECRET": settings.amazon_lwa_client_secret.get_secret_value(),
        "AMAZON_LWA_ENDPOINT": str(settings.amazon_lwa_endpoint),
        "AMAZON_SPAPI_ENDPOINT": str(settings.amazon_spapi_endpoint),
        "AMAZON_NOTIFICATIONS_QUEUE_URL": notified.queue.url,
    }

    def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
        shop = ("--saleor-url", settings.allowed_saleor_urls[0])
        notified.shop.pass_time(minutes=1)  # Amazon's quotas are as good as new
        return command("notifications", *arguments, *shop, folder=tmp_path, **environment)

    assert run("status").returncode == 1, "not all are on"
    on = run("on")
    assert on.returncode == 0, on.stderr
    assert on.stdout.count("newly subscribed") == 3
    told = json.loads(run("status", "--json").stdout)
    assert [each["on"] for each in told["types"]] == [True] * 3
    assert told["open_to_amazon"]
    tried = run("test", "--scenario", "any", "--wait", "30")
    assert (tried.returncode, "It came" in tried.stdout) == (0, True)
    assert run("off").stdout.count("ended") == 3


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_invoice_is_shown_before_it_goes(
    secret_key: str, shop: ShopWorld, tmp_path: Path, database_url: str, redis_url: str
) -> None:
    parts = [breakdown("ITEM", "29.80"), breakdown("TAX", "4.76")]
    shop.sell(item(total="29.80", shipped=1, breakdowns=parts), status="SHIPPED")
    shop.run()
    file = tmp_path / "invoice.pdf"
    file.write_bytes(b"%PDF-1.7")

    def invoice(*arguments: str) -> "subprocess.CompletedProcess[str]":
        named = ("--saleor-url", f"{shop.saleor_url}/graphql/", shop.numbered(1))
        told = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "SECRET_KEYS": secret_key}
        return command("amazon", "invoice", *named, *arguments, folder=tmp_path, **told)

    told = invoice()
    assert "An invoice has to come to 29.80 EUR, of it 4.76 VAT." in told.stdout
    assert "The order has no invoice in Saleor." in told.stdout
    shown = invoice("--file", str(file), "--number", "R-1")
    assert shown.returncode != 0  # nobody said yes
    assert "29.80" in shown.stdout
    assert Day(shop).states() == []
    done = invoice("--file", str(file), "--number", "R-1", "--yes")
    assert (done.returncode, Day(shop).states()) == (0, [("invoice", "queued")])
    again = invoice("--file", str(file), "--number", "R-1", "--yes")
    assert (again.returncode, "is with Amazon, or on its way" in again.stderr) == (1, True)


def test_nothing_personal_is_logged(world: World, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("DEBUG")
    try:
        world.sell()
        world.sweep()
        world.amazon.sellers["A1SELLER"].revoked = True
        world.services.redis.flushall()
        world.sweep()
        told = capfd.readouterr()
    finally:
        structlog.reset_defaults()
    assert "failure" in told.err, "something was logged"
    for secret in ("Mustermann", "Beispielweg", "marketplace.amazon", "Atzr|", "sandbox-secret"):
        assert secret not in told.out + told.err
