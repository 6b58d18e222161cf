"""Names across scripts and spellings: keys that the spellings of one name share, and tables of names that are known."""
