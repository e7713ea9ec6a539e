"""Mirrors Amazon orders into Saleor and carries the merchant's work back to Amazon."""

__version__ = "0.1.0"
