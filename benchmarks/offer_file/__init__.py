"""What the benchmark of AWS offer files runs: a generator of such files, and the processes that are measured."""
