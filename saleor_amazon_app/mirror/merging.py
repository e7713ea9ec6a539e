"""A later reading of an order put over an earlier one, without losing what Amazon withdraws.

Amazon takes addresses and names away with time, and sometimes leaves them out of a single page
(saleweaver/python-amazon-sp-api#425). What was once told about the same address is kept.
"""

from collections.abc import Mapping
from typing import Any, Final

_STREET: Final = ("addressLine1", "addressLine2", "addressLine3")
_PLACE: Final = ("city", "postalCode", "stateOrRegion", "countryCode")


def merge(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Return the later payload, completed with the personal data of the earlier one."""
    merged = dict(later)
    if buyer := _filled(earlier.get("buyer"), later.get("buyer")):
        merged["buyer"] = buyer
    if recipient := _recipient(earlier.get("recipient"), later.get("recipient")):
        merged["recipient"] = recipient
    return merged


def _recipient(earlier: Any, later: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    recipient = _filled(earlier, later)
    address = _address(
        (earlier or {}).get("deliveryAddress") or {}, (later or {}).get("deliveryAddress") or {}
    )
    return recipient | ({"deliveryAddress": address} if address else {})


def _address(earlier: Mapping[str, Any], later: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the earlier address where the later one only lacks its street; else take the later."""
    withdrawn = not any(later.get(line) for line in _STREET)
    same_place = all(not later.get(key) or later.get(key) == earlier.get(key) for key in _PLACE)
    return _filled(earlier, later) if withdrawn and same_place else dict(later)


def _filled(earlier: Any, later: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    kept = earlier if isinstance(earlier, Mapping) else {}
    told = later if isinstance(later, Mapping) else {}
    return dict(kept) | {key: value for key, value in told.items() if value not in (None, "")}
