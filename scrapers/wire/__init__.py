"""The way out over HTTP: one client, and the rules by which it asks."""
