"""A source that nobody told of its numbers: what it says of that, and what becomes of it.

SIPp signals, ffmpeg speaks, tcpdump is the witness of who is on which side.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.bodies import AGENT, CUSTOMER, both, description, metadata
from tests.scenarios.checks import matches
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import Server, running
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.witness import watching

pytestmark = pytest.mark.scenario

PLAIN: Final = "127.0.0.33"
SOURCE: Final = f'[[source]]\nname = "plain"\naddress = ["{PLAIN}/32"]\nzone = "UTC"\n'
LINE: Final = 'internal_numbers = ["260*"]'


@pytest.fixture
def plain() -> Iterator[Server]:
    """A Rokuon with a source of which nothing else is known."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=60, more=SOURCE) as started,
    ):
        yield started


def legs_of(stage: Stage, extension: str) -> list[dict[str, Any]]:
    """Who took part in a call with this extension, which speaks on the first m-line.

    What was said on the wire by whom is heard on the lane of his side.
    """
    number = fresh_number()
    offer = both(description(labels=(AGENT, CUSTOMER)), metadata(number, extension))
    with stage.call("call", offer, host=PLAIN) as call:
        agent, customer = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()
    found = recorded_of(call.scene, "--number", number)
    matches(found, call.scene, left=customer, right=agent)
    return list(stage.server.value("calls", "show", found.row["call"])["recordings"][0]["legs"])


def sides_of(legs: list[dict[str, Any]]) -> dict[str, tuple[bool, str]]:
    """By side: whether it is a guess, and why he is on it."""
    return {leg["side"]: (leg["side_guessed"], leg["side_because"]) for leg in legs}


def test_what_is_learned_of_guessed_calls_is_known_of_the_next_one(plain: Server) -> None:
    """The report says what would tell; it is written after a yes, and counts from a reload on."""
    with watching(plain.folder, plain.traffic) as witness:
        stage = Stage(plain, witness)
        guessed = [sides_of(legs_of(stage, extension)) for extension in ("2601", "2602")]
        report = plain.command("source", "report", "plain")
        before = plain.configuration.read_text()
        plain.answered("n", "source", "learn", "plain", expected=1)
        refused = plain.configuration.read_text()
        asked = plain.answered("y", "source", "learn", "plain")
        after = plain.configuration.read_text()
        plain.command("reload")
        known = sides_of(legs_of(stage, "2603"))

    guess = (True, "number_shape")
    assert guessed == [{"customer": guess, "agent": guess}] * 2
    assert "sides guessed 2 of 2, direction unknown 2 of 2" in report
    assert "short numbers seen: 2601 2602" in report
    assert f"{LINE}\nrokuon source learn plain" in report
    assert refused == before
    assert f"+{LINE}" in asked
    assert after == before.replace('name = "plain"\n', f'name = "plain"\n{LINE}\n')
    assert {side: is_guess for side, (is_guess, _) in known.items()} == {
        "customer": False, "agent": False,
    }  # fmt: skip
    assert known["agent"][1] == "internal_number"
