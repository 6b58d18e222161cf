"""What is kept of documents: their tables, their files, and how they come in."""
