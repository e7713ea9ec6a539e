"""The simulated Messaging API: as the model says, and as it was seen to answer."""

from collections.abc import Callable
from typing import Any

import pytest

from saleor_amazon_app.sandbox.amazon.limits import PLANS, WRITE
from saleor_amazon_app.sandbox.amazon.state import MESSAGING_ROLE, State
from saleor_amazon_app.sandbox.amazon.storage import as_json, from_json
from tests.sandbox.amazon.amazon import SELLER, US, Caller, Client, an_order, order_id
from tests.sandbox.amazon.test_conformance import faults_of, unknown_fields

Model = Callable[[str], dict[str, Any]]
MODEL = "models/messaging.json"
EXAMPLE = "123-1234567-1234567"
TEXT = {"text": "Which colour do you want?"}


def path(number: str = order_id(1), end: str = "") -> str:
    return f"/messaging/v1/orders/{number}{end}"


def names(call: Caller, number: str = order_id(1)) -> list[str]:
    told = call.get(path(number), marketplaceIds=US).json
    return [action["name"] for action in told["_links"]["actions"]]


def write(call: Caller, kind: str, body: Any, number: str = order_id(1), store: str = US) -> Any:
    return call.send("POST", path(number, f"/messages/{kind}?marketplaceIds={store}"), json=body)


def put(state: State, status: str, by: str = "MERCHANT", **item: Any) -> None:
    told = an_order(fulfillment={"fulfillmentStatus": status, "fulfilledBy": by})
    told["orderItems"][0]["product"] |= item
    state.put_order(SELLER, told)


@pytest.mark.parametrize(
    ("status", "by", "expected"),
    [
        ("PENDING", "MERCHANT", set()),
        ("PENDING_AVAILABILITY", "MERCHANT", set()),
        ("CANCELLED", "MERCHANT", set()),
        ("UNFULFILLABLE", "AMAZON", set()),
        (
            "UNSHIPPED",
            "MERCHANT",
            {
                *("confirmDeliveryDetails", "confirmOrderDetails"),
                *("legalDisclosure", "unexpectedProblem", "attributes"),
            },
        ),
        ("UNSHIPPED", "AMAZON", {"legalDisclosure", "attributes"}),
        ("SHIPPED", "MERCHANT", {"legalDisclosure", "unexpectedProblem", "attributes"}),
    ],
)
def test_what_can_be_written_depends_on_the_order(
    state: State, call: Caller, status: str, by: str, expected: set[str]
) -> None:
    put(state, status, by)
    assert set(names(call)) == expected


def test_customised_items_can_be_asked_about(state: State, call: Caller) -> None:
    put(state, "UNSHIPPED", customization={"customizedUrl": "https://x.invalid"})
    assert "confirmCustomizationDetails" in names(call)


def test_a_message_is_recorded_each_time_it_is_sent(
    state: State, call: Caller, client: Client
) -> None:
    put(state, "UNSHIPPED")
    for _ in range(2):
        answer = write(call, "confirmOrderDetails", TEXT)
        assert (answer.status_code, answer.json) == (201, {})
    told = client.get("/control/messages").json
    assert [(m["order_id"], m["kind"], m["text"]) for m in told] == [
        (order_id(1), "confirmOrderDetails", TEXT["text"])
    ] * 2


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        pytest.param("unexpectedProblem", {"text": "x" * 2000}, 201, id="as long as can be"),
        pytest.param("unexpectedProblem", {"text": "x" * 2001}, 400, id="too long"),
        pytest.param("unexpectedProblem", {"text": ""}, 400, id="empty"),
        pytest.param("unexpectedProblem", {}, 400, id="without a text"),
        pytest.param("unexpectedProblem", {"text": 1}, 400, id="a number"),
        pytest.param("unexpectedProblem", [], 400, id="no object"),
        pytest.param("digitalAccessKey", {"text": "x" * 401}, 400, id="a key too long"),
        pytest.param("confirmCustomizationDetails", {"text": "x" * 801}, 400, id="a question"),
        pytest.param("confirmServiceDetails", TEXT, 403, id="not for this order"),
        pytest.param("noSuchKind", TEXT, 404, id="no such kind"),
    ],
)
def test_a_message_is_taken_or_refused(
    state: State, call: Caller, kind: str, body: Any, status: int
) -> None:
    put(state, "UNSHIPPED")
    offered = ["unexpectedProblem", "digitalAccessKey", "confirmCustomizationDetails"]
    state.orders[order_id(1)].messaging = offered
    assert write(call, kind, body).status_code == status
    assert len(state.messages) == (status == 201)


def test_a_kind_that_an_order_does_not_have_is_refused_in_misleading_words(
    state: State, call: Caller
) -> None:
    put(state, "SHIPPED")
    (error,) = write(call, "confirmOrderDetails", TEXT).json["errors"]
    assert error == {
        "code": "Unauthorized",
        "message": "Invalid amazonOrderId and template combination.",
        "details": "",
    }


