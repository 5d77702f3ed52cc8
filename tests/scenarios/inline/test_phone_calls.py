"""Telephones on both sides of the node: pjsua2, baresip, pyVoIP, and Kamailio between.

Audio is compared both ways, and in the recording; tcpdump is the witness.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.hearing import hears, write
from tests.scenarios.inline.kept import Kept
from tests.scenarios.inline.node import ALICE, BARE, BOB, PROXY, Node, fresh_number
from tests.scenarios.inline.people import hear_each_other, heard_in_order, kept_whole
from tests.scenarios.phones import baresip, kamailio, pjsua, voip
from tests.scenarios.phones.certificates import Certificate, certificate
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.test_phones import needs
from tests.scenarios.waiting import met

pytestmark = pytest.mark.scenario


@pytest.fixture
def customer(tmp_path: Path) -> Path:
    """What Alice says."""
    return write(CUSTOMER_SAYS, tmp_path)


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """What Bob says."""
    return write(AGENT_SAYS, tmp_path)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    """One for each phone."""
    folder = tmp_path_factory.mktemp("certificates")
    made = {address: certificate(folder, address) for address in (ALICE, BOB, BARE)}
    return made.__getitem__


def secured(made: Certificate) -> dict[str, Any]:
    """A pjsua2 that speaks TLS and SRTP, and nothing less."""
    return {
        "transport": "tls", "srtp": "mandatory", "certificate": made.certificate, "key": made.key,
    }  # fmt: skip


def known_at(proxy: kamailio.Proxy, key: str) -> dict[str, Any]:
    """A phone that registers there."""
    return {"registrar": proxy.uri, "password": key}


@contextmanager
def two(
    folder: Path, says: tuple[Path, Path], one: dict[str, Any], other: dict[str, Any]
) -> Iterator[tuple[pjsua.Phone, pjsua.Phone]]:
    """Alice and Bob with pjsua2."""
    alice = pjsua.Settings(user="alice", host=ALICE, says=says[0], **one)
    bob = pjsua.Settings(user="bob", host=BOB, says=says[1], answers=True, **other)
    with pjsua.phone(folder, alice) as first, pjsua.phone(folder, bob) as second:
        yield first, second


def talked(alice: pjsua.Phone, bob: pjsua.Phone, uri: str) -> None:
    """Alice calls, both hear each other, she hangs up, and both have heard what they should."""
    ours = alice.call(uri)
    ours.talks()
    theirs = bob.rung()
    theirs.talks()
    hear_each_other(ours.heard, theirs.heard)
    ours.hang_up()
    heard_in_order(_file(ours.ended()), _file(theirs.ended()))


def _file(heard: Path | None) -> Path:
    assert heard is not None
    return heard


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
        holder.unhold()
        held.media("active")
        before = [side.packets()["received"] for side in (ours, theirs)]
        hears_more(ours, before[0])
        hears_more(theirs, before[1])
        ours.hang_up()
        heard_in_order(_file(ours.ended()), _file(theirs.ended()))
    kept_whole(Kept.of(call))


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
    kept_whole(Kept.of(call))


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
        rung.ended()
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
    kept_whole(Kept.of(call))


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
        ours.ended()
        theirs.ended()
    kept_whole(Kept.of(call))


@needs("pjsua", "kamailio")
def test_kamailio_and_rtpengine_lie_between_the_node_and_the_callee(
    node: Node, tmp_path: Path, customer: Path, agent: Path
) -> None:
    """The registrar sends each call here; what we call is the registrar again (Record-Route)."""
    number = fresh_number()
    with ExitStack() as stack:
        recorder = f"{node.server.bind}:{node.server.sip_port}"
        users = {"alice": "a1", number: "b1"}
        proxy = stack.enter_context(
            kamailio.registrar(tmp_path / "proxy", users, host=PROXY, recorder=recorder)
        )
        one, other = (known_at(proxy, key) for key in users.values())
        alices = pjsua.Settings(user="alice", host=ALICE, says=customer, **one)
        bobs = pjsua.Settings(user=number, host=BOB, says=agent, answers=True, **other)
        alice, bob = (stack.enter_context(pjsua.phone(tmp_path, each)) for each in (alices, bobs))
        alice.registered()
        bob.registered()
        call = node.route(proxy.uri, called=number)
        talked(alice, bob, bob.uri)
    kept_whole(Kept.of(call))
