"""Translators' work as JSON."""
