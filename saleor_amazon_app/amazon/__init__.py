"""Speaks Amazon's Selling Partner API and knows nothing of Saleor."""
