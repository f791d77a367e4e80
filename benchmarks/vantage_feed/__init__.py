"""What the benchmark of Vantage's feed runs: a generator of such a feed, and the process that is measured."""
