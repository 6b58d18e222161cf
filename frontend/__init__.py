"""The browser pages: plain ES modules, served as they are."""
