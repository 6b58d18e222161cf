"""An operator's own rules of where sentences end (SRX 2.0): read, kept for a series of meetings, and followed."""
