"""Turns requests and commands into calls, and results into JSON. Decides nothing."""
