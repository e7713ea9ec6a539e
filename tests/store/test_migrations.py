"""The migrations make exactly the tables that the models describe."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from saleor_amazon_app.store import migrating
from saleor_amazon_app.store.database import Database
from saleor_amazon_app.store.models import Base


def test_nothing_is_missing_after_migrating(database: Database) -> None:
    assert migrating.pending(database.engine) == []
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_empty_database_says_what_is_pending(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    assert migrating.pending(database.engine)[0] == "0001"
    migrating.migrate(database.engine)
    migrating.migrate(database.engine)
    assert migrating.pending(database.engine) == []
    database.dispose()
