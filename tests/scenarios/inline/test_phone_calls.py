"""Telephones on both sides of the node: pjsua2, baresip, pyVoIP.

Audio is compared both ways, and in the recording; tcpdump is the witness.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from archive.call.events import NoticePlayed, NoticeReported, RecordingBegan, RecordingRefused
from rokuon.selftest.speech_search import RATE
from tests.scenarios.hearing import find, hears, read, spoken
from tests.scenarios.inline.kept import Kept, notice
from tests.scenarios.inline.node import ALICE, BARE, BOB, GUARDED, PASSWORD, USER, Node
from tests.scenarios.inline.people import hear_each_other, heard_in_order, hears_anew, kept_whole
from tests.scenarios.inline.telephones import file_of, secured, talked, two
from tests.scenarios.phones import baresip, pjsua, voip
from tests.scenarios.phones.certificates import Certificate, certificate
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, HEADER_BYTES
from tests.scenarios.waiting import met, now
from tests.support.scenarios.phones import needs

pytestmark = pytest.mark.scenario
# The notice has 219 packets; RTCP comes every 2.5 to 7.5 s (RFC 3550 section 6.3.1).
REPORTED_BY_THEN = 219 + 2 * 375
# What a telephone that holds sends, in both laws of G.711.
SILENCE: Final = frozenset({0xFF, 0x7F, 0xD5, 0x55})


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    """One for each phone."""
    folder = tmp_path_factory.mktemp("certificates")
    made = {address: certificate(folder, address) for address in (ALICE, BOB, BARE)}
    return made.__getitem__


@needs("pjsua")
def test_two_pjsua_phones_are_announced_heard_and_kept(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """They send RTCP: what it says of the notice is kept."""
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = node.route(bob.uri)
        talked(alice, bob, call.uri)
    kept_whole(Kept.of(call))


@needs("pjsua")
def test_what_a_pjsua_phone_reports_by_rtcp_proves_its_notice(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Its highest sequence is behind the notice's last packet; it loses nothing on loopback."""
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = node.route(bob.uri)
        ours = alice.call(call.uri)
        ours.talks()
        bob.rung().talks()
        met(
            lambda: ours.packets()["received"] > REPORTED_BY_THEN,
            "two intervals of RTCP behind the notice",
            within_s=40,
        )
        ours.hang_up()
        ours.ended()
    (said,) = Kept.of(call).all(NoticeReported)

    assert (said.to, said.through, said.lost) == ("caller", True, 0)
    assert said.reports > 0


