"""What resolvers are given."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from saleor_amazon_app.sandbox.saleor.model import App
from saleor_amazon_app.sandbox.saleor.state import Principal, State

if TYPE_CHECKING:
    from graphql import GraphQLResolveInfo

Info: TypeAlias = "GraphQLResolveInfo[Any]"
Record: TypeAlias = Any
"""Any of the shop's records, or a dict that stands for one."""
Value: TypeAlias = Any
"""The value of a GraphQL argument."""


@dataclass
class Context:
    """What resolvers know about the request."""

    state: State
    principal: Principal
    recipient: App | None = None
    issued_at: datetime | None = None
