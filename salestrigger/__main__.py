"""``python -m salestrigger`` is the ``salestrigger`` command."""

from salestrigger.flows.cli import main

main()
