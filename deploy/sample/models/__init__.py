"""Miniature translation packages for the demonstration: real weights that know a few sample documents by heart."""
