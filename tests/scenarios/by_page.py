"""A page for administrators, followed on a machine: its commands are typed as they stand there.

What the page can only give an example of, a set's name or a day, is put in its place.
"""

import re
from typing import Final

from tests.scenarios.booted import Machine
from tests.scenarios.installed import CLERK, FINDINGS, OK

BACKUPS: Final = "/var/lib/rokuon/backups"
_SET: Final = re.compile(r"(keystore|catalog)-\d{8}T\d{6}Z-e\d{6}\.rkb")
_DAYS: Final = re.compile(r"--from \S+ --to \S+")
# What these find is looked at by itself.
_LOOKS: Final = re.compile(r"rokuon doctor|\S*deploy/install")


def follow(machine: Machine, lines: list[str]) -> None:
    """Type them one after the other, in the checkout, as root; a search as who may search."""
    assert lines, "the page has no command here"
    for line in lines:
        _type(machine, _as_it_is_there(machine, line))


def _type(machine: Machine, line: str) -> None:
    who = ["runuser", "-u", CLERK, "--"] if line.startswith("rokuon calls") else []
    done = machine.run(*who, "sh", "-c", f"cd /root/rokuon; {line}" if not who else line)
    passed = {OK, FINDINGS} if _LOOKS.match(line) else {OK}
    assert done.returncode in passed, f"{line}: {done.stdout[-3_000:]}{done.stderr[-2_000:]}"


def _as_it_is_there(machine: Machine, line: str) -> str:
    line = _DAYS.sub("--from yesterday --to today", line)
    return _SET.sub(lambda found: newest_set(machine, found[1]), line)


def newest_set(machine: Machine, kind: str) -> str:
    """The name of the newest set of a kind."""
    sets = (machine.root / BACKUPS[1:] / kind).glob("*.rkb")
    return max(path.name for path in sets)
