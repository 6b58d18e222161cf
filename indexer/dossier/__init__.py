"""Passages that somebody collects out of papers, read anew whenever they are shown or taken away."""
