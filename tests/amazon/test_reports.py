"""Processing reports: a message is accepted only if nothing speaks against it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.amazon.errors import IllegibleReport
from saleor_amazon_app.amazon.reports import Verdict, read_report

HEAD = "<Header><DocumentVersion>1.02</DocumentVersion></Header>"


def result(number: object, kind: str = "Error", text: str = "No.", code: str = "18028") -> str:
    return (
        f"<Result><MessageID>{number}</MessageID><ResultCode>{kind}</ResultCode>"
        f"<ResultMessageCode>{code}</ResultMessageCode>"
        f"<ResultDescription>{text}</ResultDescription><AdditionalInfo>"
        "<SKU>S</SKU><AmazonOrderID>111-1111111-1111111</AmazonOrderID>"
        "<AmazonOrderItemCode>12345678901234</AmazonOrderItemCode></AdditionalInfo></Result>"
    )


def summary(processed: int, good: int, bad: int = 0, warned: int = 0) -> str:
    return (
        f"<ProcessingSummary><MessagesProcessed>{processed}</MessagesProcessed>"
        f"<MessagesSuccessful>{good}</MessagesSuccessful>"
        f"<MessagesWithError>{bad}</MessagesWithError>"
        f"<MessagesWithWarning>{warned}</MessagesWithWarning></ProcessingSummary>"
    )


def report(*parts: str, status: str = "Complete", declared: str = "UTF-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?>\n<AmazonEnvelope>{HEAD}'
        "<MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID>"
        "<ProcessingReport><DocumentTransactionID>50000019</DocumentTransactionID>"
        f"<StatusCode>{status}</StatusCode>{''.join(parts)}</ProcessingReport></Message>"
        "</AmazonEnvelope>"
    )


def test_what_is_read() -> None:
    read = read_report(report(summary(2, 1, 1), result(2)).encode())
    assert (read.status_code, read.processed, read.successful) == ("Complete", 2, 1)
    assert (read.with_error, read.with_warning) == (1, 0)
    (told,) = read.results
    assert (told.message_id, told.is_error, told.code) == (2, True, "18028")
    assert (told.description, told.order_id) == ("No.", "111-1111111-1111111")
    assert told.item_id == "12345678901234"


REFUSED = Verdict(accepted=False, words="No. (18028)")
CASES = [
    pytest.param([summary(1, 1)], "Complete", Verdict(accepted=True), id="nothing is said of it"),
    pytest.param([summary(1, 0, 1), result(1)], "Complete", REFUSED, id="an error"),
    pytest.param([result(1)], "Complete", REFUSED, id="an error without a summary"),
    pytest.param([result(1)], "Processing", REFUSED, id="an error before the end"),
    pytest.param(
        [summary(1, 0, 1), result(1), result(1, text="Nor this.", code="5")],
        "Complete",
        Verdict(accepted=False, words="No. (18028) Nor this. (5)"),
        id="two errors",
    ),
    pytest.param(
        [summary(2, 1, 1), result(2)], "Complete", Verdict(accepted=True), id="another's error"
    ),
    pytest.param(
        [summary(1, 1, 0, 1), result(1, "Warning", "Odd.")],
        "Complete",
        Verdict(accepted=True, words="Odd. (18028)"),
        id="a warning",
    ),
    pytest.param(
        [summary(1, 0, 0, 1), result(1, "Warning", "Odd.")],
        "Complete",
        Verdict(accepted=True, words="Odd. (18028)"),
        id="a warning that counts as no success",
    ),
    pytest.param([summary(1, 0, 1), result(0)], "Complete", REFUSED, id="the whole document"),
    pytest.param([result(0)], "Rejected", REFUSED, id="a rejected document without a summary"),
    pytest.param(
        [summary(5, 3, 2), result(0)],
        "Complete",
        Verdict(accepted=None, words="No. (18028)"),
        id="an error of the document although some succeeded",
    ),
    pytest.param(
        [summary(2, 1, 1), result("x")],
        "Complete",
        Verdict(accepted=None, words="No. (18028)"),
        id="an error of who knows which message",
    ),
    pytest.param([], "Complete", Verdict(accepted=None), id="no summary"),
    pytest.param([summary(0, 0)], "Complete", Verdict(accepted=None), id="nothing processed"),
    pytest.param([summary(1, 1)], "Processing", Verdict(accepted=None), id="not at the end"),
    pytest.param([], "Rejected", Verdict(accepted=None), id="rejected without a word"),
    pytest.param([summary(3, 1, 1), result(2)], "Complete", Verdict(accepted=None), id="a gap"),
    pytest.param([summary(2, 1, 1)], "Complete", Verdict(accepted=None), id="an error untold"),
    pytest.param(
        [summary(1, 1), result(1, "Notice", "Hm.")],
        "Complete",
        Verdict(accepted=None, words="Hm. (18028)"),
        id="a kind of result yet unknown",
    ),
]


@pytest.mark.parametrize(("parts", "status", "expected"), CASES)
def test_verdicts(parts: list[str], status: str, expected: Verdict) -> None:
    assert read_report(report(*parts, status=status).encode()).verdict(1) == expected


def test_a_report_that_knows_fewer_messages_than_were_sent_decides_nothing() -> None:
    read = read_report(report(summary(2, 2)).encode())
    assert read.verdict(1, sent=2).accepted is True
    assert read.verdict(1, sent=3).accepted is None


@pytest.mark.parametrize(
    ("charset", "declared", "encoding"),
    [
        (None, "UTF-8", "utf-8"),
        (None, "Shift_JIS", "cp932"),
        ("shift_jis", "UTF-8", "cp932"),
        ("utf-8", "Shift_JIS", "utf-8"),
        ("no-such-charset", "UTF-8", "utf-8"),
        ("base64", "UTF-8", "utf-8"),
        (None, "no-such-charset", "utf-8"),
        ("us-ascii", "Shift_JIS", "cp932"),
        (None, "UTF-8", "utf-8-sig"),
        (None, "UTF-16", "utf-16"),
    ],
)
def test_charsets(charset: str | None, declared: str, encoding: str) -> None:
    text = report(summary(1, 0, 1), result(1, text="返金①できません"), declared=declared)
    verdict = read_report(text.encode(encoding), charset).verdict(1)
    assert verdict.words == "返金①できません (18028)"


def test_a_garbled_description_hides_no_verdict() -> None:
    content = report(summary(1, 0, 1), result(1, text="N\x00o\x0b\xff")).encode("latin-1")
    verdict = read_report(content).verdict(1)
    assert verdict.accepted is False
    assert verdict.words.startswith("No")


def test_new_elements_and_namespaces_are_passed_over() -> None:
    text = report(summary(1, 0, 1), "<New><Result/></New>", result(1))
    text = text.replace("<AmazonEnvelope>", '<AmazonEnvelope xmlns="urn:new" version="9">')
    assert read_report(text.encode()).verdict(1).accepted is False


@pytest.mark.parametrize(
    "content", [b"", b"<html><body>503</body></html>", b"<AmazonEnvelope>", b"\xff\xfe", b"PDF"]
)
def test_what_is_no_report(content: bytes) -> None:
    with pytest.raises(IllegibleReport):
        read_report(content)


def test_entities_are_not_followed() -> None:
    secret = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY f "ffff">]>'
    text = report(summary(1, 0, 1), result(1, text="No&e;&f;."))
    content = text.replace("?>", f"?>{secret}", 1).encode()
    assert "root" not in read_report(content).verdict(1).words


@given(st.binary(max_size=300), st.sampled_from([None, "utf-16", "shift_jis", "idna", "rot13"]))
def test_no_bytes_break_it(content: bytes, charset: str | None) -> None:
    with pytest.raises(IllegibleReport):
        read_report(content, charset)
