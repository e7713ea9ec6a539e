"""Reading Amazon's orders: unknown things never fail an import, illegible ones fail alone."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saleor_amazon_app.mirror.amazon_order import UnreadableOrder, read_order
from tests.mirror.amazon_orders import amazon_order, item

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def _objects(value: Any) -> list[dict[str, Any]]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [value] if isinstance(value, dict) else []
    return found + [deeper for entry in inner for deeper in _objects(entry)]


@given(st.data())
def test_unknown_fields_anywhere_are_ignored(data: st.DataObject) -> None:
    payload = amazon_order()
    expected = read_order(payload)
    target = data.draw(st.sampled_from(_objects(payload)))
    target["aFieldOf2031"] = data.draw(json_values)
    assert read_order(payload) == expected


@given(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30).filter(str.strip))
def test_unknown_values_of_open_enums_are_kept_as_they_are(value: str) -> None:
    payload = amazon_order(status=value, by=value, programs=[value])
    payload["orderItems"][0]["programs"] = [value]
    payload["fulfillment"]["fulfillmentServiceLevel"] = value
    order = read_order(payload)
    assert (order.status, order.fulfilled_by, order.programs) == (value, value, (value,))


@given(st.sampled_from(["buyer", "recipient", "proceeds", "fulfillment", "tax", "packages"]))
def test_a_data_set_that_is_withheld_or_null_does_not_fail(name: str) -> None:
    payload = amazon_order()
    payload[name] = None
    assert read_order(payload).order_id
    del payload[name]
    assert read_order(payload).order_id


def test_an_illegible_shipping_window_is_as_good_as_none() -> None:
    payload = amazon_order()
    payload["fulfillment"]["shipByWindow"] = {"latestDateTime": "1995-13-45"}
    assert read_order(payload).ship_by is None


def test_empty_texts_are_no_texts() -> None:
    payload = amazon_order()
    payload["recipient"]["deliveryAddress"]["addressLine2"] = " "
    address = read_order(payload).address
    assert address is not None
    assert address.address_line2 is None


def test_characters_that_saleor_cannot_store_are_dropped() -> None:
    payload = amazon_order()
    payload["recipient"]["deliveryAddress"]["name"] = "Eri\0ka \0"
    payload["recipient"]["deliveryAddress"]["companyName"] = "\0"
    address = read_order(payload).address
    assert address is not None
    assert (address.name, address.company_name) == ("Erika ", None)


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (lambda p: p.pop("orderId"), "orderId"),
        (lambda p: p.update(createdTime="yesterday"), "createdTime"),
        (lambda p: p["proceeds"]["grandTotal"].update(amount="abc"), "grandTotal.amount"),
        (lambda p: p["proceeds"]["grandTotal"].update(amount="NaN"), "grandTotal.amount"),
        (lambda p: p["orderItems"][0].update(quantityOrdered="many"), "quantityOrdered"),
    ],
)
def test_an_illegible_order_names_the_field_and_never_its_value(spoil: Any, named: str) -> None:
    payload = amazon_order(item())
    spoil(payload)
    with pytest.raises(UnreadableOrder) as error:
        read_order(payload)
    assert named in str(error.value)
    for secret in ("abc", "yesterday", "many", "Erika"):
        assert secret not in str(error.value)
