"""Brings the tables up to date, and tells whether they are."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_MIGRATIONS: Final = Path(__file__).parent / "migrations"
_LOCK: Final = 7_305_861_204


def migrate(engine: Engine) -> None:
    """Apply the pending migrations; of several processes at once, one does it, the others wait."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        command.upgrade(_config(connection), "head")


def pending(engine: Engine) -> list[str]:
    """Return the revisions that are still to be applied, oldest first."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
        scripts = ScriptDirectory.from_config(_config(connection))
        steps = scripts.walk_revisions(base=current or "base", head="heads")
        return [step.revision for step in steps if step.revision != current][::-1]


def make_revision(engine: Engine, message: str) -> None:
    """Write a migration from the difference between the models and the database."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config
