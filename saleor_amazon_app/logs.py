"""Logging: structured lines without secrets or personal data.

What is logged is named field by field; nothing logs a payload. On top of that, the libraries that
would write requests or responses at a lower level are kept quiet, and values of fields that could
carry a secret are blotted out.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import structlog

_TALKATIVE: Final = (
    *("gql", "urllib3", "requests", "rq", "alembic", "werkzeug"),
    *("boto3", "botocore"),  # at DEBUG they log the messages of a queue
)
_SECRET: Final = ("token", "secret", "password", "authorization", "cookie", "payload", "address")


def configure_logging(level: str = "INFO", *, json: bool = False) -> None:
    """Send everything to stderr; as JSON for machines, in colour-free columns for people."""
    logging.basicConfig(level=level, stream=sys.stderr, format="%(message)s", force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    renderer: Any = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _blot_secrets,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _blot_secrets(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    for key in event:
        if any(word in key.lower() for word in _SECRET):
            event[key] = "***"
    return event
