"""Token buckets for Amazon's quotas, shared by every process through Redis.

One bucket for each seller, application and operation, as Amazon counts them. The bucket itself is
throttled-py's GCRA, which is a token bucket that refills continuously; Redis keeps its clock.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from redis import Redis
from throttled import RateLimiterType, per_duration
from throttled import Throttled as Bucket
from throttled.store import BaseStore, RedisStore

from saleor_amazon_app.amazon.errors import Throttled
from saleor_amazon_app.amazon.operations import Operation
from saleor_amazon_app.mirror.sentences import say

_PERIOD: Final = 100_000
"""Seconds over which a rate is expressed as a whole number of requests."""
_RATE_TTL: Final = 7 * 86_400


class Quota:
    """Asks for leave before each call.

    Args:
        redis: Where the rates that Amazon announced are kept.
        store: throttled-py's store on the same Redis.
        application: The app's client id: another app of the same seller has its own quota.
    """

    def __init__(self, redis: Redis, store: BaseStore, application: str) -> None:
        self._redis = redis
        self._store = store
        self._application = application

    @classmethod
    def on(cls, redis_url: str, redis: Redis, application: str) -> "Quota":
        return cls(redis, RedisStore(server=redis_url), application)

    def acquire(
        self,
        operation: Operation,
        seller: str,
        *,
        patience: float,
        sleep: Callable[[float], None],
    ) -> None:
        """Take a token, waiting for it as long as ``patience`` seconds allow.

        Raises:
            Throttled: The wait would be longer; ``retry_after`` is the wait.
        """
        while (wait := self._take(operation, seller)) > 0:
            if wait > patience:
                raise Throttled(
                    say("amazon.own_quota", operation=operation.name),
                    retry_after=wait,
                    code="own quota",
                )
            sleep(wait)
            patience -= wait

    def learn(self, operation: Operation, seller: str, rate: float) -> None:
        """Go over to the rate that Amazon's ``x-amzn-RateLimit-Limit`` header gave.

        The calls already spent are carried over to the bucket of the new rate. Two processes that
        learn at once may carry them over twice, which errs on the slow side.
        """
        before = self.rate(operation, seller)
        if rate <= 0 or abs(rate - before) <= before / 1000:
            return
        left = self._bucket(operation, before).peek(self._key(operation, seller, before))
        self._redis.set(self._rate_key(operation, seller), rate, ex=_RATE_TTL)
        if spent := operation.burst - left.remaining:
            self._bucket(operation, rate).limit(self._key(operation, seller, rate), cost=spent)

    def rate(self, operation: Operation, seller: str) -> float:
        """Return the rate in force, in requests per second."""
        told = self._redis.get(self._rate_key(operation, seller))
        return float(told) if told else operation.rate

    def drain(self, operation: Operation, seller: str) -> None:
        """Empty the bucket: Amazon says that the quota is used up, by whomever."""
        while self._take(operation, seller) <= 0:
            pass

    def _take(self, operation: Operation, seller: str) -> float:
        """Take a token; return 0, or the seconds until there is one."""
        rate = self.rate(operation, seller)
        result = self._bucket(operation, rate).limit(self._key(operation, seller, rate))
        return max(result.state.retry_after, 0.001) if result.limited else 0.0

    def _bucket(self, operation: Operation, rate: float) -> Bucket:
        per_period = max(round(rate * _PERIOD), 1)
        return Bucket(
            using=RateLimiterType.GCRA.value,
            quota=per_duration(timedelta(seconds=_PERIOD), per_period, burst=operation.burst),
            store=self._store,
        )

    def _key(self, operation: Operation, seller: str, rate: float) -> str:
        return f"{self._name(operation, seller)}:{rate:g}"

    def _rate_key(self, operation: Operation, seller: str) -> str:
        return f"{self._name(operation, seller)}:rate"

    def _name(self, operation: Operation, seller: str) -> str:
        return f"sp-api:{self._application}:{seller}:{operation.name}"
