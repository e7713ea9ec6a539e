"""SKU mappings from a CSV file: all of its rows, or none if one is wrong."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from saleor_amazon_app.mirror.failures import Misconfigured
from saleor_amazon_app.mirror.ids import TenantId
from saleor_amazon_app.mirror.people import Person
from saleor_amazon_app.mirror.sentences import Sentence, say
from saleor_amazon_app.saleor.shop import variants_by_id, variants_by_sku
from saleor_amazon_app.store.models import SkuMapping
from saleor_amazon_app.sync.changes import add_change
from saleor_amazon_app.sync.services import Services

_MOST_ROWS: Final = 5000
_LONGEST: Final = 128
_AMAZON, _SKU, _ID = "amazon_sku", "saleor_sku", "variant_id"


@dataclass
class CsvReport:
    """What came of a file; ``faults`` are (line, message)."""

    mapped: int = 0
    unchanged: int = 0
    faults: list[tuple[int, Sentence]] = field(default_factory=list)


@dataclass(frozen=True)
class _Row:
    line: int
    amazon_sku: str
    saleor_sku: str
    variant_id: str


def import_csv(
    services: Services, tenant_id: TenantId, text: str, by: Person, *, dry_run: bool
) -> CsvReport:
    """Map what a file says, if every line of it can be.

    Args:
        services: This process's services.
        tenant_id: The shop.
        text: CSV with a header that names ``amazon_sku`` and ``variant_id`` or ``saleor_sku``.
        by: Who asks for it.
        dry_run: Only say what would be done.

    Raises:
        Misconfigured: The header is missing, or the file is too long.
        SaleorFailure: Saleor could not be asked for the variants.
    """
    rows = _read(text)
    report = CsvReport(faults=_faults(rows))
    wanted = _resolve(services, tenant_id, rows, report)
    with services.database.tenant(tenant_id) as session:
        known = {row.seller_sku: row for row in session.scalars(select(SkuMapping))}
        changed = {
            sku: variant
            for sku, variant in wanted.items()
            if sku not in known or known[sku].variant_id != variant
        }
        report.mapped, report.unchanged = len(changed), len(wanted) - len(changed)
        if report.faults or dry_run or not changed:
            report.mapped = 0 if report.faults else report.mapped
            return report
        for sku, variant in changed.items():
            row = known.get(sku) or SkuMapping(seller_sku=sku, created_at=services.now())
            row.variant_id = variant
            session.add(row)
        detail = say("detail.mappings", count=len(changed))
        add_change(services, session, by, say("subject.skus"), "Imported from CSV", detail)
    return report


def _read(text: str) -> list[_Row]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), dialect=_dialect(text))
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if _AMAZON not in names or not {_SKU, _ID} & set(names):
        raise Misconfigured(say("csv.header", amazon=_AMAZON, id=_ID, sku=_SKU), code="header")
    reader.fieldnames = names
    rows = [_row(reader.line_num, told) for told in reader]
    if len(rows) > _MOST_ROWS:
        raise Misconfigured(say("csv.too_many", most=_MOST_ROWS), code="too_many")
    return [row for row in rows if row.amazon_sku or row.saleor_sku or row.variant_id]


def _dialect(text: str) -> type[csv.Dialect]:
    """Tell commas from the semicolons that spreadsheets write in half of Europe."""
    first = text.partition("\n")[0]

    class Told(csv.excel):
        delimiter = max(",;\t", key=first.count)

    return Told


def _row(line: int, told: Mapping[str | None, str | list[str] | None]) -> _Row:
    def cell(name: str) -> str:
        value = told.get(name)
        return value.strip() if isinstance(value, str) else ""

    return _Row(line, cell(_AMAZON), cell(_SKU), cell(_ID))


def _faults(rows: Sequence[_Row]) -> list[tuple[int, Sentence]]:
    faults: list[tuple[int, Sentence]] = []
    seen: set[str] = set()
    for row in rows:
        if not row.amazon_sku or not (row.saleor_sku or row.variant_id):
            faults.append((row.line, say("csv.incomplete")))
        elif len(row.amazon_sku) > _LONGEST:
            faults.append((row.line, say("csv.too_long")))
        elif row.amazon_sku in seen:
            faults.append((row.line, say("csv.twice", sku=row.amazon_sku)))
        seen.add(row.amazon_sku)
    return faults


def _resolve(
    services: Services, tenant_id: TenantId, rows: Iterable[_Row], report: CsvReport
) -> dict[str, str]:
    """Find the variants of all rows; those that are unknown become faults."""
    faulty = {line for line, _ in report.faults}
    good = [row for row in rows if row.line not in faulty]
    with services.saleor(tenant_id) as api:
        by_id = variants_by_id(api, (row.variant_id for row in good if row.variant_id))
        skus = (row.saleor_sku for row in good if not row.variant_id)
        by_sku = variants_by_sku(api, skus)
    wanted: dict[str, str] = {}
    for row in good:
        found = by_id.get(row.variant_id) if row.variant_id else by_sku.get(row.saleor_sku)
        if found is None:
            named = row.variant_id or row.saleor_sku
            report.faults.append((row.line, say("csv.no_variant", variant=named)))
        else:
            wanted[row.amazon_sku] = str(found.id)
    report.faults.sort()
    return wanted
