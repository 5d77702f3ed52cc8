"""What a terminal shows of sides that are a guess or unknown: without colour, wide and narrow."""

import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.call.event_values import Side, SideBecause
from archive.call.events import Event
from rokuon.compose.archive.keeper import recover
from tests.rokuon.installation import TALKS, Installation, events, installation
from tests.support.cli.calls import WINDOW

SIDES: dict[str, tuple[Side, Side, SideBecause]] = {
    "known": ("customer", "agent", "internal_domain"),
    "guessed": ("customer", "agent", "first_stream"),
    "unknown": ("unknown", "unknown", "recorded_party"),
}
_STYLE = re.compile("\x1b\\[[0-9;]*m")
_COLOUR = re.compile("\x1b\\[[0-9;]*(?:3|4|9|10)[0-9]m")


@pytest.fixture(scope="module")
def sided() -> Iterator[Installation]:
    """Three calls of the same two, of whose sides each tells less."""
    with installation() as site:
        for line, kind in enumerate(SIDES):
            site.put(_call(kind, line), [packet for talk in TALKS for packet in talk.sent()])
        recover(site.config)
        file = Path(site.folder, "rokuon.toml")
        file.write_text(f'[node]\ndata = "{site.config.node.data}"\n')
        site.answering()
        yield site


def _call(kind: str, line: int) -> list[Event]:
    """Of a pair of numbers of its own: two ends of one call would be one."""
    customer, agent, because = SIDES[kind]
    opened, *streams, caller, called, ended = events()
    return [
        replace(opened, call_id=f"{kind}@example"),
        *streams,
        replace(caller, side=customer, because=because, aor=f"sip:+8130000123{line}@carrier"),
        replace(called, side=agent, because=because, aor=f"sip:200{line}@pbx"),
        ended,
    ]


def shown(site: Installation, columns: int, *arguments: str) -> str:
    """What a command writes to a terminal of so many columns."""
    ours, its = pty.openpty()
    command = [sys.executable, "-m", "rokuon", "--config", f"{site.folder}/rokuon.toml", *arguments]
    terminal = {"COLUMNS": str(columns), "NO_COLOR": "1", "TERM": "xterm", "LANG": "en_GB.UTF-8"}
    with subprocess.Popen(command, stdout=its, stderr=its, env={**os.environ, **terminal}):
        os.close(its)
        said = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    return said.decode()


def _read(terminal: int) -> bytes:
    """Until the other end is closed, which Linux says by an error."""
    try:
        return os.read(terminal, 65_536)
    except OSError:
        return b""


@pytest.mark.parametrize("columns", [200, 60])
def test_a_terminal_without_colour_tells_known_guessed_and_unknown_apart(
    sided: Installation, columns: int
) -> None:
    """By whole words, also where columns beside each other would tear them."""
    told = shown(sided, columns, "calls", "find", *WINDOW)
    plain = _STYLE.sub("", told)

    assert not _COLOUR.search(told)
    assert [plain.count(word) for word in ("佐藤 (a guess)", "田中 (a guess)", "佐藤, 田中")] == [
        1, 1, 1,
    ]  # fmt: skip
    assert len(re.findall(r"(?<!direction )(?<!side )not known", plain)) == 2
    assert max(map(len, plain.splitlines())) <= columns


@pytest.mark.parametrize("columns", [200, 60])
def test_the_side_of_a_leg_says_itself_that_it_is_a_guess(
    sided: Installation, columns: int
) -> None:
    """Not a column somewhere beside it."""
    told = _STYLE.sub("", shown(sided, columns, "calls", "show", "guessed@example"))
    known = _STYLE.sub("", shown(sided, columns, "calls", "show", "known@example"))

    assert "customer (a guess)" in told
    assert "agent (a guess)" in told
    assert re.search(r"^customer +佐藤 \(a guess\)", told, re.MULTILINE)
    assert "guess" not in known
