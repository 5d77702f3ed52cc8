"""PJSIP telephones behind Kamailio with rtpengine, and behind a PBX in Asterisk's manner.

What each telephone has heard, by its own recording, stands beside what the record says.
"""

from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.hearing import read, write
from tests.scenarios.inline.behind import (
    NAMED,
    QUEUE_SAYS,
    STRANGER,
    Record,
    behind,
    customer,
    heard,
    hears_more,
    hears_of,
    told_by,
)
from tests.scenarios.inline.node import BARE, Node
from tests.support.scenarios.phones import needs

pytestmark = [pytest.mark.scenario, needs("pjsua", "kamailio")]
CALLED: Final = ("customer", "+81312345678")
OUTSIDE: Final = "+819012345678"
# The kernel takes nothing for it, as for a private address that no route leads to.
NOWHERE: Final = "240.0.0.1"
both = pytest.mark.parametrize("kind", ["kamailio", "pbx"])
FIRST: Final[dict[str, Any]] = {"notice_when": "answer-first"}


@both
def test_who_takes_the_agents_place_outside_is_not_the_agent(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """The PBX carries out a REFER by itself, and keeps the name beside the number."""
    with behind(kind, node, tmp_path) as there, customer(tmp_path) as alice:
        call = node.route(there.target, dial="201", **FIRST)
        ours = alice.call(call.uri)
        agents = there.agent.rung()
        agents.answer(headers=there.names())
        hears_of(ours.heard, "agent")
        agents.transfer(there.outside)
        strangers = there.stranger.rung()
        strangers.answer()
        agents.transferred()
        agents.ended()
        hears_of(ours.heard, "stranger")
        hears_of(strangers.heard, "customer")
        ours.hang_up()
        told = told_by(caller=ours, stranger=strangers)
    record = Record.of(call.recorded())

    assert told == {"caller": ["notice", "agent", "stranger"], "stranger": ["customer"]}
    lanes = (record.customer, record.agent, record.ours)
    assert lanes == (["customer"], ["agent", "stranger"], ["notice"])
    assert record.legs == [CALLED, ("agent", NAMED), ("unknown", OUTSIDE)]
    assert record.ended == "bye"


@both
def test_who_was_forwarded_to_is_not_the_agent_and_who_called_is_not_either(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """A telephone redirects (302); the PBX calls out through us, as the customer, by Diversion."""
    with behind(kind, node, tmp_path, forwards=STRANGER) as there, customer(tmp_path) as alice:
        call = node.route({"name": "inside", "uri": there.target}, dial="201", **FIRST)
        out = {"name": "outside", "uri": there.stranger.uri}
        onward = node.route(out, called=STRANGER, beside=True, direction="outbound", notice=[])
        ours = alice.call(call.uri)
        if kind == "kamailio":
            there.agent.rung().answer(302, {"Contact": f"<{there.outside}>"})
        strangers = there.stranger.rung()
        strangers.answer()
        hears_of(ours.heard, "stranger")
        hears_of(strangers.heard, "customer")
        ours.hang_up()
        told = told_by(caller=ours, stranger=strangers)
    record = Record.of(call.recorded())

    assert told == {"caller": ["notice", "stranger"], "stranger": ["customer"]}
    assert (record.customer, record.agent) == (["customer"], ["stranger"])
    assert record.legs == [CALLED, ("unknown", OUTSIDE)]
    if kind == "kamailio":
        assert record.attempts == [("redirected", 302), ("answered", 200)]
        return
    (again,) = [each for each in onward.found() if each.row["direction"] == "outbound"]
    assert Record.of(again).legs == [("unknown", CALLED[1]), ("customer", OUTSIDE)]


ENDS: Final = {"busy": 486, "declined": 603, "unanswered": 0}


@both
@pytest.mark.parametrize("because", ENDS)
def test_what_a_telephone_did_is_why_an_answered_caller_was_let_go(
    node: Node, tmp_path: Path, kind: str, because: str
) -> None:
    """He heard the notice, then ringback."""
    rings: dict[str, Any] = {} if ENDS[because] else {"ring_s": 5}
    with behind(kind, node, tmp_path) as there, customer(tmp_path) as alice:
        call = node.route(there.target, dial="201", **FIRST, **rings)
        ours = alice.call(call.uri)
        rung = there.agent.rung()
        rung.answer(180)
        hears_of(ours.heard, "ringback")
        if ENDS[because]:
            rung.answer(ENDS[because])
        told = told_by(caller=ours)
    record = Record.of(call.recorded())

    assert told == {"caller": ["notice", "ringback"]}
    assert (record.agent, record.ours, record.legs) == ([], ["notice", "ringback"], [CALLED])
    assert record.attempts[0] == ("rang", 180)
    # A PBX makes its own status of a refusal: 603 is 403 (Q.850 cause 21).
    status = {486: 486, 603: 603 if kind == "kamailio" else 403}.get(ENDS[because], "")
    assert record.attempts[1:] == [("refused" if status else "unanswered", status)]
    assert record.ended == because


@both
def test_what_is_said_before_the_answer_is_heard_behind_the_notice(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """183 with sound: the telephone's own, or an announcement of the PBX while it rings him."""
    announces = str(write(QUEUE_SAYS, tmp_path))
    early = "agent" if kind == "kamailio" else "queue"
    with (
        behind(kind, node, tmp_path, announces=announces) as there,
        customer(tmp_path) as alice,
    ):
        call = node.route(there.target, dial="201", **FIRST)
        ours = alice.call(call.uri)
        rung = there.agent.rung()
        if kind == "kamailio":
            rung.answer(183)
        hears_of(ours.heard, early)
        before = heard(read(ours.heard))
        rung.answer(headers=there.names())
        hears_of(rung.heard, "customer")
        hears_of(ours.heard, "agent")
        ours.hang_up()
        told = told_by(caller=ours, agent=rung)
    record = Record.of(call.recorded())

    assert before == ["notice", early]
    assert told == {"caller": [*dict.fromkeys([*before, "agent"])], "agent": ["customer"]}
    assert record.agent == [*dict.fromkeys([early, "agent"])]
    assert (record.customer, record.ours) == (["customer"], ["notice"])
    assert [outcome for outcome, _ in record.attempts] == ["rang", "sounded", "answered"]
    assert record.others == ["early_media"]


@both
def test_a_hold_is_known_where_it_is_signalled_and_not_where_only_music_tells(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """The PBX plays it under the SSRC of the agent's voice, and sends no re-INVITE."""
    with behind(kind, node, tmp_path) as there, customer(tmp_path) as alice:
        call = node.route(there.target, dial="201", **FIRST)
        ours = alice.call(call.uri)
        rung = there.agent.rung()
        rung.answer(headers=there.names())
        hears_of(ours.heard, "agent")
        hears_of(rung.heard, "customer")
        rung.hold()
        if kind == "kamailio":
            ours.media("held by them")
        else:
            hears_of(ours.heard, "queue")
        rung.unhold()
        if kind == "kamailio":
            ours.media("active")
        hears_more(ours, ours.packets()["received"])
        ours.hang_up()
        told = told_by(caller=ours, agent=rung)
    record = Record.of(call.recorded())

    music = [] if kind == "kamailio" else ["queue"]
    assert told == {"caller": ["notice", "agent", *music], "agent": ["customer"]}
    assert record.agent == ["agent", *music]
    assert (record.customer, record.ours) == (["customer"], ["notice"])
    assert (record.holds, record.others) == (["sdp"] if kind == "kamailio" else [], [])


@both
def test_a_caller_behind_address_translation_is_told_and_hung_up_on(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """His Contact and his SDP are of a network that no route leads to."""
    private: dict[str, Any] = {"host": BARE, "media_at": NOWHERE, "contact_at": NOWHERE}
    with behind(kind, node, tmp_path) as there, customer(tmp_path, **private) as alice:
        call = node.route(there.target, dial="201", without_notice="block", **FIRST)
        ours = alice.call(call.uri)
        rung = there.agent.rung()
        rung.answer(headers=there.names())
        hears_of(ours.heard, "agent")
        hears_of(rung.heard, "customer")
        rung.hang_up()
        told = told_by(caller=ours, agent=rung)
    record = Record.of(call.recorded())

    assert told == {"caller": ["notice", "agent"], "agent": ["customer"]}
    lanes = (record.customer, record.agent, record.ours)
    assert lanes == (["customer"], ["agent"], ["notice"])
    assert (record.legs, record.ended) == ([CALLED, ("agent", NAMED)], "bye")


@both
def test_who_waits_for_a_queue_that_does_not_ring_hears_that_the_line_lives(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """Neither 180 nor 183 comes, only an answer, late."""
    with behind(kind, node, tmp_path, rings=False) as there, customer(tmp_path) as alice:
        call = node.route(there.target, dial="201", **FIRST)
        ours = alice.call(call.uri)
        rung = there.agent.rung()
        if kind == "pbx":
            rung.answer(180)
        hears_of(ours.heard, "ticks")
        rung.answer(headers=there.names())
        hears_of(ours.heard, "agent")
        hears_of(rung.heard, "customer")
        ours.hang_up()
        told = told_by("ticks", caller=ours, agent=rung)
    record = Record.of(call.recorded(), "ticks")

    assert told == {"caller": ["notice", "ticks", "agent"], "agent": ["customer"]}
    lanes = (record.customer, record.agent, record.ours)
    assert lanes == (["customer"], ["agent"], ["notice", "ticks"])
    assert record.legs == [CALLED, ("agent", NAMED)]


@both
def test_who_speaks_no_codec_of_the_notice_is_told_so(
    node: Node, tmp_path: Path, kind: str
) -> None:
    """488 with a Warning, to who called us; the ledger says for want of what."""
    with behind(kind, node, tmp_path, own={"codecs": ("gsm",)}) as there:
        call = node.route(there.stranger.uri, dial=STRANGER, direction="outbound")
        ours = there.agent.call(f"sip:{call.number}@{there.host}")
        assert ours.ended(488) is None
    fate = call.fate()

    assert (fate["status"], fate["reason"]) == (488, "media not acceptable")
