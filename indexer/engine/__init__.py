"""Search engines: one contract, and the implementations that keep it."""
