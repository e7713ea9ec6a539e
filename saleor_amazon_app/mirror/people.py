"""Who did something: a member of the shop's staff, or somebody at the command line."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Person:
    """Somebody who acts. ``name`` is shown in histories and never logged."""

    id: str
    name: str


COMMAND_LINE: Final = Person("", "command line")
