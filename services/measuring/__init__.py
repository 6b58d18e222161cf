"""Counts and times what a process does, for whoever operates it."""
