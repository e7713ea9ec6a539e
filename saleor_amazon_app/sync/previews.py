"""What was shown is what is sent: a preview's digest, and the refusal of anything else."""

import hashlib

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.messages import MESSAGE, InvoiceUpload, Refund
from saleor_amazon_app.mirror.sentences import say


def digest_of(message: Refund | InvoiceUpload) -> str:
    """Return what tells a message from any other, whoever asks for it."""
    anyones = message.model_copy(update={"reference": ""})
    return hashlib.sha256(MESSAGE.dump_json(anyones)).hexdigest()


def refuse_another(message: Refund | InvoiceUpload, shown: str) -> None:
    """Refuse what is not the message whose digest was shown.

    Raises:
        Misconfigured: It is another by now.
    """
    if digest_of(message) != shown:
        raise Misconfigured(
            say("refused.preview_outdated"),
            cure=say("refused.preview_again"),
            code="preview_outdated",
        )
