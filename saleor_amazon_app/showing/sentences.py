"""Sentences as the API shows them."""

from saleor_amazon_app.mirror.sentences import params_of, quote
from saleor_amazon_app.showing.shapes.common import Sentence


def show_sentence(text: str) -> Sentence:
    """Show one of the app's sentences, or words of somebody else."""
    sentence = quote(text)
    told = {"code": sentence.code, "params": params_of(sentence), "text": str(sentence)}
    return Sentence.model_validate(told)


def show_words(text: str) -> Sentence | None:
    """Show a sentence, or None where there is none."""
    return show_sentence(text) if text else None
