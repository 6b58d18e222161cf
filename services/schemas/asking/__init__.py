"""The JSON of those who ask for more than papers."""
