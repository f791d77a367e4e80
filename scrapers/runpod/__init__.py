"""RunPod at its own places: the pricing page, the public GraphQL API and the documentation's tables."""
