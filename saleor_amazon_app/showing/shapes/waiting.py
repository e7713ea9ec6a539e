"""What waits for a person, the mapping of SKUs, and what the log remembers."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from saleor_amazon_app.mirror.problems import ProblemKind
from saleor_amazon_app.showing.shapes.common import Choice, ProblemShown, Sentence, Shape
from saleor_amazon_app.showing.shapes.orders import OrderRow
from saleor_amazon_app.showing.shapes.overview import ProblemGroup


class PageQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=512)


# --- problems -----------------------------------------------------------------------------------


class ProblemGroups(Shape):
    items: list[ProblemGroup]


class ProblemQuery(PageQuery):
    kind: ProblemKind
    subject: str | None = Field(default=None, max_length=255)


class ProblemRow(Shape):
    problem: ProblemShown
    order: OrderRow


class ProblemPage(Shape):
    items: list[ProblemRow]
    next_cursor: str | None


# --- SKUs ---------------------------------------------------------------------------------------


class UnmatchedSku(Shape):
    sku: str
    title: str | None
    """Amazon's title of the product."""
    orders: int
    """How many orders wait for it."""
    since: datetime


class UnmatchedSkus(Shape):
    items: list[UnmatchedSku]


class VariantShown(Shape):
    id: str
    sku: str
    product: str
    name: str


class Variants(Shape):
    items: list[VariantShown]


class VariantQuery(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    search: str = Field(min_length=1, max_length=128)
    limit: int = Field(default=20, ge=1, le=50)


class SkuQuery(PageQuery):
    search: str | None = Field(default=None, max_length=128)
    """The beginning of an SKU."""


class SkuMappingShown(Shape):
    id: str
    sku: str
    variant: VariantShown | None
    """None: the variant is gone from Saleor."""
    variant_id: str
    created_at: datetime


class SkuMappingPage(Shape):
    items: list[SkuMappingShown]
    next_cursor: str | None
    variants_are_known: bool
    """False: Saleor could not be asked for the variants just now."""


class SkuMappingBody(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    sku: str = Field(min_length=1, max_length=128)
    """The seller's SKU at Amazon."""
    variant_id: str = Field(min_length=1, max_length=128)


class SkuCsv(BaseModel):
    """Rows ``amazon_sku,saleor_sku`` or ``amazon_sku,variant_id`` under a header."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    csv: str = Field(min_length=1, max_length=900_000)
    dry_run: bool = False
    """Only say what would be done."""


class CsvFault(Shape):
    line: int
    message: Sentence


class SkuImport(Shape):
    """What an import did. With a fault in any line nothing is mapped."""

    mapped: int
    unchanged: int
    faults: list[CsvFault]


# --- the log ------------------------------------------------------------------------------------


class ActivityQuery(PageQuery):
    account: str | None = None
    side: str | None = Field(default=None, pattern="^(app|amazon|saleor)$")
    operation: str | None = Field(default=None, max_length=64)
    code: str | None = Field(default=None, max_length=128)
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """Exclusive."""


class ActivityShown(Shape):
    """A call that failed, and how."""

    id: int
    at: datetime
    account_id: str | None
    seller_id: str | None
    side: str
    operation: str
    code: str
    message: Sentence


class ActivityPage(Shape):
    items: list[ActivityShown]
    next_cursor: str | None
    operations: list[Choice]
    """The operations that occur, to choose from."""


class ChangeShown(Shape):
    """What a member of staff changed or looked at."""

    id: int
    at: datetime
    by: str
    subject: Sentence
    action: Sentence
    detail: Sentence | None


class ChangePage(Shape):
    items: list[ChangeShown]
    next_cursor: str | None
