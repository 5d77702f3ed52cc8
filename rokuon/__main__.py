"""`python -m rokuon` and the console command: chooses the language, then hands over.

Knows nothing of the commands.
"""

import os
import sys

from rokuon import i18n


def main() -> None:
    """Run the command line and end with its exit code."""
    # Help texts are translated where the commands are declared: the language comes first.
    i18n.speak(i18n.choose(sys.argv[1:], os.environ))
    from rokuon.cli.app import app
    from rokuon.cli.exits import guarded

    sys.exit(guarded(app))


if __name__ == "__main__":
    main()
