"""Speaks Saleor's GraphQL, manifest, JWT and webhook signatures and knows nothing of Amazon."""
