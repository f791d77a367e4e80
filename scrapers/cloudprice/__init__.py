"""cloudprice.net, an aggregator of cloud prices: the JSON behind its lists of AWS instances."""
