"""Changes to access, as values: made at once, or kept until a second person approves them."""
