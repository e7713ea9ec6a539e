"""The parts of addresses that name things."""

from pydantic import BaseModel, Field


class OrderPath(BaseModel):
    amazon_order_id: str = Field(pattern=r"^[0-9A-Za-z-]{1,64}$")


class SaleorOrderPath(BaseModel):
    saleor_order_id: str = Field(pattern=r"^[0-9A-Za-z+/=_-]{1,128}$")


class IntentPath(BaseModel):
    intent_id: int = Field(ge=1)


class IdPath(BaseModel):
    id: str = Field(pattern=r"^[0-9a-f]{32}$")


class MarketplacePath(IdPath):
    """A marketplace of an account; ``id`` is the account's."""

    marketplace_id: str = Field(pattern=r"^[0-9A-Z]{1,32}$")
