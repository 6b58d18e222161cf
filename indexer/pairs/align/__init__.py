"""Which sentences of two papers are each other's translation."""
