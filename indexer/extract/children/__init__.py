"""The child processes that read PDFs, and what holds them in."""
