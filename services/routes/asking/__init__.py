"""Calls of those who ask for more than papers: what was recommended and what became of it."""
