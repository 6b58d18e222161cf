"""Commands of the operator: setting up, running, looking after an installation."""
