"""Texts and their translations side by side: what translators work with."""
