"""Listings to offers, changes, comparisons and verdicts: the only package that knows pandas and pyarrow."""
