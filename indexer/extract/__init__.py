"""Reads PDF pages as lines with boxes, in a limited child process."""
