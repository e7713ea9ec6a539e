"""Remembers: tenants, accounts, orders, problems, and how far each sweep has read."""
