"""Problems that apps tell the Dashboard of.

Saleor 3.23: saleor/graphql/app/mutations/app_problem_create.py and app_problem_dismiss.py; the
descriptions in the schema. Added in 3.22.36.
"""

from datetime import timedelta
from typing import Any, Final

from graphql import GraphQLError

from saleor_amazon_app.sandbox.saleor.access import AUTHENTICATED
from saleor_amazon_app.sandbox.saleor.errors import PermissionDenied, Refused
from saleor_amazon_app.sandbox.saleor.model import App, AppProblem, now
from saleor_amazon_app.sandbox.saleor.state import Principal, State

_SINCE: Final = (3, 22, 36)
_SHORTEST, _LONGEST_KEY, _LONGEST_MESSAGE = 3, 128, 2048
_AGGREGATED: Final = 60
_MOST: Final = 100

Input = dict[str, Any]


def create(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """appProblemCreate: one of the same key within the period is counted, not added."""
    app = _caller(state, principal, "appProblemCreate")
    given = told["input"]
    key, message = given["key"].strip(), given["message"].strip()
    if not _SHORTEST <= len(key) <= _LONGEST_KEY:
        raise Refused("key", "Key must be between 3 and 128 characters.", "INVALID")
    if len(message) < _SHORTEST:
        raise Refused("message", "Message must be at least 3 characters.", "INVALID")
    if len(message) > _LONGEST_MESSAGE:
        message = f"{message[: _LONGEST_MESSAGE - 3]}..."
    minutes = given.get("aggregation_period", _AGGREGATED)
    since = now() - timedelta(minutes=minutes)
    found = next((p for p in app.problems if p.key == key and p.updated_at >= since), None)
    if found is None or not minutes:
        found = AppProblem(id=state.next_id(), key=key, message=message)
        app.problems.append(found)
    else:
        found.count, found.message, found.updated_at = found.count + 1, message, now()
    threshold = given.get("critical_threshold")
    found.is_critical = bool(threshold and found.count >= threshold)
    return {"app_problem": found}


def dismiss(state: State, principal: Principal, told: Input) -> dict[str, Any]:
    """appProblemDismiss, as apps may call it: their own, by id or by key."""
    app = _caller(state, principal, "appProblemDismiss")
    given = told["input"].get("by_app")
    if not given or bool(given.get("ids")) == bool(given.get("keys")):
        raise Refused("byApp", "Must provide either 'ids' or 'keys'.", "REQUIRED")
    if len(given.get("ids") or given["keys"]) > _MOST:
        raise Refused("byApp", "Cannot specify more than 100 items.", "INVALID")
    keys = set(given.get("keys") or ())
    app.problems = [problem for problem in app.problems if problem.key not in keys]
    return {}


def _caller(state: State, principal: Principal, name: str) -> App:
    version = tuple(int(part) for part in state.shop.settings.version.split("."))
    if version < _SINCE:
        raise GraphQLError(f"Cannot query field '{name}' on type 'Mutation'.")
    if principal.app is None:
        raise PermissionDenied(AUTHENTICATED[1:])
    return principal.app
