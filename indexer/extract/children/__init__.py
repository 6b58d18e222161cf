"""What runs inside the cage: the programs that read PDFs."""
