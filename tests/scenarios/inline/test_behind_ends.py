"""How calls end behind Kamailio and behind a PBX: no codec, a dead refresher, a party who refuses.

What each telephone has heard, and tcpdump, stand beside what the record says.
"""

import tempfile
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.hearing import RATE, find, read
from tests.scenarios.inline.behind import Record, behind, customer, hears_of, told_by
from tests.scenarios.inline.kept import notice
from tests.scenarios.inline.node import BOB, HOUSE, Node, between
from tests.scenarios.scene import Scene, SipMessage
from tests.scenarios.waiting import until
from tests.scenarios.witness import watching
from tests.support.scenarios.phones import needs

pytestmark = [pytest.mark.scenario, needs("pjsua", "kamailio")]
both = pytest.mark.parametrize("kind", ["kamailio", "pbx"])
NO_CODEC: Final = b'Warning: 305 rokuon "no codec in which the notice can be played"'
SESSION_S, SILENT_S = 90, 300
# So much of the notice the customer hears before he presses the key.
BEGIN_S: Final = 1.0


@both
def test_the_warning_for_want_of_a_codec_reaches_who_called(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """Kamailio hands it on to the telephone; a PBX that calls for its telephone keeps it."""
    at = BOB if kind == "kamailio" else HOUSE
    with (
        watching(tmp_path, f"udp and dst host {at}") as wire,
        behind(kind, node, tmp_path, own={"codecs": ("gsm",)}) as there,
    ):
        call = node.route(there.stranger.uri, dial="201", direction="outbound")
        ours = there.agent.call(f"sip:{call.number}@{there.host}")
        assert ours.ended(488) is None
        refused = [d.payload for d in wire.seen() if d.payload.startswith(b"SIP/2.0 488 ")]

    assert refused
    assert all(NO_CODEC in each for each in refused if call.number.encode() in each)
    detail = call.fate()["detail"]
    assert "no codec in which the notice can be played" in detail
    assert detail.endswith("(RFC 3264 §6)")


def of_ours(scene: Scene, method: bytes) -> SipMessage:
    """Our first request of this method."""
    return next(each for each in scene.messages() if each.from_server and each.method == method)


@pytest.mark.slow
@both
def test_a_refresher_who_is_dead_is_asked_and_let_go_before_the_session_expires(
    tmp_path: Path, kind: str
) -> None:
    """The agent's telephone, which Kamailio does not miss; the PBX itself, with all its calls."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), timeout_s=SILENT_S) as node,
        behind(kind, node, tmp_path, own={"session_s": SESSION_S}) as there,
        customer(tmp_path) as alice,
    ):
        call = node.route(alice.uri, direction="outbound")
        ours = there.agent.call(f"sip:{call.number}@{there.host}")
        rung = alice.rung()
        rung.answer()
        hears_of(rung.heard, "agent")
        hears_of(ours.heard, "customer")
        there.program.process.kill()
        rung.ended(within_s=120)
        scene = call.scene()
        answered = next(m for m in scene.messages() if (m.method, m.status) == (b"INVITE", 200))
        asked_s, over_s = (
            (of_ours(scene, method).at_us - answered.at_us) / 1e6 for method in (b"UPDATE", b"BYE")
        )
        record = Record.of(call.recorded())

    assert asked_s < over_s < SESSION_S + 5
    assert record.ended == "probe_failed"
    assert (record.customer, record.agent) == (["customer"], ["agent"])


@both
def test_a_customer_who_refuses_by_a_key_talks_unrecorded(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """The agent is called at once; nothing of either is kept, the call ends as any other."""
    first: dict[str, Any] = {"notice_when": "answer-first", "refusal_key": "9"}
    begin = notice()[: round(BEGIN_S * RATE)]
    with behind(kind, node, tmp_path) as there, customer(tmp_path) as alice:
        call = node.route(there.target, dial="201", **first)
        ours = alice.call(call.uri)
        ours.talks()
        until(lambda: find(read(ours.heard), begin) or None, "the begin of the notice")
        ours.dial("9")
        rung = there.agent.rung()
        rung.answer(headers=there.names())
        hears_of(ours.heard, "agent")
        hears_of(rung.heard, "customer")
        ours.hang_up()
        told = told_by(caller=ours, agent=rung)
    recorded = call.recorded()
    record = Record.of(recorded)

    assert told == {"caller": ["agent"], "agent": ["customer"]}
    assert recorded.flags == {"no_sound", "refused"}
    assert (record.customer, record.agent, record.ended) == ([], [], "bye")
    assert find(recorded.audio()[:, 2].astype(float), begin)
    assert [outcome for outcome, _ in record.attempts][-1] == "answered"
