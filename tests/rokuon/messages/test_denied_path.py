"""Who is not let through to the socket reads whose folder it is, and what to do."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.machine.api_client import ApiClosed

# A user who has nothing.
NOBODY = 65_534
TRIED = """
import os, sys
from pathlib import Path
from rokuon.machine.api_client import ApiAway, ApiClosed, Client
from rokuon.messages.error_words import words_of
os.setgroups([]), os.setgid({id}), os.setuid({id})
for path in sys.argv[1:]:
    try:
        Client(path=Path(path)).get("/me")
    except ApiAway as away:
        print(isinstance(away, ApiClosed), words_of(away))
"""


def said_to_nobody(*sockets: Path) -> list[str]:
    """What another user of the operating system reads of each: a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", TRIED.format(id=NOBODY), *map(str, sockets)],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
def test_a_folder_that_refuses_a_user_says_whose_it_is_and_which_group_is_let_in() -> None:
    """It said that Rokuon does not answer, and to start it; it ran."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        folders = [Path(made, f"{mode:o}") for mode in (0o750, 0o700, 0o755)]
        for folder in folders:
            folder.mkdir()
            folder.chmod(int(folder.name, 8))
            os.chown(folder, 1, 2)
        by_group, closed, away = said_to_nobody(*(each / "api.sock" for each in folders))

    assert by_group.startswith(
        f"True {folders[0]} is closed to the user nobody: it belongs to daemon"
    )
    assert "group bin (drwxr-x---)" in by_group
    assert "usermod -aG bin nobody" in by_group
    assert "usermod" not in closed
    assert "http.socket" in closed
    assert away.startswith("False Rokuon does not answer")


def test_it_is_an_error_of_permission() -> None:
    """A script tells it from a Rokuon that is down."""
    assert code_for(ApiClosed("/run/api.sock")) is Exit.NOT_PERMITTED
