"""Several hosts of one database: what each needs, what all must have alike, and which there are."""
