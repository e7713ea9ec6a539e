"""Processing reports of invoices, which are tab-separated texts and not XML.

Seen in amzn/selling-partner-api-models#2437 (an error), #2777 (a success) and docs#2425. Amazon's
page advises against these reports, because sellers of its VAT Calculation Service have a report of
invoices that says the same; everybody else has nothing but these.
"""

import re
from typing import Final

from saleor_amazon_app.amazon.errors import IllegibleReport
from saleor_amazon_app.amazon.reports import Report, Result
from saleor_amazon_app.mirror.sentences import say

_COUNT: Final = "number of records {name}"
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_COLUMNS: Final = ("original-record-number", "error-code", "error-type", "error-message")


def read_invoice_report(content: bytes, charset: str | None = None) -> Report:
    """Read the report on one invoice. What it says is about the whole document: it holds no more.

    Raises:
        IllegibleReport: It does not say how many records were processed, and how many well.
    """
    lines = [_fields(line) for line in _decode(content, charset).splitlines()]
    processed, successful = _count(lines, "processed"), _count(lines, "successful")
    if processed is None or successful is None:
        raise IllegibleReport(say("amazon.report_is_none"))
    results = tuple(_results(lines))
    return Report(
        "Complete",
        processed=processed,
        successful=successful,
        with_error=processed - successful,
        with_warning=sum(each.is_warning for each in results),
        results=results,
    )


def _decode(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line.lstrip("\ufeff").split("\t")]


def _count(lines: list[list[str]], name: str) -> int | None:
    wanted = _COUNT.format(name=name)
    for fields in lines:
        told = [field for field in fields if field]
        if told and told[0].lower() == wanted and _NUMBER.fullmatch(told[-1]):
            return int(told[-1])
    return None


def _results(lines: list[list[str]]) -> list[Result]:
    """Return the rows below the table's head; a row without one of its columns says nothing."""
    head: list[str] = []
    found = []
    for fields in lines:
        if _COLUMNS[0] in fields:
            head = fields
        elif head and any(fields):
            found.append(_result(dict(zip(head, fields, strict=False))))
    return found


def _result(row: dict[str, str]) -> Result:
    _, code, kind, message = (row.get(name, "") for name in _COLUMNS)
    return Result(0, kind, code, message)
