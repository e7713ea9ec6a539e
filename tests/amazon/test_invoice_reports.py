"""Reports on invoices, in the form in which sellers have shown them."""

import pytest

from saleor_amazon_app.amazon.errors import IllegibleReport
from saleor_amazon_app.amazon.invoice_reports import read_invoice_report

HEAD = "original-record-number\tsku\terror-code\terror-type\terror-message"


def report(*rows: str, processed: object = 1, successful: object = 1) -> bytes:
    lines = [
        "Feed Processing Summary:",
        f"\tNumber of records processed\t\t{processed}",
        f"\tNumber of records successful\t\t{successful}",
    ]
    return "\n".join([*lines, "", *([HEAD, *rows] if rows else [])]).encode()


@pytest.mark.parametrize(
    ("content", "accepted", "words"),
    [
        pytest.param(report(), True, "", id="nothing to say"),
        pytest.param(
            report("1\t\t79525\tError\tAmazon will generate invoice", successful=0),
            False,
            "Amazon will generate invoice (79525)",
            id="an error",
        ),
        pytest.param(
            report("1\t\t1\tError\tOne.", "1\t\t2\tError\tTwo.", successful=0),
            False,
            "One. (1) Two. (2)",
            id="two errors",
        ),
        pytest.param(
            report("1\t\t7\tWarning\tLook."), True, "Look. (7)", id="taken with a warning"
        ),
        pytest.param(report("1\t\t\tError\tNo.", successful=0), False, "No.", id="no number"),
        pytest.param(report(successful=0), None, "", id="not taken, and nobody says why"),
        pytest.param(report("1\t\t5\tError\tNo."), None, "No. (5)", id="against itself"),
        pytest.param(report(processed=0, successful=0), None, "", id="nothing processed"),
        pytest.param(report("1\t\t5", successful=0), None, "(5)", id="a row cut off"),
        pytest.param(
            report("1\t\t5\tError\tN\xf6.", successful=0).decode().encode("latin-1"),
            False,
            "N\N{REPLACEMENT CHARACTER}. (5)",
            id="a charset that nobody names",
        ),
        pytest.param(
            report().replace(b"\n", b"\r\n").replace(b"Feed", b"\xef\xbb\xbfFeed", 1),
            True,
            "",
            id="other ends of lines",
        ),
    ],
)
def test_a_report_is_judged(content: bytes, accepted: bool | None, words: str) -> None:
    verdict = read_invoice_report(content).verdict(4711)
    assert (verdict.accepted, verdict.words) == (accepted, words)


def test_its_charset_counts_if_it_is_one() -> None:
    content = report("1\t\t5\tError\tNö.", successful=0).decode().encode("latin-1")
    assert read_invoice_report(content, "iso-8859-1").verdict(1).words == "Nö. (5)"
    assert not read_invoice_report(content, "zip").verdict(1).accepted


@pytest.mark.parametrize(
    "content", [b"", b"<html>", b"\x00\xff", report(processed="x"), report(successful="")]
)
def test_what_is_no_report_is_illegible(content: bytes) -> None:
    with pytest.raises(IllegibleReport):
        read_invoice_report(content)
