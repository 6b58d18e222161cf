"""Commands about people, agencies, grants, and what waits for a second administrator."""
