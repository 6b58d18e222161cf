"""How parent and child talk over their socket: the shape of an answer's frames, known to both sides."""

import struct

HEADER = struct.Struct(">cI")
"""Before each frame: its kind, and the number of bytes that follow."""

COUNT = b"N"  # the number of pages, as decimal digits; comes first
PAGE = b"P"  # a page as JSON: width, height, lines, lengths in hundredths of a point; null if it cannot be read
IMAGE = b"I"  # a picture of a page, PNG
ERROR = b"E"  # a code of ExtractError; nothing follows
DONE = b"D"  # nothing follows
