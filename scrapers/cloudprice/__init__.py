"""cloudprice.net, an aggregator of cloud prices: its lists of AWS instances, as JSON or as the pages show them."""