def test_without_the_role_nothing_is_told_or_sent(state: State, call: Caller) -> None:
    put(state, "UNSHIPPED")
    seller = state.sellers[SELLER]
    seller.roles -= {MESSAGING_ROLE}
    for answer in (
        call.get(path(), marketplaceIds=US),
        call.get(path(end="/attributes"), marketplaceIds=US),
        write(call, "unexpectedProblem", TEXT),
    ):
        assert answer.status_code == 403
        assert answer.json["errors"][0]["message"] == "Access to requested resource is denied."
    assert state.messages == []


@pytest.mark.parametrize(
    ("number", "query", "status"),
    [
        pytest.param(order_id(1), {}, 400, id="no marketplace"),
        pytest.param(order_id(1), {"marketplaceIds": f"{US},{US}"}, 400, id="two marketplaces"),
        pytest.param(order_id(1), {"marketplaceIds": "A1F83G8C2ARO7P"}, 400, id="another's"),
        pytest.param(order_id(9), {"marketplaceIds": US}, 404, id="no such order"),
    ],
)
def test_an_order_is_named_with_its_marketplace(
    state: State, call: Caller, number: str, query: dict[str, str], status: int
) -> None:
    put(state, "UNSHIPPED")
    assert call.get(path(number), **query).status_code == status
    assert call.get(path(number, "/attributes"), **query).status_code == status


def test_another_sellers_order_is_unknown(state: State, client: Client) -> None:
    put(state, "UNSHIPPED")
    state.add_seller("OTHER", "Atzr|other", [US])
    other = Caller(client, "Atzr|other")
    assert other.get(path(), marketplaceIds=US).status_code == 404
    assert write(other, "unexpectedProblem", TEXT).status_code == 404
    assert state.messages == []


def test_what_was_written_outlives_the_simulator(state: State, call: Caller) -> None:
    put(state, "UNSHIPPED")
    write(call, "unexpectedProblem", TEXT)
    again = from_json(as_json(state))
    assert [message.text for message in again.messages] == [TEXT["text"]]


# --- Amazon's own examples ----------------------------------------------------------------------


def test_the_published_example_is_told_as_published(
    state: State, call: Caller, client: Client, model: Model
) -> None:
    case = model("sandbox_cases_and_limits.json")["messaging.getMessagingActionsForOrder"]
    published = case["static_cases"][0]["response"]
    state.put_order(SELLER, an_order(orderId=EXAMPLE))
    offered = [action["name"] for action in published["_links"]["actions"]]
    offered.remove("attributes")
    client.post(f"/control/orders/{EXAMPLE}/messaging", json={"kinds": offered})
    told = call.get(path(EXAMPLE), marketplaceIds=US).json
    assert told["_links"] == published["_links"]


@pytest.mark.parametrize("kind", WRITE)
def test_the_published_messages_are_taken(
    state: State, call: Caller, model: Model, kind: str
) -> None:
    case = model("sandbox_cases_and_limits.json")[f"messaging.{WRITE[kind]}"]["static_cases"][0]
    state.put_order(SELLER, an_order(orderId=EXAMPLE))
    state.orders[EXAMPLE].messaging = list(WRITE)
    body = case["request"]["parameters"]["body"]["value"]
    body.pop("attachments", None)  # files are not simulated
    answer = write(call, kind, body, EXAMPLE)
    assert (answer.status_code, answer.json) == (case["status"], case["response"])


def test_answers_conform_to_the_model(state: State, call: Caller, model: Model) -> None:
    published = model(MODEL)
    put(state, "UNSHIPPED")
    told = {
        "GetMessagingActionsForOrderResponse": call.get(path(), marketplaceIds=US),
        "GetAttributesResponse": call.get(path(end="/attributes"), marketplaceIds=US),
        "CreateUnexpectedProblemResponse": write(call, "unexpectedProblem", TEXT),
        "CreateConfirmOrderDetailsResponse": write(call, "confirmOrderDetails", {}),
        "CreateConfirmServiceDetailsResponse": write(call, "confirmServiceDetails", TEXT),
    }
    assert [answer.status_code for answer in told.values()] == [200, 200, 201, 400, 403]
    for definition, answer in told.items():
        assert faults_of(published, definition, answer.json) == []
        assert unknown_fields(published, definition, answer.json) == set()


def test_the_limits_are_the_models(model: Model) -> None:
    published = model(MODEL)
    for kind, operation in WRITE.items():
        told = published["paths"][f"/messaging/v1/orders/{{amazonOrderId}}/messages/{kind}"]["post"]
        assert told["operationId"] == operation
        case = model("sandbox_cases_and_limits.json")[f"messaging.{operation}"]
        assert (PLANS[operation].rate, PLANS[operation].burst) == (case["rate"], case["burst"])
