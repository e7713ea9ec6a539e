"""How the real server says no: in a mutation's errors, by denying access, or by falling over."""

from collections.abc import Iterable


class Refused(Exception):
    """A mutation's ordinary refusal; it ends in the payload's ``errors``.

    Args:
        field: The field at fault, or None.
        message: What is wrong.
        code: The code in the mutation's own enum.
        more: Further fields of the error, e.g. ``warehouse``.
    """

    def __init__(self, field: str | None, message: str, code: str, **more: object) -> None:
        super().__init__(message)
        self.rows: list[dict[str, object]] = [
            {"field": field, "message": message, "code": code, **more}
        ]

    @classmethod
    def of(cls, rows: list[dict[str, object]]) -> "Refused":
        """Make a refusal of several errors."""
        refused = cls(None, "Several errors.", "INVALID")
        refused.rows = rows
        return refused


class PermissionDenied(Exception):
    """The caller may not; HTTP 200 with an error, never 401 or 403."""

    def __init__(self, permissions: Iterable[str]) -> None:
        names = ", ".join(permissions)
        super().__init__(f"To access this path, you need one of the following permissions: {names}")


class Crash(Exception):
    """The real server raises an exception nobody catches and answers "Internal Server Error".

    Args:
        name: The name of the Python exception, which the real server tells as code.
        why: For people who read the log.
    """

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name
