"""How long papers are kept: schedules, what is due, and certificates of what was destroyed."""
