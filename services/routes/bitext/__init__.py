"""Translators' work: what people translate, review, look up and exchange."""
