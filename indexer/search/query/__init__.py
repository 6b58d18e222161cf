"""From typed text to a query: words, signs, fields and what was made of them."""
