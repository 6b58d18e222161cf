"""Commands about where papers are kept, for how long, and what was removed."""
