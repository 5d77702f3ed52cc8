"""`rokuon calls find|show`."""

import json
from pathlib import Path
from uuid import UUID

import pytest

from archive.call.events import Flagged
from rokuon.cli.calls import call_search
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.machine.api_client import ApiAway, ApiRefused
from rokuon.messages.error_words import words_of
from tests.archive.catalog.examples import MINUTE_US, adopt, adoption, inbound
from tests.archive.reading.scenes import START_US
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import CUSTOMER_NUMBER, SECONDS, Installation, installation
from tests.support.cli.calls import WINDOW, found, several


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


def test_a_call_that_seems_to_go_with_it_is_told_apart_from_its_recordings(
    site: Installation, tmp_path: Path
) -> None:
    """Who calls again within minutes; for people that it is a guess."""
    two = several(tmp_path, site, 1)
    adopt(prepare_catalog(two.config), adoption(7, inbound(START_US + 10 * MINUTE_US)))
    ours, again = sorted(found(two), key=lambda each: str(each["started_at"]))
    shown = json.loads(run_at(two, "calls", "show", str(ours["call"]), "-o", "json").output)
    (link,) = shown["inferred_links"]
    for_people = run_at(two, "calls", "show", str(ours["call"])).output

    assert (link["call"], link["because"], link["place"]) == (
        again["call"],
        "called_again",
        "after",
    )
    assert len(shown["recordings"]) == 1
    assert "seems to go with" in for_people
    assert "the same party again" in " ".join(for_people.split())


def test_a_call_is_one_line_with_its_numbers_and_the_zone_of_its_times(
    site: Installation,
) -> None:
    """A time without its zone is nobody's."""
    told = run_at(site, "calls", "find", *WINDOW).output

    assert "begin (Asia/Tokyo)" in told
    assert "+81300001234, 2001" in told


def test_a_search_that_stops_at_its_limit_says_so(site: Installation, tmp_path: Path) -> None:
    """Beside the answer, not in it; what is cut off in silence is taken for all there is."""
    whole = run_at(site, "calls", "find", *WINDOW)
    three = several(tmp_path, site, 3)
    cut_off = run_at(three, "calls", "find", *WINDOW, "--limit", "1", "-o", "json")

    assert whole.stderr == ""
    assert "stopped at 1 call(s)" in cut_off.stderr
    assert "--to 20" in cut_off.stderr
    assert len(json.loads(cut_off.stdout)) == 1


