"""The calls about people, agencies and grants: what an administrator does, and what a second one decides."""
