"""The whole way of a recording out, as two persons type it: over real sockets and a key daemon."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from typer.testing import Result

from api.permissions.peers import Peer
from archive.catalog.accounts.single_person import end_one_person
from archive.errors import KeyRefused
from archive.format.header import HeaderBlock
from archive.format.segments import FileSource, read_block
from archive.ids import RecordingId
from archive.keys.errors import Refusal
from rokuon.compose.api import peer_protocol
from rokuon.compose.archive.keeper import recover
from rokuon.compose.archive.key_daemon import open_keys
from rokuon.compose.archive.restore import rebuild_index
from rokuon.compose.archive.retention_part import open_runner
from rokuon.machine import clock
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.archive.catalog.examples import author
from tests.archive.keys.entries import entry_text
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation, register_of
from tests.support.cli.policies import LEGAL, OWNER, _people

POLICY = """
form = 1
zone = "Asia/Tokyo"
[limits]
share_per_day = "100 %"
[[rule]]
id = "month"
[rule.audio]
delete_after = "P1M"
"""
YEARS_US = 730 * 86_400_000_000
COOLING_US = 73 * 3_600_000_000


@dataclass
class House:
    """An installation with one call, and two persons who type."""

    site: Installation
    recording: RecordingId
    typed: Callable[..., Result]
    passed: list[int]
    _header: HeaderBlock = field(init=False)

    def key_of(self) -> str:
        """What the key daemon says to the API that wants the key of the call."""
        with closing(open_keys(self.site.config, "api")) as keys:
            try:
                keys.open(self.header.key, entry_text(self.recording, at_us=clock.now_us()))
            except KeyRefused as refused:
                return str(refused)
        return "opened"

    @property
    def header(self) -> HeaderBlock:
        """Of the archived file as it was before all."""
        return self._header

    def remember(self) -> "House":
        """Read the header while it is there."""
        (path,) = self.site.archived()
        with closing(FileSource(str(path))) as source:
            self._header = HeaderBlock.decode(read_block(source))
        return self


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[House]:
    """The clock of the whole installation is put forward as time passes."""
    passed, real = [YEARS_US], clock.now_us
    monkeypatch.setattr(clock, "now_us", lambda: real() + sum(passed))
    file = tmp_path / "policy.toml"
    file.write_text(POLICY)
    with installation() as site:
        recording = site.put_call()
        recover(site.config)
        _people(site)
        with register_of(site.config) as connection:
            end_one_person(connection, author())

        def typed(who: str, *words: str) -> Result:
            monkeypatch.setattr(peer_protocol, "peer_of", lambda _: Peer(4_711, who))
            return run_at(site, *(str(file) if each == "FILE" else each for each in words))

        yield House(site, recording, typed, passed).remember()


def told(result: Result) -> object:
    """What a command says for programs."""
    assert result.exception is None, words_of(result.exception)
    return json.loads(result.output)


def taken_over(house: House) -> None:
    """The policy is in force, for what was there before too."""
    import_ = ("retention", "policy", "import", "FILE", "--retroactive")
    house.typed(OWNER, *import_)
    house.typed(LEGAL, "approval", "give", "1")
    house.typed(OWNER, *import_)
    house.passed.append(COOLING_US)


def _flat(table: str) -> str:
    """Its words, wherever its lines break."""
    return " ".join(table.split())


def run(house: House) -> None:
    """A runner from its start until it has nothing to do."""
    with closing(open_keys(house.site.config, "retention")) as keys:
        runner = open_runner(house.site.config, keys)
        for _ in range(3):
            runner.round()


def test_a_call_goes_from_a_shorter_policy_to_its_tombstone(house: House) -> None:
    """Policy, second person, cooling off, plan, second person, cooling off, run: then it is gone.

    Its key does not open, its files are not there, neither search nor verification have it, a file
    that is put back is left out of a rebuilt index.
    """
    site, typed, own = house.site, house.typed, str(house.recording)
    before = {path: path.read_bytes() for path in site.archived()}
    assert house.key_of() == "opened"
    taken_over(house)
    planned = typed(OWNER, "retention", "plan")
    early = typed(OWNER, "retention", "apply", "1")
    typed(LEGAL, "retention", "approve", "1")
    overdue = typed(LEGAL, "retention", "overdue")
    typed(OWNER, "retention", "apply", "1")
    run(house)
    kept, cooling = house.key_of(), typed(LEGAL, "retention", "runs")
    house.passed.append(COOLING_US)
    run(house)

    assert "another person" in planned.output
    assert isinstance(early.exception, ApiRefused)
    assert kept == "opened"
    assert "its plan is approved and not yet carried out" in _flat(overdue.output)
    assert "cools off" in cooling.output
    assert "not before" in cooling.output
    assert house.key_of() == Refusal.KEY_DESTROYED
    assert site.archived() == site.archived(".rkm") == list(site.config.pages.path.iterdir()) == []
    gone = typed(OWNER, "calls", "show", own, "--purpose", "technical").exception
    assert isinstance(gone, ApiRefused)
    assert (gone.status, "month" in words_of(gone)) == (410, True)
    runs = told(typed(LEGAL, "retention", "runs", "-o", "json"))
    assert [(each["ended"], each["stages"][0]["stage"]) for each in runs] == [("done", "gone")]
    for path, content in before.items():
        path.write_bytes(content)
    rebuilt = rebuild_index(site.config, lambda *_: None)
    assert (rebuilt.parts, len(rebuilt.left_out)) == (0, 1)
