"""Commands about documents: taking them in, searching them, what becomes of them."""
