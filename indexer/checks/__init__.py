"""Checks of translations, a machine's or a person's: what got lost or was added on the way."""
