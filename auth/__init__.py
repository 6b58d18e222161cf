"""Decides who someone is and what they may see now. Knows no HTTP, no PDF and no search engine."""
