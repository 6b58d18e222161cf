"""What an operator installs and a newcomer tries: migrations and the sample corpus."""
