"""`rokuon source`."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from archive.call.events import Event, StreamPartyKnown
from capture.peers.source_watch import UNKNOWN_FILE
from rokuon.compose.archive.keeper import recover
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import TALKS, Installation, events, installation


def test_an_address_is_shown_as_its_source(site: Installation) -> None:
    """Exit 3 for one that is none."""
    known = run_at(site, "source", "test", "127.0.0.2", "-o", "json")
    unknown = run_at(site, "source", "test", "192.0.2.1")

    assert json.loads(known.output)["name"] == "loopback"
    assert unknown.exit_code == 3


def test_who_sent_calls_without_being_a_source_comes_with_the_block_to_add() -> None:
    """Copy, paste, name it."""
    with installation() as made:
        assert run_at(made, "source", "unknown").exit_code == 0
        (made.config.capture_path / UNKNOWN_FILE).write_text(
            '{"address": "192.0.2.7", "count": 214, "last_at": 1795641630494972}\n'
        )
        result = run_at(made, "source", "unknown")

    assert result.exit_code == 3
    assert '[[source]]\nname = "new-1"\naddress = ["192.0.2.7"]' in result.output


SOURCE = '[[source]]\nname = "loopback"  # the PBX\naddress = ["127.0.0.0/8"]\ncountry = "JP"\n'


def guessed(extension: str) -> list[Event]:
    """A call of which nothing says who is ours."""
    return [
        replace(each, because="first_stream", aor=each.aor.replace("2001", extension))
        if isinstance(each, StreamPartyKnown)
        else each
        for each in events()
    ]


@pytest.fixture(scope="module")
def guessing() -> Iterator[Installation]:
    """Two calls of a source that has no numbers of its own."""
    with installation() as made:
        for extension in ("2601", "2602"):
            made.put(guessed(extension), [packet for talk in TALKS for packet in talk.sent()])
        recover(made.config)
        yield made


@pytest.fixture
def file(guessing: Installation, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its configuration, as somebody wrote it; calls of long ago count."""
    monkeypatch.setattr("rokuon.doctor.source_deviations.DAYS", 100_000)
    written = guessing.folder / "rokuon.toml"
    written.write_text(f'[node]\ndata = "{guessing.config.node.data}"\n\n{SOURCE}')
    written.chmod(0o640)
    return written


def test_a_report_says_what_is_a_guess_and_what_would_tell(
    guessing: Installation, file: Path
) -> None:
    """With the numbers that were seen, the line to add, and the command that adds it."""
    told = run_at(guessing, "source", "report", "loopback").output
    rows = json.loads(run_at(guessing, "source", "report", "loopback", "-o", "json").output)

    assert "sides guessed 2 of 2, direction unknown 2 of 2" in told
    assert "short numbers seen: 2601 2602" in told
    assert 'internal_numbers = ["260*"]\nrokuon source learn loopback' in told
    assert {row["code"]: (row["recordings"], row["of"]) for row in rows} == {
        "SIDES": (2, 2), "DIRECTION": (2, 2),
    }  # fmt: skip
    assert file.exists()


def test_without_somebody_to_ask_nothing_is_written(guessing: Installation, file: Path) -> None:
    """A script says that it knows what it does."""
    before = file.read_text()
    refused = run_at(guessing, "source", "learn", "loopback")

    assert refused.exit_code == 2
    assert '+internal_numbers = ["260*"]' in refused.output
    assert file.read_text() == before


def test_what_is_learned_stands_behind_the_name_and_the_file_of_before_stays(
    guessing: Installation, file: Path
) -> None:
    """Nothing else is changed, nor who may read it; what is there is not learned twice."""
    before = file.read_text()
    done = run_at(guessing, "source", "learn", "loopback", "--yes")
    again = run_at(guessing, "source", "learn", "loopback", "--yes")

    assert done.exit_code == 0
    assert "rokuon reload" in done.output
    assert file.read_text() == before.replace(
        "# the PBX\n", '# the PBX\ninternal_numbers = ["260*"]\n'
    )
    assert file.with_name("rokuon.toml.before").read_text() == before
    assert file.stat().st_mode & 0o777 == 0o640
    assert again.exit_code == 3


def test_a_source_that_is_none_teaches_nothing(guessing: Installation, file: Path) -> None:
    """A name that was mistyped."""
    assert run_at(guessing, "source", "learn", "nobody", "--yes").exit_code == 2
    assert not file.with_name("nobody").exists()
