"""`rokuon calls`."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from rokuon.compose import calls
from rokuon.compose.errors import NothingFound
from rokuon.compose.keeper import recover
from tests.archive.reading.scenes import START_US
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation

# The day of the installation's call.
DAY = datetime.fromtimestamp(START_US / 1e6, ZoneInfo("Asia/Tokyo")).date().isoformat()
WINDOW = ("--from", DAY, "--to", DAY, "--zone", "Asia/Tokyo")


def found(site: Installation, *more: str) -> list[dict[str, object]]:
    """What is found, as a program sees it."""
    result = run_at(site, "calls", "find", *WINDOW, *more, "-o", "json")
    rows: list[dict[str, object]] = json.loads(result.output)
    return rows


def test_a_call_is_found_shown_and_exported_by_its_id(site: Installation, tmp_path: Path) -> None:
    """The way that everybody goes first."""
    call = str(found(site, "--agent", "田中", "--min-duration", "1")[0]["call"])

    shown = run_at(site, "calls", "show", call, "-o", "json")
    for_people = run_at(site, "calls", "show", call).output
    written = run_at(site, "calls", "export", call, "-O", str(tmp_path / "c.wav"))

    assert len(json.loads(shown.output)["recordings"]) == 1
    assert "田中" in for_people
    assert "codecs outside the answer" not in for_people  # for there are none
    assert written.exit_code == 0
    assert (tmp_path / "c.wav").read_bytes()[:4] == b"RIFF"


def test_a_call_is_one_line_with_its_numbers_and_the_zone_of_its_times(
    site: Installation,
) -> None:
    """A time without its zone is nobody's."""
    told = run_at(site, "calls", "find", *WINDOW).output

    assert "begin (Asia/Tokyo)" in told
    assert "+81300001234, 2001" in told


def test_a_search_that_stops_at_its_limit_says_so(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside the answer, not in it; what is cut off in silence is taken for all there is."""
    whole = run_at(site, "calls", "find", *WINDOW)
    search = calls.search_calls
    monkeypatch.setattr(calls, "search_calls", lambda *asked: replace(search(*asked), is_more=True))
    cut_off = run_at(site, "calls", "find", *WINDOW, "--limit", "1", "-o", "json")

    assert whole.stderr == ""
    assert "stopped at 1 call(s)" in cut_off.stderr
    assert "--to 20" in cut_off.stderr
    assert len(json.loads(cut_off.stdout)) == 1


def test_show_and_trace_take_a_call_id_and_a_zone() -> None:
    """What stands in the PBX's log is enough; each time has its offset, or its zone above."""
    with installation() as own:
        own.put_call()
        recover(own.config)
        shown = run_at(own, "calls", "show", "ONE@example", "--zone", "Asia/Tokyo")
        traced = run_at(own, "calls", "trace", "one@example", "--zone", "Asia/Tokyo")
        nobody = run_at(own, "calls", "show", "two@example")

    assert shown.exit_code == traced.exit_code == 0
    assert "+09:00" in shown.output
    assert "+00:00" not in shown.output
    assert "times: Asia/Tokyo" in traced.output
    assert isinstance(nobody.exception, NothingFound)


def test_of_several_agents_any_one_is_enough(site: Installation) -> None:
    """Who remembers that it was one of two gets the calls of both, not those of the last one."""
    assert len(found(site, "--agent", "田中", "--agent", "大野")) == 1
    assert len(found(site, "--agent", "大野", "--agent", "田中")) == 1
    assert found(site, "--agent", "大野", "--agent", "山本") == []


def test_a_window_that_ends_before_it_begins_is_a_usage_error(site: Installation) -> None:
    """It is no empty answer."""
    window = ("--from", "yesterday", "--to", "-7d", "--zone", "Asia/Tokyo")
    results = [run_at(site, "calls", verb, *window) for verb in ("find", "ledger")]

    assert [result.exit_code for result in results] == [2, 2]
    assert all("is after --to" in " ".join(result.output.split()) for result in results)


@pytest.mark.parametrize(
    "more",
    [
        ["--number", "99999999"],
        ["--direction", "outbound"],
        ["--max-duration", "0.5"],
        ["--queue", "support"],
        ["--tag", "gold"],
        ["--notice", "unheard"],
    ],
)
def test_a_clue_that_does_not_fit_finds_nothing(site: Installation, more: list[str]) -> None:
    """Exit 0 all the same: an empty answer is an answer."""
    assert found(site, *more) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--from", "2026-09-21", "--to", "2026-09-22"],
        ["--from", "x", "--to", "2026-09-22", "--zone", "Asia/Tokyo"],
        ["--from", "2026-09-21", "--to", "2026-09-22", "--zone", "JST9"],
        ["--from", "2026-09-21", "--to", "2026-09-22", "--zone", "UTC", "--direction", "up"],
        ["--from", "2026-09-21", "--zone", "UTC"],
    ],
)
def test_a_question_that_is_not_clear_is_a_usage_error(
    site: Installation, arguments: list[str]
) -> None:
    """Exit 2, before anything is journalled."""
    assert run_at(site, "calls", "find", *arguments).exit_code == 2


def test_an_existing_file_is_not_replaced(site: Installation, tmp_path: Path) -> None:
    """It may be the only copy of another call."""
    target = tmp_path / "c.wav"
    target.write_text("mine")
    call = str(found(site)[0]["call"])

    assert run_at(site, "calls", "export", call, "-O", str(target)).exit_code == 2
    assert target.read_text() == "mine"
