"""The lexicon that ships with Tolmach: English words and terms with their Russian translations."""
