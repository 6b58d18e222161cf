"""How long papers are kept: schedules for administrators, what is due for registrars, certificates for auditors."""
