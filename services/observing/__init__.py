"""Tells those who operate a Tolmach what goes on in it."""
