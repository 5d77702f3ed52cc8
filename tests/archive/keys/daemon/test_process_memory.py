"""The key daemon's process gives no memory away."""

import subprocess
import sys

SCRIPT = """
import ctypes, resource
from archive.keys.daemon.process_memory import protect_process
protect_process()
print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0), resource.getrlimit(resource.RLIMIT_CORE))
"""


def test_a_protected_process_leaves_no_core_and_cannot_be_dumped() -> None:
    """A core file of the key daemon would hold every key that it ever opened."""
    shown = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True
    )

    assert shown.stdout.split(maxsplit=1) == ["0", "(0, 0)\n"]
