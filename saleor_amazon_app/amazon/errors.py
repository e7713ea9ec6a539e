"""How a call to Amazon can fail: what each answer means for the caller."""

from typing import ClassVar

from saleor_amazon_app.mirror.failures import AmazonFailure, Remedy


class Throttled(AmazonFailure):
    """The quota of the operation is used up; ``retry_after`` says for how long."""

    remedy: ClassVar[Remedy] = Remedy.WAIT


class Unavailable(AmazonFailure):
    """Amazon did not answer, or not in a way that can be used: 5xx, HTML, broken JSON, time-out."""

    remedy: ClassVar[Remedy] = Remedy.RETRY


class OutcomeUnknown(AmazonFailure):
    """Amazon may or may not have carried out something that must not be done twice.

    Look at Amazon's side before sending it again: a repeated feed of refunds is a second refund.
    """

    remedy: ClassVar[Remedy] = Remedy.RETRY


class Refused(AmazonFailure):
    """Amazon answered 400.

    Not final: whole regions have answered 400 to valid searches for hours
    (amzn/selling-partner-api-models#5365). Nothing may be marked as done because of it.
    """

    remedy: ClassVar[Remedy] = Remedy.RETRY


class Forbidden(AmazonFailure):
    """Amazon answered 403: a role, a data set or a marketplace is not open to the app."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class NotFound(AmazonFailure):
    """Amazon knows no such thing, or not for this seller."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class Conflict(AmazonFailure):
    """Amazon answered 409: there is such a thing already."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class AuthorisationLost(AmazonFailure):
    """The seller's authorisation is gone: revoked, expired, or never valid."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class AppCredentialsRefused(AmazonFailure):
    """Login with Amazon does not know this app's client id and secret."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class IllegibleReport(AmazonFailure):
    """A feed's processing report cannot be read, so what became of the feed is not known."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class QueueUnavailable(AmazonFailure):
    """The queue cannot be reached for now."""

    remedy: ClassVar[Remedy] = Remedy.RETRY


class QueueRefused(AmazonFailure):
    """There is no such queue, or AWS does not let this program do that with it."""

    remedy: ClassVar[Remedy] = Remedy.PERSON


class IllegibleNotification(AmazonFailure):
    """A message in the queue is no notification that can be acted upon."""

    remedy: ClassVar[Remedy] = Remedy.PERSON
