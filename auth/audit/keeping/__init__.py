"""What keeps an audit trail: a file of the home, or tables in PostgreSQL; and archives of it."""
