"""Takes PDFs through the pipeline into an index, and answers searches inside a scope."""
