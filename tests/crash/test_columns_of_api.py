"""The columns of a running API: asleep during a destruction, or spoilt while it was killed.

Every process is a real one: who recorded, keeps, holds the keys, destroys, and who answers.
"""

import json
import os
import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest

from rokuon.compose.archive.catalog import CATALOG_FILE
from tests.archive.locate.columns.examples import bytes_below
from tests.crash.condemned import Condemned
from tests.crash.whole import wait_until
from tests.scenarios.clocks import Clock
from tests.scenarios.waiting import until

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can type as another user"),
]

# Of the two calls of a load: the one that goes, and the one under a hold.
GONE: Final = "0958"
KEPT: Final = "1234"
# As columns have it: its number from the end.
IN_COLUMNS: Final = b"859064970244"
WITHIN_S: Final = 60.0


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Condemned, Clock]]:
    """In a folder that others reach, with a clock that can be put forward."""
    with TemporaryDirectory(prefix="rk") as folder:
        clock = Clock.hung_up(Path(folder), monkeypatch)
        made = Condemned.made(Path(folder))
        try:
            yield made, clock
        finally:
            made.whole.stop()


def _remembered(made: Condemned, last_digits: str) -> dict[str, str]:
    """The candidates of who remembers these digits: by call what is said of them."""
    asked = ("calls", "find", f"下4桁{last_digits}", "--zone", "UTC", "-o", "json")
    told: dict[str, Any] = json.loads(
        until(  # there is no answer while columns are made
            lambda: made.server.command(*asked, expected=None) or None, "them", within_s=WITHIN_S
        )
    )
    recorded = [each for each in told["candidates"] if each["state"] == "recorded"]
    return {each["conversation"]: each["verdicts"][0]["verdict"] for each in recorded}


def _torn(columns: Path) -> None:
    for file in columns.glob("*.col"):
        file.write_bytes(file.read_bytes()[:-1])


def _without_manifest(columns: Path) -> None:
    (columns / "manifest").write_bytes(b"")


def _of_another_form(columns: Path) -> None:
    manifest = columns / "manifest"
    manifest.write_bytes(manifest.read_bytes().replace(b"columns 2", b"columns 1", 1))


def _of_a_catalog_to_come(columns: Path) -> None:
    """What led on to them is gone, as from a catalog that was put back."""
    with (
        closing(sqlite3.connect(columns.parents[1] / "catalog" / CATALOG_FILE)) as catalog,
        catalog,
    ):
        catalog.execute("DELETE FROM recording_change")


SPOILT: Final = (_torn, _without_manifest, _of_another_form, _of_a_catalog_to_come)


def _is_in_columns(made: Condemned) -> bool:
    return IN_COLUMNS in bytes_below(next(made.whole.folder.glob("var/api/columns-*")))


async def test_columns_that_were_spoilt_are_made_anew_before_anybody_is_answered(
    site: tuple[Condemned, Clock],
) -> None:
    """Whoever asks at the start is told to wait, or hears what is so; never what the files say."""
    made, _ = site
    await made.speak(2, random.Random(1))  # noqa: S311 - a run must be repeatable
    whole = made.whole
    for part in ("keys", "keeper", "api"):
        whole.start(part)
    before = _remembered(made, GONE)
    assert sorted(before.values()) == ["conflict", "match"]
    for spoil in SPOILT:
        whole.kill("api")
        months = whole.log.read_text().count("month made")
        spoil(next(whole.folder.glob("var/api/columns-*")))
        whole.start("api")

        assert _remembered(made, GONE) == before, spoil
        assert whole.log.read_text().count("month made") == months + 1, spoil


async def test_who_slept_for_an_hour_is_not_waited_for_and_answers_nothing_of_the_destroyed(
    site: tuple[Condemned, Clock],
) -> None:
    """For an hour it is waited for; then its copy is none, and begins anew before it answers."""
    made, clock = site
    await made.speak(2, random.Random(1))  # noqa: S311 - a run must be repeatable
    for part in ("keys", "keeper", "api"):
        made.whole.start(part)
    rows = {KEPT if KEPT in str(row["numbers"]) else GONE: row for row in made.recordings}
    gone, kept = (str(rows[each]["call"]) for each in (GONE, KEPT))
    assert _remembered(made, GONE) == {gone: "match", kept: "conflict"}
    assert _is_in_columns(made)
    made.condemn(clock, held=made.recordings.index(rows[KEPT]))
    # The clock was moved by days: it says that it is there.
    assert gone in _remembered(made, GONE)
    asleep = made.whole.running("api")
    os.kill(asleep, signal.SIGSTOP)
    made.whole.start("retention")

    waits = "certificate waits for columns"
    wait_until(lambda: waits in made.whole.log.read_text(), within_s=WITHIN_S, what="D5")
    assert not made.is_certified()
    clock.pass_by(minutes=61)
    wait_until(made.is_certified, within_s=WITHIN_S, what="the certificate")
    os.kill(asleep, signal.SIGCONT)
    assert _remembered(made, GONE) == {kept: "conflict"}
    assert _remembered(made, KEPT) == {kept: "match"}
    assert not _is_in_columns(made)
