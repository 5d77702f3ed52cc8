"""`python -m rokuon` and the console command: chooses the language, then hands over.

Knows nothing of the commands.
"""

import gc
import os
import sys
from typing import Final

from rokuon.messages import i18n

# Of every so many new objects the collector looks for cycles. Imports make 200,000, and all of them
# stay: by its own measure (700) it would visit them again and again, for a third of a part's start.
NEW_OBJECTS: Final = 50_000


def main() -> None:
    """Run the command line and end with its exit code."""
    gc.set_threshold(NEW_OBJECTS)
    # Nothing here uses numpy's linear algebra, which starts a thread for each core all the same:
    # memory in every process, and each system call of a process with threads costs a relay more.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Help texts are translated where the commands are declared: the language comes first.
    i18n.speak(i18n.choose(sys.argv[1:], os.environ))
    from rokuon.cli.app import app
    from rokuon.cli.terminal.exits import guarded

    try:
        sys.exit(guarded(app))
    finally:
        # The interpreter's end looks for cycles in all that is there: what a process leaves its
        # kernel frees, and where memory is slow a part overstayed its time to stop.
        gc.freeze()


if __name__ == "__main__":
    main()
