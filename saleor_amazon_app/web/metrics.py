"""Figures for Prometheus, read from the store at each visit; off unless METRICS_TOKEN is set."""

import hmac
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, request
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from saleor_amazon_app.store.figures import Figures, read_figures
from saleor_amazon_app.web.context import services

blueprint = Blueprint("metrics", __name__)

_Counts = dict[tuple[str, ...], float]

_LAGS_OF: Final = timedelta(hours=1)
_QUANTILES: Final = (0.5, 0.95, 1.0)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer with all figures in Prometheus's text format."""
    _check_token()
    now = services().now()
    with services().database.system() as session:
        figures = read_figures(session, now - _LAGS_OF)
    registry = CollectorRegistry()
    registry.register(_Reading(figures, now))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _check_token() -> None:
    wanted = services().settings.metrics_token.get_secret_value()
    if not wanted:
        abort(HTTPStatus.NOT_FOUND)
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {wanted}".encode()):
        abort(HTTPStatus.UNAUTHORIZED)


class _Reading(Collector):
    """One reading of the figures."""

    def __init__(self, figures: Figures, now: datetime) -> None:
        self._figures, self._now = figures, now

    def collect(self) -> Iterable[Metric]:
        found = self._figures
        orders: _Counts = {(state,): count for state, count in found.orders.items()}
        yield _by(("state",), "orders", "Orders.", orders)
        intents: _Counts = {(kind, state): count for kind, state, count in found.intents}
        yield _by(("kind", "state"), "intents", "What is told to Amazon.", intents)
        problems: _Counts = {(kind,): count for kind, count in found.problems.items()}
        yield _by(("kind",), "open_problems", "What waits for a person.", problems)
        yield from self._plain()
        yield _lags(found.lags)

    def _plain(self) -> Iterator[Metric]:
        found = self._figures
        told = {
            "oldest_queued_seconds": ("Age of the oldest queued intent.", found.oldest_queued),
            "last_sweep_seconds": ("Time since the stalest account's sweep.", found.oldest_sweep),
        }
        for name, (text, since) in told.items():
            age = (self._now - since).total_seconds() if since else 0.0
            yield GaugeMetricFamily(f"saleor_amazon_{name}", text, value=age)
        counts = {
            "hanging_feeds": ("Feeds that Amazon has been at for too long.", found.hanging_feeds),
            "inbox_waiting": ("Webhooks that are stored and not handled.", found.inbox),
            "read_only_shops": ("Shops whose work does not go to Amazon.", found.read_only_shops),
        }
        for name, (text, count) in counts.items():
            yield GaugeMetricFamily(f"saleor_amazon_{name}", text, value=count)


def _by(labels: Sequence[str], name: str, text: str, counts: _Counts) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"saleor_amazon_{name}", text, labels=labels)
    for values, count in sorted(counts.items()):
        family.add_metric(values, count)
    return family


def _lags(lags: Sequence[int]) -> GaugeMetricFamily:
    """Return how late the last hour's orders came; nothing if none came."""
    text = "From Amazon's last word to Saleor, of the orders of the last hour."
    found: _Counts = {}
    for share in _QUANTILES if lags else ():
        found[(str(share),)] = lags[min(int(len(lags) * share), len(lags) - 1)]
    return _by(("quantile",), "import_lag_seconds", text, found)
