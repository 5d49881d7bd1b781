"""`python -m engine.cli` is `forewarn`."""

from engine.cli import main

main()
