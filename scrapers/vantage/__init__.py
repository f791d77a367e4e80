"""Vantage (instances.vantage.sh), which republishes AWS's prices: it confirms or contradicts, it never replaces."""
