"""A PBX that plays something the moment it answers: a voice menu, a queue's words, a mailbox.

What the caller has heard of it, by the order in which the notice comes.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest
import soundfile

from tests.scenarios.hearing import RATE, Place, Signal, find, read, spoken
from tests.scenarios.inline.kept import Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, Node
from tests.scenarios.inline.telephones import file_of
from tests.scenarios.phones import pjsua
from tests.scenarios.senders import HEADER_BYTES, Speech
from tests.scenarios.waiting import met
from tests.support.scenarios.phones import needs

pytestmark = pytest.mark.scenario
ANNOUNCEMENT: Final = Speech(file="ja-agent.ulaw", from_s=0.5, seconds=6.0)
# PJSIP speaks before it has sent its 200. Who speaks is known by that alone, so what overtakes it
# is nobody's: one or two packets of 20 ms, more where the machine is short of CPU.
MOST_OVERTAKING: Final = 5
# It is said once: a phone says its file over and over.
_SILENCE_S: Final = 60
# A second more than the announcement, and the notice before or over it.
_PACKETS: Final = (6 + 1) * 50 + 219


@dataclass(frozen=True, slots=True)
class Heard:
    """A call: what the caller's phone wrote down, and what the witness saw."""

    file: Path
    kept: Kept

    def place(self, said: Signal) -> Place:
        """Where it is in what the caller heard."""
        return find(read(self.file), said)

    def lost(self) -> list[int]:
        """Which packets of the PBX never went on to the caller, each known by its sound."""
        ports, home = self.kept.ports, self.kept.call.node.server.bind
        seen = self.kept.call.node.witness.seen()
        passed = {
            each.payload[HEADER_BYTES:]
            for each in seen
            if (each.source.host, each.source.port) == (home, ports.caller)
        }
        said = [each.payload for each in self.kept.arrived(ports.callee) if each.source.host == BOB]
        assert len(said) > ANNOUNCEMENT.seconds * 50
        return [at for at, each in enumerate(said) if each[HEADER_BYTES:] not in passed]


def announced(node: Node, folder: Path, customer: Path, order: str) -> Heard:
    """What a caller hears who calls such a PBX, the notice being played in this order."""
    file = folder / "announcement.wav"
    silence = np.zeros(_SILENCE_S * RATE)
    soundfile.write(file, np.concatenate([spoken(ANNOUNCEMENT), silence]), RATE, subtype="PCM_16")
    alices = pjsua.Settings(user="alice", host=ALICE, says=customer)
    menu = pjsua.Settings(user="menu", host=BOB, says=file, answers=True)
    with pjsua.phone(folder, alices) as alice, pjsua.phone(folder, menu) as bob:
        call = node.route(bob.uri, notice_when=order)
        ours = alice.call(call.uri)
        ours.talks()
        bob.rung().talks()
        enough = _PACKETS if order != "dial-first" else _PACKETS - 219
        met(lambda: ours.packets()["received"] > enough, "the announcement's end", within_s=40)
        ours.hang_up()
        heard = file_of(ours.ended())
    return Heard(heard, Kept.of(call))


@needs("pjsua")
@pytest.mark.parametrize("order", ["answer-first", "early"])
def test_an_announcement_is_heard_whole_behind_the_notice(
    node: Node, tmp_path: Path, customer: Path, order: str
) -> None:
    """The PBX is not called before the notice is over: whatever it plays comes after it."""
    heard = announced(node, tmp_path, customer, order)

    lost = heard.lost()
    assert lost == [*range(len(lost))]
    assert len(lost) <= MOST_OVERTAKING
    told, announcement = heard.place(notice()), heard.place(spoken(ANNOUNCEMENT))
    assert told
    assert announcement
    assert told.at_s < announcement.at_s
    for second in (0.5, ANNOUNCEMENT.seconds - 0.5):  # of the file: the first and the last
        assert heard.place(spoken(replace(ANNOUNCEMENT, from_s=second, seconds=1.0)))


@needs("pjsua")
def test_dial_first_plays_the_notice_over_an_announcement(
    node: Node, tmp_path: Path, customer: Path
) -> None:
    """What `config check` and `route explain` warn of: its begin is lost."""
    heard = announced(node, tmp_path, customer, "dial-first")

    assert heard.place(notice())
    assert len(heard.lost()) > 4 * 50
    assert not heard.place(spoken(replace(ANNOUNCEMENT, seconds=3.0)))
