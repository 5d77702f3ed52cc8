"""Of a call through the node a side never sends, begins late or stops: told in its place.

As `tests/scenarios/test_edges.py` of recording sessions: each side is a tone, and the exported
sound says by Goertzel's sum in which quarters of a second it is there.
"""

import io
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pytest
import soundfile

from archive.call.events import CallOpened, PartiesJoined
from tests.scenarios.hearing import RATE
from tests.scenarios.inline.kept import AGENT, CUSTOMER, Ports, notice
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import ACKED, Roles, Talk, talk
from tests.scenarios.inline.voice import Voice
from tests.scenarios.phones import sipp
from tests.scenarios.senders import PACKET_SAMPLES
from tests.support.scenarios.other_sender import HEARD, LOUD, loudness

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]

SECONDS: Final = 6
# Whole waves fill a packet, which is said over and over.
HERTZ: Final = {CUSTOMER: 450, AGENT: 550}
QUARTER_S: Final = 0.25
# A voice is told to speak and does a little later; a window of the sum is a quarter of a second.
NEAR_S: Final = 0.6


@dataclass(frozen=True, slots=True)
class Scene:
    """From when to when each speaks, in seconds since both are connected, and what is told."""

    customer: tuple[float, float] = (0, SECONDS)
    agent: tuple[float, float] = (0, SECONDS)
    state: str = "complete"
    flags: frozenset[str] = frozenset()

    @property
    def sides(self) -> dict[int, tuple[float, float]]:
        return {CUSTOMER: self.customer, AGENT: self.agent}


NEVER: Final = (0, 0)
EDGE: Final = frozenset({"silent_edge"})
MISSING: Final = frozenset({"side_missing"})
SCENES: Final = {
    "all the time": Scene(),
    "the callee never": Scene(agent=NEVER, state="side_missing", flags=MISSING),
    "the caller never": Scene(customer=NEVER, state="side_missing", flags=MISSING),
    "the callee stops": Scene(agent=(0, 2), flags=EDGE),
    "the caller is late": Scene(customer=(3, SECONDS), flags=EDGE),
    "nobody": Scene(
        customer=NEVER, agent=NEVER, state="side_missing", flags=MISSING | {"no_sound"}
    ),
}


def packet(hertz: int) -> bytes:
    """A tone in G.711, made by libsndfile."""
    turns = 2 * np.pi * hertz * np.arange(PACKET_SAMPLES) / RATE
    laid = io.BytesIO()
    wave = (LOUD * np.sin(turns)).astype(np.int16)
    soundfile.write(laid, wave, RATE, format="RAW", subtype="ULAW")
    return laid.getvalue()


def speak(voice: Voice, begin_s: float, span: tuple[float, float], to: Callable[[], None]) -> None:
    """Say the tone from one moment to another."""
    if span == NEVER:
        return
    _wait(begin_s + span[0])
    to()
    _wait(begin_s + span[1])
    voice.hush()


def _wait(until_s: float) -> None:
    time.sleep(max(0.0, until_s - time.monotonic()))


def converse(two: Talk, scene: Scene) -> None:
    """Both do as the scene says, once the notice is over."""
    two.caller.saw(ACKED)
    two.callee.saw(ACKED)
    ports, bind = Ports.of(two.call), two.call.node.server.bind
    two.alice.hears(notice())
    begin_s = time.monotonic()
    voices = {CUSTOMER: (two.alice, ports.caller), AGENT: (two.bob, ports.callee)}
    with ThreadPoolExecutor() as speakers:
        said = [
            speakers.submit(
                speak,
                voice,
                begin_s,
                scene.sides[side],
                lambda v=voice, p=port: v.speak_to(p, bind),
            )  # type: ignore[misc]  # bound now
            for side, (voice, port) in voices.items()
        ]
        for each in said:
            each.result()
    _wait(begin_s + SECONDS)
    two.hang_up()


@pytest.mark.parametrize("name", SCENES)
def test_silence_is_told_where_it_is_and_nowhere_else(
    node: Node, tmp_path: Path, name: str
) -> None:
    """Every quarter of a second without the tone, once both are connected, lies in a gap of that
    side, and none with it.
    """
    scene = SCENES[name]
    roles = Roles(says=(packet(HERTZ[CUSTOMER]), packet(HERTZ[AGENT])))
    with talk(node, tmp_path, roles) as two:
        converse(two, scene)
    kept = two.kept()
    (own,) = kept.recorded.server.value("calls", "show", kept.recorded.row["call"])["recordings"]
    (opened,), (joined,) = kept.all(CallOpened), kept.all(PartiesJoined)
    begin_s, joined_s = opened.at_us / 1e6, (joined.at_us - opened.at_us) / 1e6
    gaps = [
        (each["stream"], *(_s(each[end]) - begin_s for end in ("from", "until")), each["because"])
        for each in own["gaps"]
    ]

    assert (own["state"], frozenset(own["flags"])) == (scene.state, scene.flags)
    assert {because for *_, because in gaps} <= {"unknown"}
    for side, (from_s, until_s) in scene.sides.items():
        is_there = loudness(kept.audio[:, side].astype(float), HERTZ[side]) > HEARD
        assert abs(is_there.sum() * QUARTER_S - (until_s - from_s)) <= 2 * NEAR_S
        told = [(a, b) for stream, a, b, _ in gaps if stream == side]
        moments = (np.arange(len(is_there)) + 0.5) * QUARTER_S
        talked = (moments > joined_s + NEAR_S) & (moments < moments[-1] - NEAR_S)
        silent = [
            each
            for each in moments[~is_there & talked].tolist()
            if not _is_short(scene.sides[side], each - joined_s)
        ]
        untold = [each for each in silent if not _within(each, told, NEAR_S)]
        wrong = [each for each in moments[is_there].tolist() if _within(each, told, -NEAR_S)]
        assert (untold, wrong) == ([], []), (side, told, joined_s, is_there.nonzero())


def _within(at_s: float, spans: list[tuple[float, float]], margin_s: float) -> bool:
    return any(a - margin_s < at_s < b + margin_s for a, b in spans)


def _is_short(span: tuple[float, float], at_s: float) -> bool:
    """Is it beside an edge of the call at which he was to speak?"""
    return span != NEVER and (
        (span[0] == 0 and at_s < 1 + QUARTER_S) or (span[1] == SECONDS and at_s > SECONDS - 1)
    )


def _s(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()
