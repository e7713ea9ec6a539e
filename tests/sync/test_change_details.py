"""What staff changed is told by names that a merchant knows, and so that it can be translated."""

from datetime import UTC, datetime

from saleor_amazon_app.mirror.ids import VariantId
from saleor_amazon_app.mirror.parcels import Variant
from saleor_amazon_app.mirror.sentences import Term
from saleor_amazon_app.saleor.shop import Channel, Named, Shop
from saleor_amazon_app.sync.change_details import (
    differences,
    marketplace_name,
    names_in,
    setting,
    variant_name,
)

PARIS, ULM = Named("V2FyZTox", "Paris", "paris"), Named("V2FyZToy", "Ulm", "ulm")
POST = Named("U2hpcDox", "Post")
SHOP = Shop(
    channels=(Channel("amazon-de", "Amazon Germany", "EUR", (ULM,), (POST,)),),
    tax_classes=(Named("VGF4OjE=", "Books"),),
    warehouses=(PARIS, ULM),
)


def test_things_of_the_shop_have_their_names() -> None:
    before = {"warehouse_id": PARIS.id, "channel": None, "tax_class_id": "gone", "hold_stock": True}
    after = {
        "warehouse_id": ULM.id,
        "channel": "amazon-de",
        "tax_class_id": "VGF4OjE=",
        "hold_stock": True,
    }
    assert differences(before, after, names_in(SHOP)) == (
        "warehouse: Paris → Ulm. channel: none → Amazon Germany. tax class: gone → Books."
    )


def test_values_that_have_words_are_told_as_such() -> None:
    told = setting("refund_reason", "CustomerReturn", "Exchange", {})
    assert told.params["after"] == Term("refund_reasons", "Exchange")
    switched = setting("ship_without_tracking", before=False, after=True, names={})
    assert switched == "ship without tracking: no → yes."
    at = datetime(2026, 11, 25, tzinfo=UTC)
    assert setting("import_from", at, at, {}).params["before"] == at


def test_nothing_is_told_of_what_is_as_it_was() -> None:
    assert differences({"hold_stock": True}, {"hold_stock": True}, {}) == ""


def test_marketplaces_and_variants_have_names() -> None:
    assert marketplace_name("A1PA6795UKMFR9") == "Amazon.de"
    assert marketplace_name("A-NEW-ONE") == "A-NEW-ONE"
    assert variant_name(Variant(VariantId("1"), "MUG-1", "Mug", "blue")) == "Mug blue (MUG-1)"
