"""What takes long to make and is the same in every test is made once for each worker.

Each test keeps a database, a shop, an Amazon and an application of its own: what is shared is only
what has no memory of a test. By far the longest of a small test's time went into these three.
"""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, cast

import pytest
from flask import current_app
from sqlalchemy import Engine
from werkzeug.local import LocalProxy

from saleor_amazon_app import web
from saleor_amazon_app.sandbox.amazon import app as amazon_app
from saleor_amazon_app.sandbox.amazon.state import State as AmazonState
from saleor_amazon_app.sandbox.saleor import keys
from saleor_amazon_app.store import database

_STATE = "amazon"


@pytest.fixture(autouse=True, scope="session")
def _made_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "new_private_key", cache(keys.new_private_key))
        _share_routes(patch)
        yield


@pytest.fixture(scope="session")
def share_statements_of() -> Iterator[Callable[[Engine], None]]:
    """Have the engines that are made later use the SQL that an engine which has connected keeps.

    SQLAlchemy keeps it by engine and dialect, so that each new database would compile all of the
    app's statements anew.
    """
    genuine, known = database._engine, dict[str, Engine]()

    def engine_of(url: str) -> Engine:
        made = genuine(url)
        if like := known.get(made.name):
            made.dialect, made._compiled_cache = like.dialect, like._compiled_cache
        return made

    def share(engine: Engine) -> None:
        known[engine.name] = engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_engine", engine_of)
        yield share


def _share_routes(patch: pytest.MonkeyPatch) -> None:
    """Compile the rules of all addresses once; applications differ in their extensions alone."""
    make_app, create_amazon = cache(web.make_app), amazon_app.create_app
    state = cast(AmazonState, LocalProxy(lambda: current_app.extensions[_STATE]))
    amazon = cache(lambda: create_amazon(state))
    patch.setattr(web, "make_app", lambda: _copy(make_app()))
    patch.setattr(amazon_app, "create_app", lambda state: _copy(amazon(), **{_STATE: state}))


def _copy(app: Any, **extensions: Any) -> Any:
    made = copy.copy(app)
    made.extensions = {**app.extensions, **extensions}
    return made
