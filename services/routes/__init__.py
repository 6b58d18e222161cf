"""The HTTP surface: each file one group of calls."""
