"""Why Amazon does not do what a call or a feed's message asks for."""

from typing import Final

NOT_POSSIBLE: Final = 18028
"""The one number for which a report on an order feed is known; Amazon lists none."""
NOT_VALID: Final = 5000
"""A message that breaks the schema, abuzuhri/Amazon-SP-API-CSharp#268 and #582."""


class Refused(Exception):
    """Amazon refuses.

    Args:
        message: Why.
        details: What Amazon adds to the message in an API's answer.
        item_id: The order item that it is about.
        number: The number in a processing report.
    """

    def __init__(
        self, message: str, details: str = "", *, item_id: str = "", number: int = NOT_POSSIBLE
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        self.item_id = item_id
        self.number = number
