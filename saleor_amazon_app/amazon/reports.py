"""Processing reports: what became of each message of a feed.

Source: ProcessingReport in the public copies of Amazon's schemas (McIntozh/Amazon-Schema). Real
reports differ in their version (amzn/selling-partner-api-models#853), so only what is needed is
looked at, whatever stands around it.
"""

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from lxml import etree

from saleor_amazon_app.amazon.errors import IllegibleReport
from saleor_amazon_app.mirror.sentences import say

_COMPLETE: Final = "complete"
_REJECTED: Final = "rejected"
_WHOLE_DOCUMENT: Final = 0
_NUMBER: Final = re.compile(r"[0-9]{1,20}")
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
_DECLARED: Final = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_FORBIDDEN: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BOMS: Final = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SUPERSETS: Final = {"shift_jis": "cp932", "iso8859-1": "cp1252"}
"""What is meant in practice by a charset's name, as in the Encoding Standard of WHATWG."""

_CHARSETS: Final = ("utf", "ascii", "iso", "cp", "shift_jis", "euc_", "gb", "big5")
"""How the names of charsets begin; Python's codecs include compression and escapes too."""

_Node = etree._Element  # noqa: SLF001 - lxml has no public name for the type


@dataclass(frozen=True)
class Result:
    """What Amazon says of a message; nothing is said of one that simply succeeded.

    ``message_id`` is 0 for the whole document. ``kind`` is Error, Warning or one yet unknown.
    """

    message_id: int
    kind: str
    code: str
    description: str
    order_id: str = ""
    item_id: str = ""

    @property
    def is_error(self) -> bool:
        return self.kind.lower() == "error"

    @property
    def is_warning(self) -> bool:
        return self.kind.lower() == "warning"


@dataclass(frozen=True)
class Verdict:
    """What became of a message: ``accepted`` is None if the report does not tell."""

    accepted: bool | None
    words: str = ""


@dataclass(frozen=True)
class Report:
    """A processing report. A number is None if the summary is missing."""

    status_code: str
    processed: int | None
    successful: int | None
    with_error: int | None
    with_warning: int | None
    results: tuple[Result, ...] = ()

    def verdict(self, message_id: int, sent: int | None = None) -> Verdict:
        """Say what became of a message.

        A message is accepted only if nothing speaks against it and the sums add up: a report
        that is there at all (``DONE``) is not success. What is not known must be looked up
        before the message is sent again, as it may have been carried out.

        Args:
            message_id: The number under which it was sent.
            sent: How many messages the feed had, if the caller knows.
        """
        own = [each for each in self.results if each.message_id == message_id]
        if any(each.is_error for each in own):
            return Verdict(accepted=False, words=_words(each for each in own if each.is_error))
        document = [each for each in self.results if each.message_id == _WHOLE_DOCUMENT]
        if errors := [each for each in document if each.is_error]:
            # Where the document failed and messages may have succeeded, which ones is not told.
            nothing_done = self.successful == 0 or self.status_code.lower() == _REJECTED
            return Verdict(accepted=False if nothing_done else None, words=_words(errors))
        words = _words([*own, *document])
        known = all(each.is_warning for each in own)
        return Verdict(accepted=True if known and self._adds_up(sent) else None, words=words)

    def _adds_up(self, sent: int | None) -> bool:
        """Tell whether every message is accounted for, and every error told of."""
        if self.status_code.lower() != _COMPLETE or self.processed is None:
            return False
        named = {each.message_id for each in self.results} - {_WHOLE_DOCUMENT}
        told = [each.message_id for each in self.results if each.is_error]
        good, bad, warned = (n or 0 for n in (self.successful, self.with_error, self.with_warning))
        return (
            self.processed >= max(sent or 1, len(named))
            and self.processed in (good + bad, good + bad + warned)
            and bad in (len(set(told)), len(told))
        )


def read_report(content: bytes, charset: str | None = None) -> Report:
    """Read a processing report.

    The charset is that of the HTTP content type, else that of the XML declaration, else UTF-8;
    reports of Japan may be in Shift_JIS. Characters that no charset explains are replaced, so
    that a garbled description does not hide a verdict.

    Raises:
        IllegibleReport: It is no XML, or no processing report.
    """
    root = _parse(_decode(content, charset))
    reports = list(root.iter("{*}ProcessingReport"))
    if not reports:
        raise IllegibleReport(say("amazon.report_is_none"))
    summaries = [report.find("{*}ProcessingSummary") for report in reports]
    return Report(
        _status(reports),
        processed=_sum(summaries, "MessagesProcessed"),
        successful=_sum(summaries, "MessagesSuccessful"),
        with_error=_sum(summaries, "MessagesWithError"),
        with_warning=_sum(summaries, "MessagesWithWarning"),
        results=tuple(_result(node) for report in reports for node in report.iter("{*}Result")),
    )


def _decode(content: bytes, charset: str | None) -> str:
    declared = _DECLARED.match(content)
    bom = next((name for mark, name in _BOMS.items() if content.startswith(mark)), None)
    named = (bom, charset, declared[1].decode() if declared else None, "utf-8")
    codecs_found = [name for name in map(_codec, named) if name]
    for name in codecs_found:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode(codecs_found[0], "replace")


def _codec(name: str | None) -> str | None:
    """Return Python's name of a text charset, or None for one that it does not know."""
    try:
        found = codecs.lookup(name or "").name
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(found, found) if found.startswith(_CHARSETS) else None


def _parse(text: str) -> _Node:
    """Parse without entities, network or trees of unbounded size."""
    clean = _DECLARATION.sub("", _FORBIDDEN.sub("", text).lstrip("\ufeff")).strip()
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(clean.encode(), parser)
    except etree.XMLSyntaxError:
        raise IllegibleReport(say("amazon.report_not_xml")) from None


def _status(reports: Iterable[_Node]) -> str:
    """Return the status; of several the first that is not Complete."""
    told = [_text(report, "StatusCode") for report in reports]
    return next((each for each in told if each.lower() != _COMPLETE), told[0])


def _sum(summaries: Iterable[_Node | None], name: str) -> int | None:
    counts = [None if node is None else _number(_text(node, name)) for node in summaries]
    known = [each for each in counts if each is not None]
    return sum(known) if len(known) == len(counts) else None


def _result(node: _Node) -> Result:
    more = node.find("{*}AdditionalInfo")
    return Result(
        # One without a legible number may be about any message, as if about the document.
        message_id=_number(_text(node, "MessageID")) or _WHOLE_DOCUMENT,
        kind=_text(node, "ResultCode"),
        code=_text(node, "ResultMessageCode"),
        description=_text(node, "ResultDescription"),
        order_id="" if more is None else _text(more, "AmazonOrderID"),
        item_id="" if more is None else _text(more, "AmazonOrderItemCode"),
    )


def _text(node: _Node, name: str) -> str:
    found = node.find(f"{{*}}{name}")
    return "" if found is None else " ".join("".join(map(str, found.itertext())).split())


def _number(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _words(results: Iterable[Result]) -> str:
    codes = {each: f"({each.code})" if each.code else "" for each in results}
    told = (f"{each.description} {code}".strip() for each, code in codes.items())
    return " ".join(dict.fromkeys(told))
