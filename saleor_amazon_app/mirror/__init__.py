"""The types and rules: what an Amazon order becomes in Saleor, and why. Pure, without I/O."""
