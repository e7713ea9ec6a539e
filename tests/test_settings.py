"""Settings are refused at start with a sentence that says what is wrong."""

import pytest
from cryptography.fernet import Fernet

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.settings import load_settings

GOOD = {
    "APP_BASE_URL": "https://app.example/",
    "SECRET_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_SALEOR_URLS": "https://*.saleor.cloud/graphql/, https://shop.example/graphql/",
    "AMAZON_LWA_CLIENT_ID": "client",
    "AMAZON_LWA_CLIENT_SECRET": "secret",
}


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)


def test_the_addresses_are_tidied() -> None:
    settings = load_settings()
    assert settings.base_url == "https://app.example"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://shop.example/graphql/", True),
        ("https://my-shop.eu.saleor.cloud/graphql/", False),
        ("https://my-shop.saleor.cloud/graphql/", True),
        ("http://shop.example/graphql/", False),
        ("https://shop.example/graphql/?x", False),
        ("https://evil.example/?https://shop.example/graphql/", False),
        ("https://shop.example.evil.example/graphql/", False),
        ("", False),
    ],
)
def test_only_listed_shops_may_install(url: str, allowed: bool) -> None:
    assert load_settings().allows(url) is allowed


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_missing_setting_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(Misconfigured, match=f"{name} is not set"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("APP_BASE_URL", "app.example", "APP_BASE_URL"),
        ("SECRET_KEYS", "short", "saleor-amazon secret-key"),
        ("ALLOWED_SALEOR_URLS", "https://shop.example", "write it like"),
        ("DATABASE_URL", "mysql://x", "use postgresql"),
        ("REDIS_URL", "localhost", "use redis://"),
        ("SWEEP_INTERVAL_SECONDS", "1", "SWEEP_INTERVAL_SECONDS"),
        ("AMAZON_NOTIFICATIONS_QUEUE_URL", "arn:aws:sqs:eu-west-1:1:q", "standard SQS queue"),
        ("AMAZON_NOTIFICATIONS_QUEUE_URL", "https://sqs.x/1/q.fifo", "standard SQS queue"),
    ],
)
def test_a_wrong_setting_is_explained(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Misconfigured, match=says):
        load_settings()


def test_a_complaint_never_shows_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEYS", "a-real-secret-that-is-too-short")
    with pytest.raises(Misconfigured) as error:
        load_settings()
    assert "a-real-secret" not in str(error.value)


def test_the_usual_postgres_address_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://u:p@db/app")
    assert load_settings().database_url == "postgresql+psycopg://u:p@db/app"


@pytest.mark.parametrize(
    "url",
    [
        "smtp://127.0.0.1:25",
        "smtp+starttls://user:p%40ss@mail.example:587",
        "smtps://user:pass@mail.example",
    ],
)
def test_a_mail_server_is_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    monkeypatch.setenv("NOTICES_FROM", "Amazon orders <amazon@shop.example>")
    assert load_settings().can_mail


@pytest.mark.parametrize(
    ("url", "sender", "says"),
    [
        ("mail.example:587", "a@shop.example", "write it like smtp"),
        ("smtp://mail.example:port", "a@shop.example", "write it like smtp"),
        ("smtp://user:secret-word@mail.example", "a@shop.example", "smtp.starttls"),
        ("smtps://mail.example", "nobody", "write an address"),
        ("smtps://mail.example", "a@shop.example\nBcc: b@b.example", "write an address"),
        ("smtps://mail.example", "", "are needed together"),
        ("", "a@shop.example", "are needed together"),
    ],
)
def test_a_mail_server_that_is_wrong_is_refused_without_its_password(
    url: str, sender: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    monkeypatch.setenv("NOTICES_FROM", sender)
    with pytest.raises(Misconfigured, match=says) as refused:
        load_settings()
    assert "secret-word" not in str(refused.value)


def test_without_a_mail_server_nothing_is_mailed() -> None:
    assert not load_settings().can_mail
