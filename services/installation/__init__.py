"""An installation as a whole: backups, and bringing what was put back into line."""
