"""The audit trail: what was done, by whom, to what; sealed, signed, exported and checked."""
