"""Somebody's document against the store: its figures, sums and statements, with a verdict each."""
