"""A simulated Amazon: LWA, Orders 2026-01-01, rate limits, faults, and a generator of orders."""
