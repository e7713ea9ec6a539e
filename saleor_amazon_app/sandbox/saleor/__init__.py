"""A simulated Saleor: GraphQL with the real server's rules and traps, installation, webhooks."""
