"""The cage: processes that read hostile files, what holds them in, and how the service talks with them."""
