"""The way out through a real Chromium: pages whose prices a script fills in, and what they looked like."""
