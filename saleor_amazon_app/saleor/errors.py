"""How a call to Saleor can fail, and whether the call may have been carried out all the same."""

from typing import ClassVar

from saleor_amazon_app.mirror.failures import Remedy, SaleorFailure


class Unreachable(SaleorFailure):
    """No usable answer: time-out, lost connection, 5xx, a proxy's page.

    A mutation may have been carried out: look before sending it again.
    """

    remedy: ClassVar[Remedy] = Remedy.RETRY


class TooManyRequests(SaleorFailure):
    """The shop's hosting limits requests; nothing was carried out."""

    remedy: ClassVar[Remedy] = Remedy.WAIT


class AccessDenied(SaleorFailure):
    """The token is no longer valid, or a permission is missing."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class ServerFault(SaleorFailure):
    """Saleor broke on the request ("Internal Server Error"): nothing of it was carried out."""

    remedy: ClassVar[Remedy] = Remedy.RETRY


class InvalidRequest(SaleorFailure):
    """Saleor does not understand the request: a document or an input that its version refuses."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class Declined(SaleorFailure):
    """Saleor understood a mutation and does not carry it out; ``code`` is its reason."""

    remedy: ClassVar[Remedy] = Remedy.PERSON
