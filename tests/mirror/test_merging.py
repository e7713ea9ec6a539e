"""A later reading never loses what Amazon withdraws, and never keeps what it changed."""

from saleor_amazon_app.mirror.merging import merge
from tests.mirror.amazon_orders import ADDRESS, amazon_order

FULL = amazon_order()
STRIPPED = {"city": "Berlin", "postalCode": "10115", "countryCode": "DE"}


def test_a_withdrawn_street_and_name_are_kept() -> None:
    later = amazon_order(status="SHIPPED", recipient={"deliveryAddress": STRIPPED}, buyer={})
    merged = merge(FULL, later)
    assert merged["recipient"]["deliveryAddress"] == ADDRESS
    assert merged["buyer"]["buyerName"] == "Erika Mustermann"
    assert merged["fulfillment"]["fulfillmentStatus"] == "SHIPPED"


def test_a_data_set_that_is_missing_altogether_keeps_the_earlier_one() -> None:
    later = amazon_order()
    del later["recipient"], later["buyer"]
    assert merge(FULL, later)["recipient"]["deliveryAddress"] == ADDRESS


def test_a_changed_address_replaces_the_earlier_one_as_a_whole() -> None:
    new = ADDRESS | {"addressLine1": "Neuer Weg 1", "phone": None}
    later = amazon_order(recipient={"deliveryAddress": new})
    assert merge(FULL, later)["recipient"]["deliveryAddress"] == new


def test_a_street_is_not_carried_over_to_another_place() -> None:
    elsewhere = STRIPPED | {"city": "Hamburg", "postalCode": "20095"}
    later = amazon_order(recipient={"deliveryAddress": elsewhere})
    assert "addressLine1" not in merge(FULL, later)["recipient"]["deliveryAddress"]
