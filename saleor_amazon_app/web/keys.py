"""A shop's public keys: the stored ones, and once fresh ones, since a shop may change them."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from redis.exceptions import RedisError

from saleor_amazon_app.mirror.failures import SaleorFailure
from saleor_amazon_app.saleor.installing import fetch_jwks
from saleor_amazon_app.store.models import Tenant
from saleor_amazon_app.web.context import services

T = TypeVar("T")

_AT_MOST_EVERY: Final = 60
"""Seconds between two looks at a shop's keys: forged requests must not become a flood there."""


def by_keys_of(tenant: Tenant, check: Callable[[dict[str, Any]], T], refused: type[Exception]) -> T:
    """Run a check by the shop's stored keys, and once more by fresh ones if it is refused.

    Args:
        tenant: The shop; its fresh keys are stored if the check passes by them.
        check: Gets the keys (JWKS), raises ``refused`` where they do not fit.
        refused: What the check raises.

    Raises:
        refused: Neither the stored nor fresh keys fit, or it is too early to fetch them again.
    """
    try:
        return check(tenant.jwks)
    except refused:
        if (jwks := _fresh(tenant)) is None:
            raise
        found = check(jwks)
    with services().database.system() as session:
        session.get_one(Tenant, tenant.id).jwks = jwks
    return found


def _fresh(tenant: Tenant) -> dict[str, Any] | None:
    name = f"fetched-keys:{tenant.id}"
    try:
        if not services().redis.set(name, 1, nx=True, ex=_AT_MOST_EVERY):
            return None
        return fetch_jwks(tenant.saleor_api_url)
    except (RedisError, SaleorFailure):
        return None
