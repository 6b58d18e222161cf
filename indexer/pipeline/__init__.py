"""Takes documents from stage to stage, and keeps the index in step with the database."""
