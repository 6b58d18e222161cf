"""Translates sentences on this machine alone: packages of weights, the engine that runs them, and doubts about it."""
