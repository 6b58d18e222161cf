"""A lexicon learned from sentences that people translated: counted by workers, added up over a scope."""
