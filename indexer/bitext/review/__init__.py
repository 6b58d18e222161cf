"""People's translations: their states and versions, who is at work on what, and what waits to be reviewed."""
