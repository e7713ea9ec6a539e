"""Identifiers as distinct types, so that one can never be passed for another."""

from typing import NewType

TenantId = NewType("TenantId", str)
"""A Saleor shop that installed the app."""

AccountId = NewType("AccountId", str)
"""A seller's Amazon account, in one region, connected by a tenant."""

SellerId = NewType("SellerId", str)
MarketplaceId = NewType("MarketplaceId", str)
AmazonOrderId = NewType("AmazonOrderId", str)
OrderItemId = NewType("OrderItemId", str)
SellerSku = NewType("SellerSku", str)

SaleorOrderId = NewType("SaleorOrderId", str)
VariantId = NewType("VariantId", str)
