"""The manifest as a shop of a given version may read it.

``manifest.json`` is the one source. An entry with ``minimumSaleorVersion`` is left out for older
shops, and so is a field listed in ``fieldsSince``: Saleor 3.21 and 3.22 refuse to install a
manifest with an extension point that they do not know.
"""

import json
from pathlib import Path
from string import Template
from typing import Any, Final

from saleor_amazon_app.saleor.versions import Version, parse_version
from saleor_amazon_app.saleor.webhooks import definitions

_BESIDE_PACKAGE: Final = Path(__file__).parents[2] / "manifest.json"
_IN_WHEEL: Final = Path(__file__).parents[1] / "manifest.json"
_MINIMUM: Final = "minimumSaleorVersion"
_FIELDS_SINCE: Final = "fieldsSince"


def build_manifest(base_url: str, schema_version: str | None) -> dict[str, Any]:
    """Return the manifest for a shop.

    Args:
        base_url: The app's public address, without a trailing slash.
        schema_version: The header ``Saleor-Schema-Version``; without it the oldest supported
            version is assumed, so that the manifest installs everywhere.
    """
    text = Template(_source().read_text(encoding="utf-8")).substitute(APP_BASE_URL=base_url)
    manifest: dict[str, Any] = _for_version(json.loads(text), parse_version(schema_version))
    listed = [webhook.as_input(base_url) for webhook in definitions(schema_version)]
    return manifest | {"webhooks": listed}


def _source() -> Path:
    return _IN_WHEEL if _IN_WHEEL.exists() else _BESIDE_PACKAGE


def _for_version(value: Any, version: Version) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        return [_for_version(entry, version) for entry in value if _installs(entry, version)]
    if isinstance(value, dict):
        since = value.get(_FIELDS_SINCE, {})
        return {
            key: _for_version(entry, version)
            for key, entry in value.items()
            if key not in (_MINIMUM, _FIELDS_SINCE) and _knows(version, since.get(key))
        }
    return value


def _installs(entry: Any, version: Version) -> bool:  # noqa: ANN401 - JSON
    return not isinstance(entry, dict) or _knows(version, entry.get(_MINIMUM))


def _knows(version: Version, since: str | None) -> bool:
    return since is None or version >= parse_version(since)
