"""Numbers and names that a client tells beside its participants, on the wire and in a search.

SIPp signals, tcpdump is the witness: what was told is cut out of its datagrams by this test alone.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from typing import Any

import pytest

from archive.call.mentions import ToldAs
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.stage import Call, Stage
from tests.scenarios.waiting import until
from tests.support.scenarios.vendors import playing, ports
from tests.support.siprec.mentions import EXTENSION, HEADERS, NAMES, NUMBERS
from tests.vendors.script import Script, read

pytestmark = pytest.mark.scenario


def telling_all() -> Script:
    """The session of RFC 7865, with everything beside it that a client may tell."""
    script = read("rfc7865", SystemRandom())
    first, *later = script.messages
    told = tuple(f"{name}: {value}" for name, value in HEADERS)
    own = tuple(line for line in first.headers if not line.startswith("P-Asserted-Identity"))
    where = own.index(next(line for line in own if line.startswith("Content-Length")))
    body = first.body.replace("</recording>", EXTENSION.replace("\n", "\r\n") + "</recording>", 1)
    first = replace(first, headers=(*own[:where], *told, *own[where:]), body=body)
    return replace(script, messages=(first, *later[:0]))


def found(stage: Stage, call: Call, *clues: str) -> list[dict[str, Any]]:
    """The calls that began with this session, by these clues."""
    began = datetime.fromtimestamp(call.scene.invited().at_us / 1_000_000, UTC)
    since, to = (began + timedelta(seconds=each) for each in (-1, 60))
    window = [each.replace(tzinfo=None).isoformat() for each in (since, to)]
    return stage.server.rows(
        "calls", "find", "--from", window[0], "--to", window[1], "--zone", "UTC", *clues
    )


def clue(told_as: ToldAs, name: str) -> tuple[str, str]:
    """The option by which staff look for a name of this role."""
    options = {"queue": "--queue", "agent": "--agent"}
    return options.get(told_as, "--customer"), name


def test_every_number_and_name_on_the_wire_finds_its_call_and_has_its_role(stage: Stage) -> None:
    """Of all of them nobody is a participant."""
    with playing(stage, telling_all()) as call:
        lines = ports(call)
        speak([(CUSTOMER_SAYS, lines[0]), (AGENT_SAYS, lines[1])])
        call.hang_up()
    sent = call.scene.invited().text.decode()
    assert sorted(n for _, n in NUMBERS) == sorted(
        set(re.findall(r"(?<![\d+])(?:0311110\d{3}|0120110\d{3}|71006|81007)(?!\d)", sent))
    )
    assert [name for _, name in NAMES if name not in sent] == []

    until(lambda: found(stage, call, "--id", call.scene.call_id) or None, "the call", within_s=15)
    unfound = [
        (told_as, number)
        for told_as, number in NUMBERS
        if len(found(stage, call, "--number", number, "--told-as", told_as)) != 1
    ]
    unfound += [each for each in NAMES if len(found(stage, call, *clue(*each))) != 1]
    assert unfound == []
    (row,) = found(stage, call, "--number", "0120110003")
    shown = stage.server.value("calls", "show", row["call"])["recordings"][0]["mentioned"]
    told = {(each["told_as"], each["number"]) for each in shown}
    assert {(told_as, number[-7:]) for told_as, number in NUMBERS} <= {
        (told_as, number[-7:]) for told_as, number in told
    }
