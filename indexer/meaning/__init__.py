"""Vectors of meaning: how passages and questions get one, and which passages lie nearest, inside a scope."""
