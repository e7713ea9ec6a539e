"""What an app adds to the Dashboard: its extensions, as each version of Saleor takes them.

Saleor 3.21 and 3.22 know their extension points and refuse a manifest with another one; 3.23 keeps
any text and leaves the judgement to the Dashboard (saleor/app/manifest_schema.py and
manifest_validations.py; saleor/app/types.py of the branches 3.21 and 3.22).
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlparse, urlunparse

_DEFAULT_TARGET: Final = "POPUP"
_LONGEST_IDENTIFIER: Final = 256
_WHOLE: Final = re.compile(r"https?://[^\s/]+(/\S*)?$", re.IGNORECASE)
_ANYTHING_SINCE: Final = (3, 23)
_TARGETS: Final = {(3, 21): {"POPUP", "APP_PAGE"}}
_TARGETS[3, 22] = _TARGETS[3, 21] | {"NEW_TAB", "WIDGET"}
_ORDER_MOUNTS_OF_3_21: Final = {
    "NAVIGATION_ORDERS",
    "ORDER_DETAILS_MORE_ACTIONS",
    "ORDER_OVERVIEW_CREATE",
    "ORDER_OVERVIEW_MORE_ACTIONS",
}
_ORDER_MOUNTS_OF_3_22: Final = _ORDER_MOUNTS_OF_3_21 | {
    "ORDER_DETAILS_WIDGETS",
    "DRAFT_ORDER_DETAILS_MORE_ACTIONS",
    "DRAFT_ORDER_DETAILS_WIDGETS",
    "DRAFT_ORDER_OVERVIEW_CREATE",
    "DRAFT_ORDER_OVERVIEW_MORE_ACTIONS",
}
_MOUNTS: Final = {(3, 21): _ORDER_MOUNTS_OF_3_21, (3, 22): _ORDER_MOUNTS_OF_3_22}
"""Only the extension points around orders; the simulator refuses the others, which it lacks."""

Manifest = dict[str, Any]


@dataclass(kw_only=True)
class Extension:
    """An entry, item or widget of an app in the Dashboard."""

    id: int
    label: str
    url: str
    mount: str
    target: str = _DEFAULT_TARGET
    permissions: list[str] = field(default_factory=list)
    options: dict[str, Any] = field(default_factory=dict)
    identifier: str | None = None

    def url_told(self, app_url: str | None) -> str:
        """Return the address as Saleor tells it.

        A pop-up's path is joined to the app's own address (Saleor 3.21 to 3.23:
        resolve_app_extension_url), and takes the place of that address's last part: ``/p`` of
        ``https://app.example/app`` is ``https://app.example/p``.
        """
        if not app_url or self.target != _DEFAULT_TARGET or not self.url.startswith("/"):
            return self.url
        parsed = urlparse(app_url)
        return urlunparse(parsed._replace(path=urljoin(parsed.path, self.url[1:])))


def problem_of(manifest: Manifest, version: str) -> str | None:
    """Tell why a shop of this version refuses the manifest's extensions; None if it takes them."""
    seen: set[str] = set()
    for told in manifest.get("extensions") or []:
        found = (
            _missing(told)
            or _unknown(told, version)
            or _misplaced(told, manifest)
            or _overreaching(told, manifest)
            or _identified(told, seen)
        )
        if found:
            return f"extensions: ['{found}']"
    return None


def _missing(told: dict[str, Any]) -> str | None:
    missing = [name for name in ("label", "url", "mount") if not isinstance(told.get(name), str)]
    return f"Field required: {', '.join(missing)}" if missing else None


def _unknown(told: dict[str, Any], version: str) -> str | None:
    major, minor, *_ = (int(part) for part in version.split("."))
    if (major, minor) >= _ANYTHING_SINCE:
        return None
    if told["mount"].upper() not in _MOUNTS.get((major, minor), set()):
        return "Incorrect value for field: mount"
    if told.get("target", _DEFAULT_TARGET).upper() not in _TARGETS.get((major, minor), set()):
        return "Incorrect value for field: target"
    return None


def _misplaced(told: dict[str, Any], manifest: Manifest) -> str | None:
    """Check the address: from a slash on it needs the app's own, else it must be whole."""
    url = told["url"]
    fine = bool(manifest.get("appUrl")) if url.startswith("/") else bool(_WHOLE.match(url))
    return None if fine else "Incorrect value for field: url."


def _overreaching(told: dict[str, Any], manifest: Manifest) -> str | None:
    more = set(told.get("permissions") or []) - set(manifest.get("permissions") or [])
    return "Extension permission must be listed in App's permissions." if more else None


def _identified(told: dict[str, Any], seen: set[str]) -> str | None:
    identifier = (told.get("identifier") or "").strip()
    if len(identifier) > _LONGEST_IDENTIFIER:
        text = "Identifier is too long. Maximum length is"
        return f"{text} {_LONGEST_IDENTIFIER} characters."
    if identifier and identifier in seen:
        return f"Duplicate extension identifier: {identifier}."
    seen.add(identifier)
    return None


def accepted(number: int, told: dict[str, Any]) -> Extension:
    """Read an extension whose manifest was not refused."""
    return Extension(
        id=number,
        label=told["label"],
        url=told["url"],
        mount=told["mount"].upper(),
        target=told.get("target", _DEFAULT_TARGET).upper(),
        permissions=list(told.get("permissions") or []),
        options=dict(told.get("options") or {}),
        identifier=(told.get("identifier") or "").strip() or None,
    )
