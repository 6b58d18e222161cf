"""How the service and a child talk over their socket: the shape of an answer's frames, known to both sides."""

import struct

NONCE = 16
"""Bytes drawn for each document, which stand in every frame of its answer: no frame of another document has them."""

HEADER = struct.Struct(f">{NONCE}scI")
"""Before each frame: the nonce, the kind of the frame, and the number of bytes that follow."""

COUNT = b"N"  # the number of pages, as decimal digits; at most once, and first
PAGE = b"P"  # a page as JSON: its size, its lines, lengths in hundredths of a point; null if it cannot be read
IMAGE = b"I"  # a picture of a page, PNG
FILE = b"F"  # a piece of a file that is inside the document
ERROR = b"E"  # a code of ExtractError; nothing follows
DONE = b"D"  # nothing follows

LONGEST: dict[bytes, int] = {COUNT: 9, PAGE: 4 << 20, IMAGE: 96 << 20, FILE: 1 << 20, ERROR: 64, DONE: 0}
"""Bytes that a frame of each kind may hold."""

MOST_NAMES, LONGEST_NAME = 200, 200
"""Names of files inside a document that are told, and characters of each."""
