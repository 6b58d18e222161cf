"""What kept searches find that their person has not seen."""
