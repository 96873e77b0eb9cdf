"""`python -m pbtool`: the same as the command."""

from pbtool.cli import main

main()
