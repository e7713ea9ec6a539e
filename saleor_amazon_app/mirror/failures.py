"""The tree of errors: which side failed, whether to try again, and what the merchant can do."""

from collections.abc import Mapping
from enum import StrEnum
from typing import ClassVar

from saleor_amazon_app.mirror.sentences import Sentence, quote, several


class Side(StrEnum):
    """The system in which something went wrong."""

    APP = "app"
    AMAZON = "amazon"
    SALEOR = "saleor"
    MAIL = "mail"
    """The operator's mail server."""


class Remedy(StrEnum):
    """What has to happen before the same attempt can succeed."""

    RETRY = "retry"
    """Nothing: it passes by itself."""
    WAIT = "wait"
    """Nothing, but not before ``retry_after`` seconds have gone by."""
    PERSON = "person"
    """Somebody has to change something; ``cure`` says what."""


class AppFailure(Exception):
    """Base of all errors that the app raises on purpose.

    Args:
        message: One sentence without personal data or secrets; it may be logged and shown.
            Said with ``say`` it can be told in the reader's language.
        cure: What a person can do about it, or an empty string.
        retry_after: Seconds to wait, for ``Remedy.WAIT``.
        code: The other side's own name for the error.
    """

    side: ClassVar[Side] = Side.APP
    remedy: ClassVar[Remedy] = Remedy.PERSON

    def __init__(
        self, message: str, *, cure: str = "", retry_after: float = 0.0, code: str = ""
    ) -> None:
        super().__init__(message)
        self.message = quote(message)
        self.cure = quote(cure)
        self.retry_after = retry_after
        self.code = code

    @property
    def said(self) -> Sentence:
        """What went wrong, and what can be done about it."""
        return several(self.message, self.cure)

    def __str__(self) -> str:
        return str(self.said)


class Misconfigured(AppFailure):
    """The app's own settings or data do not allow it to go on."""


class NotKnown(Misconfigured):
    """What somebody named does not exist, or not for them."""


class NotFitting(Misconfigured):
    """What somebody filled in does not do; ``fields`` says of each field at fault why."""

    def __init__(self, message: str, fields: Mapping[str, str], *, code: str) -> None:
        super().__init__(message, code=code)
        self.fields = fields

    @property
    def said(self) -> Sentence:
        return several(self.message, *self.fields.values())


class AmazonFailure(AppFailure):
    side = Side.AMAZON


class SaleorFailure(AppFailure):
    side = Side.SALEOR
