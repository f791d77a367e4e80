"""Somebody's document, read like any source: its tables and sentences, and the figures printed in them."""
