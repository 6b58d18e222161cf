"""What registrars and administrators do to documents and to access, and what that would do to whom."""
