"""Bitexts in the formats of other tools: XLIFF, TMX, and a document for people to read."""
