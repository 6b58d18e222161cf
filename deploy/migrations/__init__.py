"""The database's history: how each version of its tables is made from the one before."""
