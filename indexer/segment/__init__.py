"""Cuts pages into paragraphs, sentences and passages."""
