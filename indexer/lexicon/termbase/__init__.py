"""The termbase and imported dictionaries: kept under labels, read inside a scope, found in texts in any form."""