@needs("pjsua")
def test_a_pjsua_phone_that_is_asked_who_it_is_says_so(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """A source with a password: 401, and the call as any other; without it there is none."""
    guarded = {"user": USER, "host": GUARDED, "password": PASSWORD}
    with two(tmp_path, (customer, agent), guarded, {}) as (alice, bob):
        call = node.route(bob.uri)
        talked(alice, bob, call.uri)
    kept_whole(Kept.of(call))


@needs("pjsua")
@pytest.mark.parametrize("password", ["", "wrong"])
def test_a_pjsua_phone_that_does_not_prove_who_it_is_calls_nobody(
    node: Node, tmp_path: Path, customer: Path, password: str
) -> None:
    """Without a password 401 is the end; a wrong one is 403."""
    stranger = pjsua.Settings(user=USER, host=GUARDED, says=customer, password=password)
    with pjsua.phone(tmp_path, stranger) as phone:
        call = node.route(f"sip:{BOB}:9")
        phone.call(call.uri).ended(403 if password else 401)
    assert call.found() == []


@needs("pjsua")
@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_pjsua_phone_holds_through_the_node_and_is_heard_before_and_after(
    node: Node, tmp_path: Path, customer: Path, agent: Path, who: str
) -> None:
    """The other side is told, and hears nothing meanwhile."""
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = node.route(bob.uri)
        ours = alice.call(call.uri)
        ours.talks()
        theirs = bob.rung()
        theirs.talks()
        hear_each_other(ours.heard, theirs.heard)
        holder, held = (ours, theirs) if who == "caller" else (theirs, ours)
        holder.hold()
        held.media("held by them")
        begin = now()
        end = begin + timedelta(seconds=1)
        met(lambda: now() >= end, "a second of the hold")
        holder.unhold()
        held.media("active")
        hears_anew([(ours.heard, AGENT_SAYS), (theirs.heard, CUSTOMER_SAYS)])
        ours.hang_up()
        heard_in_order(file_of(ours.ended()), file_of(theirs.ended()))
    kept = Kept.of(call)
    kept_whole(kept)
    assert kept.sent(who, begin, end) == []
    quiet = kept.sent("callee" if who == "caller" else "caller", begin, end)
    assert {sign for each in quiet for sign in each.payload[HEADER_BYTES:]} <= SILENCE


def hears_more(side: pjsua.Call, than: int) -> None:
    """Packets come again."""
    met(lambda: side.packets()["received"] > than + 50, "a second of media after the hold")


@needs("pjsua")
@pytest.mark.parametrize("where", ["caller", "callee", "both"])
def test_tls_and_srtp_on_one_side_or_both(
    node: Node,
    tmp_path: Path,
    customer: Path,
    agent: Path,
    certificates: Callable[[str], Certificate],
    where: str,
) -> None:
    """Each side has its own keys; neither is told of the other's."""
    one = secured(certificates(ALICE)) if where != "callee" else {}
    other = secured(certificates(BOB)) if where != "caller" else {}
    with two(tmp_path, (customer, agent), one, other) as (alice, bob):
        wanted = "require" if where != "caller" else "never"
        call = node.route({"uri": bob.uri, "srtp": wanted})
        talked(alice, bob, call.secure_uri if one else call.uri)
    kept_whole(Kept.of(call), sealed=("caller", "callee") if where == "both" else (where,))


@pytest.mark.quick
@needs("pjsua", "baresip")
def test_a_baresip_caller_hears_early_media_before_the_answer(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """What the callee sends with 183 crosses; the notice follows the answer."""
    bobs = pjsua.Settings(user="bob", host=BOB, says=agent)
    alices = baresip.Settings(user="alice", host=BARE, says=customer)
    with pjsua.phone(tmp_path, bobs) as bob, baresip.phone(tmp_path, alices) as alice:
        call = node.route(bob.uri)
        alice.call(call.uri)
        rung = bob.rung()
        rung.answer(183)
        hears(alice.heard, AGENT_SAYS)
        rung.answer()
        rung.talks()
        alice.talks()
        hear_each_other(alice.heard, rung.heard)
        alice.hang_up()
        heard = file_of(rung.ended())
    whole = read(alice.heard)
    told = find(whole, notice())
    # Bob says it again and again.
    early = find(whole[: int(told.at_s * RATE)], spoken(AGENT_SAYS))
    assert told
    assert early
    assert find(read(heard), spoken(CUSTOMER_SAYS))
    assert not find(read(heard), notice())
    kept_whole(Kept.of(call))


@needs("pjsua", "baresip")
@pytest.mark.parametrize("side", ["caller", "callee"])
def test_a_baresip_with_tls_and_srtp_and_another_phone_without(
    node: Node,
    tmp_path: Path,
    customer: Path,
    agent: Path,
    certificates: Callable[[str], Certificate],
    side: str,
) -> None:
    """SRTP ends at the node."""
    bares = baresip.Settings(
        user="bare", host=BARE, says=customer if side == "caller" else agent, transport="tls",
        srtp="mandatory", answers="auto", certificate=certificates(BARE).both,
    )  # fmt: skip
    plain = pjsua.Settings(
        user="plain", host=BOB if side == "caller" else ALICE, answers=True,
        says=agent if side == "caller" else customer,
    )  # fmt: skip
    with baresip.phone(tmp_path, bares) as bare, pjsua.phone(tmp_path, plain) as other:
        if side == "caller":
            call = node.route({"uri": other.uri, "srtp": "never"})
            bare.call(call.secure_uri)
            theirs = other.rung()
        else:
            call = node.route({"uri": bare.uri, "srtp": "require", "latch": "nat"})
            theirs = other.call(call.uri)
        theirs.talks()
        bare.talks()
        heard = (bare.heard, theirs.heard) if side == "caller" else (theirs.heard, bare.heard)
        hear_each_other(*heard)
        theirs.hang_up()
        theirs.ended()
        bare.ended()
        heard_in_order(*heard)
    kept_whole(Kept.of(call), sealed=(side,))


@pytest.mark.quick
@needs("pjsua", "voip")
def test_a_pyvoip_callee_hears_and_is_told_keys(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Keys cross as telephone events; in the recording they are masked."""
    alices = pjsua.Settings(user="alice", host=ALICE, says=customer)
    bobs = voip.Settings(
        user="bob", host=BOB, says=agent, answers=True, server=node.server.bind,
        server_port=node.server.sip_port,
    )  # fmt: skip
    with pjsua.phone(tmp_path, alices) as alice, voip.phone(tmp_path, bobs) as bob:
        call = node.route(bob.uri)
        ours = alice.call(call.uri)
        ours.talks()
        theirs = bob.rung()
        theirs.talks()
        hear_each_other(ours.heard, theirs.heard)
        ours.dial("12#")
        theirs.dialled("12#")
        ours.hang_up()
        heard_in_order(file_of(ours.ended()), theirs.ended())
    kept_whole(Kept.of(call))


@needs("pjsua")
@pytest.mark.parametrize("who", ["caller", "callee"])
def test_a_pjsua_phone_refuses_by_key_while_it_is_told(
    node: Node, tmp_path: Path, customer: Path, agent: Path, who: str
) -> None:
    """The notice ends there, both talk, and nothing of either is kept."""
    told = {} if who == "caller" else {"notice_to": "callee", "direction": "outbound"}
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = node.route(bob.uri, refusal_key="9", **told)
        ours = alice.call(call.uri)
        ours.talks()
        theirs = bob.rung()
        theirs.talks()
        refuses = ours if who == "caller" else theirs
        hears_more(refuses, 0)
        refuses.dial("9")
        hears(ours.heard, AGENT_SAYS)
        hears(theirs.heard, CUSTOMER_SAYS)
        ours.hang_up()
        heard = [read(file_of(each.ended())) for each in (ours, theirs)]
    assert not any(find(each, notice()) for each in heard)
    kept = Kept.of(call)

    assert kept.recorded.flags == {"no_sound", "refused"}
    assert [(said.by, said.digit) for said in kept.all(RecordingRefused)] == [(who, "9")]
    assert kept.all(NoticePlayed) == [kept.notice_is_true(who, outcome="cut_short")]
    assert kept.all(RecordingBegan) == []
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []
    assert kept.fates() == [("connected unrecorded", "refused")] * 2
