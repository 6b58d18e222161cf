"""Papers that are each other's translation: found, decided on, aligned, compared."""
