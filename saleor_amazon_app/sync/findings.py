"""A look at one thing, and what it found: the parts of ``saleor-amazon doctor``."""

from collections.abc import Callable
from dataclasses import dataclass

import requests
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from saleor_amazon_app.mirror.failures import AppFailure
from saleor_amazon_app.sync.services import Services


@dataclass(frozen=True)
class Finding:
    """The result of one check."""

    name: str
    ok: bool
    detail: str
    cure: str = ""


@dataclass(frozen=True)
class Check:
    """A look at one thing; ``look`` returns what it saw, or raises."""

    name: str
    look: Callable[[Services], str]
    cure: str

    def run(self, services: Services) -> Finding:
        try:
            return Finding(self.name, ok=True, detail=self.look(services))
        except AppFailure as failure:
            return Finding(self.name, False, failure.message, failure.cure or self.cure)
        except (SQLAlchemyError, RedisError, requests.RequestException, OSError) as error:
            return Finding(self.name, False, type(error).__name__, self.cure)


class Failed(AppFailure):
    """A check found something wrong."""
