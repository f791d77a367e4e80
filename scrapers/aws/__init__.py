"""What AWS publishes about its prices: the bulk price list, the spot feed, the Capacity Blocks page."""
