"""Opens what the settings name: a search engine, and a store of originals."""