@pytest.fixture(scope="module")
def five(site: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Five calls that nobody adds to."""
    return several(tmp_path_factory.mktemp("five"), site, 5)


@pytest.mark.parametrize(("limit", "count"), [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (1000, 5)])
def test_more_calls_than_a_page_holds_are_found_all_the_same(
    five: Installation, monkeypatch: pytest.MonkeyPatch, limit: int, count: int
) -> None:
    """Page after page of two: newest first, none twice, and no more than asked for."""
    monkeypatch.setattr(call_search, "PAGE", 2)
    rows = found(five, "--limit", str(limit))
    recordings, began = ([row[key] for row in rows] for key in ("recording", "started_at"))

    assert len(set(recordings)) == len(recordings) == count
    assert began == sorted(began, key=str, reverse=True)


def test_more_than_a_page_may_be_asked_for(site: Installation) -> None:
    """`--limit` takes as many as 1,000."""
    assert len(found(site, "--limit", "1000")) == 1


@pytest.mark.parametrize(
    ("more", "count"),
    [
        (["--number", CUSTOMER_NUMBER], 1),
        (["--number", "1234"], 1),
        (["--agent", "田中"], 1),
        (["--agent", "鈴木"], 0),
        (["--customer", "佐藤"], 1),
        (["--min-duration", str(SECONDS + 5)], 0),
        (["--max-duration", str(SECONDS + 5)], 1),
        (["--id", "ONE@example"], 1),
    ],
)
def test_a_call_is_found_by_every_clue_that_fits_and_by_no_other(
    site: Installation, more: list[str], count: int
) -> None:
    """Window, number, agent, customer, id and length."""
    assert len(found(site, *more)) == count


def test_a_call_and_its_recording_show_the_same(site: Installation) -> None:
    """Either id opens it, with hyphens or without."""
    row = found(site)[0]
    names = (str(row["call"]), str(row["recording"]), str(UUID(str(row["call"]))))
    shown = [json.loads(run_at(site, "calls", "show", name, "-o", "json").output) for name in names]

    assert shown[0]["recordings"] == shown[1]["recordings"] == shown[2]["recordings"]
    assert [leg["agent"] or leg["name"] for leg in shown[0]["recordings"][0]["legs"]] == [
        "佐藤", "田中",
    ]  # fmt: skip


@pytest.mark.parametrize("call", ["0" * 32, "not an id"])
def test_an_id_that_nothing_has_is_said_so(site: Installation, call: str) -> None:
    """And nothing is written."""
    refused = run_at(site, "calls", "show", call).exception

    assert isinstance(refused, ApiRefused)
    assert (refused.status, code_for(refused)) == (404, Exit.ERROR)


def test_without_a_running_rokuon_it_is_said_how_to_start_it(tmp_path: Path) -> None:
    """An empty table would say that there are no calls."""
    file = tmp_path / "rokuon.toml"
    file.write_text(f'[node]\ndata = "{tmp_path}"\n')
    away = run("--config", str(file), "calls", "find", *WINDOW).exception

    assert isinstance(away, ApiAway)
    assert "rokuon serve" in words_of(away)


def test_from_where_audio_came_that_is_not_heard_is_shown_where_there_was_some() -> None:
    """The flag alone does not say what to look for in the PBX's network."""
    with installation() as own:
        own.put_call(Flagged(at_us=START_US, flag="other_sender", detail="192.0.2.9 4002"))
        recover(own.config)
        shown = run_at(own, "calls", "show", "one@example").output

    assert "sent audio, not heard" in shown
    assert "192.0.2.9 4002" in shown


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
    assert isinstance(nobody.exception, ApiRefused)


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
    assert all(
        "the window ends before it begins" in " ".join(result.output.split()) for result in results
    )


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


class Answering:
    """An API that has one page."""

    def __init__(
        self, destroyed: int, unread: int = 0, unknown: int = 0, unrecorded: int = 0
    ) -> None:
        self.page = {
            "calls": [],
            "next_cursor": None,
            "destroyed": destroyed,
            "not_read_anew": unread,
            "unknown_direction": unknown,
            "unrecorded": unrecorded,
        }

    def post(self, _path: str, _body: object) -> dict[str, object]:
        """The same to every question."""
        return self.page


@pytest.mark.parametrize(
    ("destroyed", "queue", "said"),
    [
        (0, "", ""),
        (3, "", "recordings of that time that were destroyed: 3\n"),
        (3, "support", "recordings of that time and queue that were destroyed: 3\n"),
        (1_000, "", "recordings of that time that were destroyed: 1,000+\n"),
    ],
)
def test_what_was_destroyed_of_that_time_is_said_beside_the_answer(
    destroyed: int,
    queue: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A program reads its rows alone; a person does not think that there never was such a call."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Answering(destroyed))
    result = run("calls", "find", *WINDOW, "--queue", queue, "-o", "json")

    assert (result.exit_code, result.stderr) == (0, said)
    assert json.loads(result.stdout) == []


def test_how_many_were_never_read_for_what_is_asked_is_said_with_what_reads_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody takes a recording of before for one that does not have the number."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Answering(0, 10_001))
    result = run("calls", "find", *WINDOW, "--number", "4711", "-o", "json")

    assert "10,000+; rokuon index rebuild reads them" in result.stderr


def test_a_role_is_of_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone it would be passed over in silence."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Answering(0))

    assert run("calls", "find", *WINDOW, "--told-as", "queue").exit_code == 2
    assert run("calls", "find", *WINDOW, "--told-as", "queue", "--number", "4711").exit_code == 0


def test_a_search_for_a_direction_says_how_many_it_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And how to find them: one of them may be the call that is meant."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Answering(0, unknown=7))
    result = run("calls", "find", *WINDOW, "--direction", "inbound", "-o", "json")

    assert result.stderr == (
        "calls of unknown direction that were left out: 7; --direction unknown finds them\n"
    )
    assert json.loads(result.stdout) == []


@pytest.mark.parametrize(
    ("clues", "options"),
    [
        (["--number", "4711", "--customer", "山田 花子"], "--number 4711 --name '山田 花子'"),
        (["--agent", "tanaka"], "--name tanaka"),
        (["--agent", "a", "--agent", "b", "--number", "4711"], "--number 4711"),
    ],
)
def test_calls_that_were_not_recorded_are_said_with_what_lists_them(
    clues: list[str], options: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who finds no call of a number is not to think that nobody called."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Answering(0, unrecorded=2))
    result = run("calls", "find", *WINDOW, *clues, "-o", "json")

    assert result.stderr == (
        "calls of that time with this number or name that have no recording: 2;"
        f" rokuon calls ledger --without-recording {options} lists them\n"
    )
    assert json.loads(result.stdout) == []
