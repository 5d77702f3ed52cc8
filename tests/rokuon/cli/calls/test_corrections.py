"""`rokuon calls correct|tag|note`."""

import json
from typing import Any

import pytest

from archive.catalog.database.engine import reading
from archive.catalog.journal.entries import Entry
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.archive.catalog import open_catalog
from rokuon.compose.archive.keeper import recover
from rokuon.machine.api_client import ApiRefused
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import CUSTOMER_NUMBER, Installation, installation
from tests.support.cli.calls import found
from tests.told import last_told


def only(site: Installation) -> str:
    return str(found(site)[0]["recording"])


def written(site: Installation, *words: str) -> dict[str, Any]:
    done = run_at(site, "calls", *words, "-o", "json")
    assert done.exit_code == 0, done.output
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def shown(site: Installation, call: str) -> dict[str, Any]:
    told = json.loads(run_at(site, "calls", "show", call, "-o", "json").output)
    recording: dict[str, Any] = told["recordings"][0]
    return recording


def last_entry(site: Installation) -> Entry:
    catalog = open_catalog(site.config)
    with reading(catalog) as connection:
        entry = last_told(connection).entry
    catalog.dispose()
    return entry


def test_a_number_is_corrected_and_both_are_shown_and_found() -> None:
    """With the former one, who said so, and why."""
    with installation() as own:
        own.put_call()
        recover(own.config)
        call = only(own)
        row = written(
            own, "correct", call, "number", "03-5550-1234", "--side", "customer",
            "--reason", "she called from the lobby",
        )  # fmt: skip
        entry = last_entry(own)
        recording = shown(own, call)
        table = run_at(own, "calls", "show", call).output
        times = [len(found(own, "--number", each)) for each in ("0355501234", CUSTOMER_NUMBER)]

    assert (row["kind"], row["participant"]) == ("number", "customer")
    assert (row["value"], row["was"]) == (["03-5550-1234"], [CUSTOMER_NUMBER])
    assert recording["corrections"][0] == row | {"whose": "佐藤"}
    assert recording["legs"][0]["numbers"] == ["+81355501234"]
    assert recording["legs"][0]["was"] == [CUSTOMER_NUMBER]
    assert "she called from the lobby" in table
    assert times == [1, 1]
    assert (entry.action, entry.detail["last4"]) == ("corrected", "1234")


@pytest.mark.parametrize(
    ("words", "marks"),
    [
        (("correct", "queue", "sales"), {"queues": ["sales"]}),
        (("correct", "controller", "acme"), {"controllers": ["acme"]}),
        (("correct", "purpose", "technical", "quality"), {"purposes": ["technical", "quality"]}),
    ],
)
def test_what_is_of_the_recording_needs_nobody(
    words: tuple[str, ...], marks: dict[str, list[str]]
) -> None:
    """No participant is asked for, and of purposes all are given."""
    with installation() as own:
        own.put_call()
        recover(own.config)
        call = only(own)
        verb, *rest = words
        written(own, verb, call, *rest, "--reason", "x")
        recording = shown(own, call)

    assert {key: recording["marks"][key] for key in marks} == marks


def test_tags_and_notes_come_and_a_tag_goes() -> None:
    """A tag that was taken away is told of among the corrections."""
    with installation() as own:
        own.put_call()
        recover(own.config)
        call = only(own)
        written(own, "tag", call, "a/b")
        written(own, "tag", call, "vip")
        written(own, "tag", call, "a/b", "--remove", "--reason", "mistyped")
        written(own, "note", call, "She called again.")
        recording = shown(own, call)
        table = run_at(own, "calls", "show", call).output

    assert recording["marks"]["tags"] == ["vip"]
    assert [each["kind"] for each in recording["corrections"]] == [
        "tag_added", "tag_added", "tag_removed",
    ]  # fmt: skip
    assert [each["text"] for each in recording["notes"]] == ["She called again."]
    assert "She called again." in table


@pytest.mark.parametrize(
    "words",
    [
        ("number", "1"),
        ("number", "1", "--side", "customer", "--stream", "0"),
        ("number", "1", "2", "--side", "customer"),
        ("weather", "fine"),
    ],
)
def test_a_correction_that_does_not_say_of_whom_or_what_is_a_usage_error(
    site: Installation, words: tuple[str, ...]
) -> None:
    """Nothing is asked of the API."""
    done = run_at(site, "calls", "correct", "0" * 32, *words, "--reason", "x")

    assert done.exit_code == Exit.USAGE


def test_what_cannot_be_so_is_refused_in_words(site: Installation) -> None:
    """Exit 2 as for any request that cannot be understood."""
    done = run_at(
        site, "calls", "correct", only(site), "agent", "A1", "--participant", "nobody",
        "--reason", "x",
    )  # fmt: skip

    assert isinstance(done.exception, ApiRefused)
    assert (done.exception.status, code_for(done.exception)) == (422, Exit.USAGE)
    assert done.exception.faults == ("there is no such participant; take one that the call shows",)
