"""Writes the description of the API from the code: ``make openapi``."""

import json
import sys
from pathlib import Path
from typing import Any, Final

from saleor_amazon_app.mirror.sentences import known_sentences
from saleor_amazon_app.web import make_app

_DEFINITIONS: Final = "$defs"


def describe() -> str:
    """Return the OpenAPI document as it belongs into the repository.

    It lists the codes of the app's sentences too, with the names of their holes: whoever shows them
    in another language has to have them all.
    """
    document = _tidy(make_app().api_doc) | {"x-sentences": known_sentences()}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _tidy(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Leave out the copies of definitions that stand among the components too."""
    if isinstance(value, dict):
        return {key: _tidy(entry) for key, entry in value.items() if key != _DEFINITIONS}
    return [_tidy(entry) for entry in value] if isinstance(value, list) else value


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(describe(), encoding="utf-8")
