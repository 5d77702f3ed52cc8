"""Every session of the corpus, as it is written and in disguise: SIPp signals, ffmpeg speaks.

tcpdump is the witness. What each vendor's session is written from stands in its file.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any, Final

import pytest

from tests.scenarios.checks import matches
from tests.scenarios.oracle import same_datagrams
from tests.scenarios.recordings import Recorded
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.stage import Call, Stage
from tests.scenarios.waiting import until
from tests.support.scenarios.vendors import playing, ports
from tests.vendors.expected import CUSTOMER, EXPECTED, Expected
from tests.vendors.mutations import mutated
from tests.vendors.script import NAMES, Message, Script, read, seeded

pytestmark = pytest.mark.scenario

# `make test` plays thousands of disguises without a network.
DISGUISES: Final = 4
# SIPp finds these in what is echoed to it, and only as it knows them.
_KEPT: Final = {"to", "t", "call-id", "i", "cseq"}


def both_speak(call: Call, expected: Expected) -> None:
    """The customer and the agent, each on his line, or whoever is on the only one."""
    lines = ports(call)
    said = [(CUSTOMER_SAYS, expected.customer), (AGENT_SAYS, expected.agent)]
    said.append((CUSTOMER_SAYS, expected.mixed))
    speak([(s, lines[at]) for s, at in said if at is not None], codec=expected.codec)


def found(stage: Stage, call: Call, *clues: str) -> list[dict[str, Any]]:
    """The calls that began with this session, by these clues."""
    began = datetime.fromtimestamp(call.scene.invited().at_us / 1_000_000, UTC)
    since, to = began - timedelta(milliseconds=1), began + timedelta(minutes=1)
    window = ("--from", _text(since), "--to", _text(to), "--zone", "UTC")
    return stage.server.rows("calls", "find", *window, *clues)


def _text(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="microseconds")


def recorded(stage: Stage, call: Call) -> Recorded:
    """The only call of this session, as soon as it can be found by its own Call-ID."""
    own = ("--id", call.scene.call_id)
    rows = until(lambda: found(stage, call, *own) or None, "the call", within_s=15)
    (row,) = rows
    return Recorded(stage.server, row)


@pytest.mark.parametrize("name", NAMES)
def test_a_vendors_session_is_recorded_whole_and_found_by_what_it_says(
    stage: Stage, name: str
) -> None:
    """Every packet, each voice on its side, who came and went, and every id of the call."""
    script, expected = read(name, SystemRandom()), EXPECTED[name]
    with playing(stage, script) as call:
        for number, message in enumerate(script.messages):
            if number:
                call.client.go_on()
            _until_answered(call, number, message)
            if number == expected.spoken_after:
                both_speak(call, expected)
        call.hang_up()

    kept = recorded(stage, call)
    assert kept.flags == expected.flags
    _is_whole(kept, call, expected)
    assert participants(stage, kept, script) == list(expected.participants)
    for _, value in expected.ids_of(script):
        assert [row["recording"] for row in found(stage, call, "--id", value)] == [
            kept.row["recording"]
        ]
    told = stage.server.rows("source", "report", name, expected=None)
    guesses = {"SIDES", "DIRECTION"}
    assert {row["code"] for row in told} - guesses == expected.tolerances


def _until_answered(call: Call, number: int, message: Message) -> None:
    def answered() -> bool | None:
        answers = [m for m in call.scene.messages() if m.from_server and m.status == 200]
        return any(m.number == number + 1 for m in answers) or None

    until(answered, f"the answer to {message.title}")


def _is_whole(kept: Recorded, call: Call, expected: Expected) -> None:
    lines = ports(call)
    if expected.customer is None or expected.agent is None or expected.spoken_after:
        same_datagrams(kept.datagrams(), call.scene.media())
    else:
        left, right = lines[expected.customer], lines[expected.agent]
        matches(kept, call.scene, left=left, right=right)


def participants(stage: Stage, kept: Recorded, script: Script) -> list[tuple[str, str, str]]:
    """What happened to whom, and when by the client's clock, as `calls show` tells it."""
    shown = stage.server.value("calls", "show", kept.row["recording"])
    numbers = [text for key, text in script.values.items() if key.startswith("number:")]
    return [
        (
            each["what"],
            CUSTOMER if any(n in each["address"] for n in numbers) else _user(each["address"]),
            each["told_at"],
        )
        for each in shown["recordings"][0]["participants"]
    ]


def _user(address: str) -> str:
    return address.removeprefix("sip:").partition("@")[0]


def disguised(name: str, seed: int) -> Script:
    """The first message mutated, but for what SIPp must recognise; it is the whole session."""
    random = seeded(seed)
    script = read(name, SystemRandom())
    first = script.messages[0]
    other = mutated(first, random)
    kept = [line for line in first.headers if _name(line) in _KEPT]
    rest = tuple(line for line in other.headers if _name(line) not in _KEPT)
    return replace(script, messages=(replace(other, headers=(*rest, *kept)),))


def _name(line: str) -> str:
    return line.partition(":")[0].strip().lower()


@pytest.mark.parametrize("seed", range(DISGUISES))
@pytest.mark.parametrize("name", NAMES)
def test_a_session_in_disguise_is_recorded_all_the_same(stage: Stage, name: str, seed: int) -> None:
    """Order, case, folds, blanks; parts that are missing, repeated or broken beside good ones."""
    with playing(stage, disguised(name, seed)) as call:
        lines = [port for port in ports(call) if port]
        speak([(replace(AGENT_SAYS, seconds=0.4), port) for port in lines[:2]])
        call.hang_up()

    assert lines
    same_datagrams(recorded(stage, call).datagrams(), call.scene.media())
