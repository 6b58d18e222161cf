"""Formats of terms and of dictionaries: each file reads one, and tells the entries that it cannot take."""
