"""The store: dated snapshots of what the sources sent, written once."""
