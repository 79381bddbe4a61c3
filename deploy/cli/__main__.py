"""`python -m deploy.cli`: the command line without an installed script."""

from deploy.cli import main

main()
