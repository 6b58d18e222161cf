"""Searches that experts send to the registrars of another agency."""
