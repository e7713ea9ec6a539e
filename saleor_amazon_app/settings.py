"""Settings from the environment, refused at start with a sentence that says what is wrong."""

import re
from email.utils import parseaddr
from functools import cached_property
from typing import Annotated, Any, Final, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, HttpUrl, SecretStr, field_validator, model_validator
from pydantic import ValidationError as PydanticError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from saleor_amazon_app.mirror.failures import Misconfigured

_QUEUE_URL: Final = re.compile(r"https?://[^\s/]+(/[^\s/]+)+")
_SALEOR_URL: Final = re.compile(r"https?://[^\s/]+(/[^\s]*)?/graphql/")


_SMTP_URL: Final = re.compile(r"smtp(\+starttls)?://[^\s/]+/?|smtps://[^\s/]+/?")
_SENDER: Final = re.compile(r"[!-?A-~]+@[A-Za-z0-9.-]+")
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.*:\[\]-]+")


_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?")


def _listed(value: object) -> object:
    """Split a comma-separated setting."""
    return (
        [part.strip() for part in value.split(",") if part.strip()]
        if isinstance(value, str)
        else value
    )


class Settings(BaseSettings):
    """What the program runs with. Each field is set by the variable of its name in capitals."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    app_base_url: HttpUrl
    """The public address of this app, as Saleor and browsers reach it."""
    database_url: str = "sqlite:///saleor-amazon.sqlite3"
    redis_url: str = "redis://127.0.0.1:6379/0"
    secret_keys: Annotated[list[SecretStr], NoDecode] = Field(min_length=1)
    """Fernet keys, separated by commas: the first encrypts, all decrypt."""
    allowed_saleor_urls: Annotated[list[str], NoDecode] = Field(min_length=1)
    """API addresses of the shops that may install the app; ``*`` stands for one host label."""

    allowed_dashboard_urls: Annotated[list[str], NoDecode] = Field(default_factory=list)
    """Origins of Dashboards that may frame the app's pages, beside the one that is known of each
    shop; ``*`` stands for one host label."""

    amazon_lwa_client_id: str
    amazon_lwa_client_secret: SecretStr
    amazon_application_id: str = ""
    """``amzn1.sp.solution...``: needed to connect sellers through Amazon's consent page."""
    amazon_application_is_draft: bool = False
    """The app is not listed yet: the consent page is asked for its draft version."""
    amazon_seller_central: HttpUrl | None = None
    """One base address instead of Amazon's consent pages: a test, the demo."""
    amazon_lwa_endpoint: HttpUrl = HttpUrl("https://api.amazon.com/auth/o2/token")
    amazon_spapi_endpoint: HttpUrl | None = None
    """One base address for all regions: Amazon's sandbox, a test, a proxy."""

    amazon_notifications_queue_url: str = ""
    """The SQS queue into which Amazon puts notifications; without one nothing is received."""

    smtp_url: SecretStr = SecretStr("")
    """The mail server for notices to staff: ``smtp+starttls://user:password@host:587``, or
    ``smtps://``, or ``smtp://`` without encryption. Without one no mail is sent."""
    notices_from: str = ""
    """The sender of notices: an address, or a name with an address in angle brackets."""
    invoice_file_hosts: Annotated[list[str], NoDecode] = Field(default_factory=list)
    """Hosts of the operator's private network from which files of invoices may be fetched, each
    with its port if it is not the usual one."""

    sweep_interval_seconds: int = Field(default=300, ge=30, le=86_400)
    """How often each account is swept; Amazon's limit of one search in 178 s still holds."""
    sweep_overlap_seconds: int = Field(default=300, ge=120, le=86_400)
    shop_look_interval_seconds: int = Field(default=600, ge=30, le=86_400)
    """How often a shop's changed orders are looked through for what no webhook told."""
    refunds_interval_seconds: int = Field(default=1800, ge=30, le=86_400)
    """How often Amazon's list of refunds is read."""
    reconcile_interval_hours: int = Field(default=24, ge=1, le=168)
    reconcile_days: int = Field(default=3, ge=1, le=30)
    support_email: str = ""
    metrics_token: SecretStr = SecretStr("")
    """What a monitor has to show to read ``/metrics``; without it there are none."""
    log_level: str = "INFO"

    @field_validator(
        "secret_keys",
        "allowed_saleor_urls",
        "allowed_dashboard_urls",
        "invoice_file_hosts",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return _listed(value)

    @field_validator("secret_keys")
    @classmethod
    def _are_fernet_keys(cls, keys: list[SecretStr]) -> list[SecretStr]:
        for key in keys:
            try:
                Fernet(key.get_secret_value())
            except ValueError:
                raise ValueError(
                    "each key must be 32 random bytes in URL-safe base64; "
                    "`saleor-amazon secret-key` makes one"
                ) from None
        return keys

    @field_validator("allowed_saleor_urls")
    @classmethod
    def _are_api_urls(cls, urls: list[str]) -> list[str]:
        for url in urls:
            if not _SALEOR_URL.fullmatch(url):
                raise ValueError(
                    f"{url!r} is no Saleor API address; write it like https://shop.example/graphql/"
                )
        return urls

    @field_validator("allowed_dashboard_urls")
    @classmethod
    def _are_origins(cls, urls: list[str]) -> list[str]:
        for url in urls:
            if not _ORIGIN.fullmatch(url.rstrip("/")):
                raise ValueError(
                    f"{url!r} is no address of a Dashboard; write it like https://shop.example"
                )
        return [url.rstrip("/") for url in urls]

    @field_validator("invoice_file_hosts")
    @classmethod
    def _are_hosts(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if not _HOST.fullmatch(host):
                raise ValueError(f"{host!r} is no host; write it like files.internal:9000")
        return [host.lower() for host in hosts]

    @field_validator("database_url")
    @classmethod
    def _has_a_driver(cls, url: str) -> str:
        """Accept the usual ``postgres://`` and pick the driver that this app ships with."""
        url = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise ValueError("use postgresql://... or sqlite:///path")
        return url

    @field_validator("redis_url")
    @classmethod
    def _is_redis(cls, url: str) -> str:
        if not url.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("use redis://, rediss:// or unix://")
        return url

    @field_validator("amazon_notifications_queue_url")
    @classmethod
    def _is_a_standard_queue(cls, url: str) -> str:
        """Amazon's notifications do not reach FIFO queues (amzn/selling-partner-api-docs#845)."""
        if url and (url.endswith(".fifo") or not _QUEUE_URL.fullmatch(url)):
            raise ValueError(
                "write the URL of a standard SQS queue, like "
                "https://sqs.eu-west-1.amazonaws.com/123456789012/amazon"
            )
        return url

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, url: SecretStr) -> SecretStr:
        """Refuse what would send a password in the clear; the value is told to nobody."""
        text = url.get_secret_value()
        if text and not _is_smtp(text):
            raise ValueError("write it like smtp+starttls://user:password@mail.example:587")
        if text.startswith("smtp://") and "@" in text:
            raise ValueError("name and password need smtp+starttls:// or smtps://")
        return url

    @field_validator("notices_from")
    @classmethod
    def _is_a_sender(cls, sender: str) -> str:
        address = parseaddr(sender)[1]
        if sender and (not _SENDER.fullmatch(address) or not sender.isprintable()):
            raise ValueError("write an address, or Amazon orders <amazon@shop.example>")
        return sender

    @model_validator(mode="after")
    def _has_both_or_neither(self) -> Self:
        """A mail server is of no use without a sender, nor a sender without a server."""
        if bool(self.smtp_url.get_secret_value()) != bool(self.notices_from):
            raise ValueError("SMTP_URL and NOTICES_FROM are needed together")
        return self

    @property
    def can_mail(self) -> bool:
        """Tell whether notices can be sent."""
        return bool(self.notices_from)

    @cached_property
    def base_url(self) -> str:
        """The public address without a trailing slash."""
        return str(self.app_base_url).rstrip("/")

    def allows(self, saleor_api_url: str) -> bool:
        """Tell whether a shop may install the app."""
        return any(_pattern(url).fullmatch(saleor_api_url) for url in self.allowed_saleor_urls)

    def allows_dashboard(self, origin: str) -> bool:
        """Tell whether the operator lets a Dashboard at this address frame the app's pages."""
        return any(_pattern(url).fullmatch(origin) for url in self.allowed_dashboard_urls)


def _is_smtp(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(_SMTP_URL.fullmatch(url) and parts.hostname and parts.port != 0)
    except ValueError:
        return False


def _pattern(url: str) -> re.Pattern[str]:
    return re.compile(re.escape(url).replace(r"\*", r"[A-Za-z0-9-]+"))


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401 - any field of Settings
    """Read the settings.

    Raises:
        Misconfigured: One sentence for each variable that is missing or wrong.
    """
    try:
        return Settings(**overrides)
    except PydanticError as error:
        faults = (_sentence(fault) for fault in error.errors(include_url=False))
        raise Misconfigured(
            "; ".join(faults) + ".", cure="The settings are listed in docs/settings.md."
        ) from None


def _sentence(fault: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    name = str(fault["loc"][0]).upper() if fault["loc"] else "The settings"
    if fault["type"] == "missing":
        return f"{name} is not set"
    return f"{name}: {fault['msg'].removeprefix('Value error, ')}"
