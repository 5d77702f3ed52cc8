"""kill -9 of retention runner, key daemon and API while a plan is carried out."""

import hashlib
import json
import os
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, cast

import pytest

from archive.catalog.journal.entries import JournalEntry
from archive.format.header import HeaderBlock
from archive.format.segments import FileSource, read_block
from archive.ids import RecordingId
from archive.lifecycle.tombstone import digest_of
from tests.archive.locate.columns.examples import bytes_below
from tests.crash.condemned import PLAN, Condemned
from tests.own_archive import find_all
from tests.scenarios.clocks import Clock
from tests.scenarios.remnants import Forms, Installation, found, wraps_under_living_keys
from tests.scenarios.waiting import met

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can type as another user"),
]

RECORDINGS: Final = 36
KILLS: Final = 10
# Every other call of a load is from this customer, and from that one: as columns have them.
NUMBERS: Final = (b"43210000318", b"859064970244")


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


async def _killed(made: Condemned, clock: Clock, seed: int) -> Forms:
    """A run from the first call to the certificate; what no file may have afterwards."""
    luck = random.Random(seed)  # noqa: S311 - a run must be repeatable
    await made.speak(RECORDINGS + 1, luck)
    installation = Installation(made.whole.file)
    before = installation.data_keys()
    for part in ("keys", "keeper", "api"):
        made.whole.start(part)
    made.condemn(clock, held=luck.randrange(RECORDINGS + 1))
    made.whole.start("retention")
    made.kill_again_and_again(KILLS, luck)
    columns = bytes_below(next(made.whole.folder.glob("var/api/columns-*")))
    assert [number in columns for number in NUMBERS] == [
        number[:4][::-1].decode() in made.numbers_of_kept for number in NUMBERS
    ], "nothing of the destroyed was there when it was certified"
    left = installation.data_keys()
    gone = [key for own, key in before.items() if own not in left]
    assert len(gone) == RECORDINGS
    return {
        f"{at} {form}": secret
        for at, key in enumerate(gone)
        for form, secret in wraps_under_living_keys(installation, key).items()
    }


def _digest(recording: object) -> str:
    return digest_of(RecordingId.parse(str(recording))).hex()


def _digests(told: Sequence[JournalEntry], action: str) -> list[str]:
    """What the journal tells of recordings: as often as it does."""
    details = (each.entry.detail for each in told if each.entry.action == action)
    return [digest for each in details for digest in cast("list[str]", each["digests"])]


def _headers(made: Condemned) -> list[HeaderBlock]:
    """Of every archived part that has a file."""
    found = []
    for path in made.whole.config.archive.path.rglob("*.rkn"):
        with closing(FileSource(path)) as source:
            found.append(HeaderBlock.decode(read_block(source)))
    return found


def _journal_is_whole(told: Sequence[JournalEntry], certificate: bytes) -> None:
    """No place is missing; first intended, then destroyed, then the end, then the certificate."""
    places = [each.seq for each in told]
    assert places == [*range(1, len(places) + 1)]
    seen = set[str]()
    for entry in (each.entry for each in told):
        digests = cast("list[str]", entry.detail.get("digests", []))
        if entry.action == "destruction_intended":
            seen.update(digests)
        assert entry.action != "destroyed" or seen.issuperset(digests)
    actions = [each.entry.action for each in told]
    assert actions.count("destruction_ended") == actions.count("certified") == 1
    assert actions.index("destruction_ended") < actions.index("certified")
    certified = told[actions.index("certified")].entry.detail
    assert certified["sha256"] == hashlib.sha256(certificate).hexdigest()


async def test_a_run_that_is_killed_again_and_again_destroys_its_plan_each_once(
    site: tuple[Condemned, Clock], seed: int, condemned: list[Condemned]
) -> None:
    """Nothing else, nothing twice, no key left, all in one certificate; what is held stays."""
    made, clock = site
    wraps = await _killed(made, clock, seed)
    condemned.append(made)
    server, outside = made.server, made.server.folder / "outside"
    server.command("retention", "certificate", "export", PLAN, str(outside))
    fingerprint = server.command("retention", "certificate", "key").strip()
    told, certificate = made.told(), (outside / "certificate.txt").read_bytes()
    planned = sorted({_digest(row["recording"]) for row in made.recordings} - {_digest(made.kept)})

    assert any(each.is_within for each in made.kills), "some fell into a batch"
    assert sorted(_digests(told, "destroyed")) == planned
    _journal_is_whole(told, certificate)
    # An outsider's eyes: the certificate with its list, what is found, the files, the keystore.
    server.command("verify", *map(str, outside.iterdir()), "--key", fingerprint)
    listed = (outside / "recordings.txt").read_text()
    assert [listed.count(each) for each in planned] == [1] * RECORDINGS
    assert f"\nrecordings: {RECORDINGS}\n".encode() in certificate
    # Typed, for it is in the Rokuon's own time; a search here writes ours into the journal.
    verified = json.loads(server.command("verify", "-o", "json"))
    assert (verified["parts"], verified["findings"]) == (1, [])
    assert [row["recording"] for row in find_all(made.whole.config)] == [made.kept]
    (left,) = _headers(made)
    installation = Installation(made.whole.file)
    assert (str(left.recording), [*installation.data_keys()]) == (made.kept, [left.key.raw])
    met(lambda: found(installation.files(), wraps) == [], "no wrap in any file", within_s=60)
