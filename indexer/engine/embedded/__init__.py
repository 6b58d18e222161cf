"""The embedded engine: one machine, no server."""
