"""`python -m services.cli`: the command `tolmach`."""

from services.cli import main

main()
