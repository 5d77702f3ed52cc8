"""The phones themselves, without a recorder: each against another one that nobody here wrote.

What fails here is equipment. Audio is compared both ways.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.hearing import hears, never_hears, write
from tests.scenarios.phones import baresip, kamailio, pjsua, sipp, voip
from tests.scenarios.phones.certificates import Certificate, certificate
from tests.scenarios.phones.pairs import PAIRS, Pair
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.support.scenarios.phones import THIRD_SAYS, needs

ALICE, BOB, CAROL, PROXY = "127.0.0.11", "127.0.0.12", "127.0.0.13", "127.0.0.20"
# Of what is shipped as kamailio-inline.cfg.
FAILOVER_S: Final = 2.0


pytestmark = pytest.mark.scenario


@pytest.fixture
def customer(tmp_path: Path) -> Path:
    """What Alice says."""
    return write(CUSTOMER_SAYS, tmp_path)


@pytest.fixture
def agent(tmp_path: Path) -> Path:
    """What Bob says."""
    return write(AGENT_SAYS, tmp_path)


@pytest.fixture
def third(tmp_path: Path) -> Path:
    """What Carol says."""
    return write(THIRD_SAYS, tmp_path)


@contextmanager
def two(
    folder: Path, says: tuple[Path, Path], one: dict[str, Any], other: dict[str, Any]
) -> Iterator[tuple[pjsua.Phone, pjsua.Phone]]:
    """Alice and Bob with pjsua2, and the settings of each."""
    alice = pjsua.Settings(user="alice", host=ALICE, says=says[0], **one)
    bob = pjsua.Settings(user="bob", host=BOB, says=says[1], **other)
    with pjsua.phone(folder, alice) as first, pjsua.phone(folder, bob) as second:
        yield first, second


def both_hear(one: Path, other: Path) -> None:
    """Alice's recording has Bob, Bob's has Alice."""
    hears(one, AGENT_SAYS)
    hears(other, CUSTOMER_SAYS)


@needs("pjsua")
def test_two_pjsua_phones_hear_each_other_and_the_right_one(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Nobody hears himself."""
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = alice.call(bob.uri, {"X-Trace": "of the test"})
        rung = bob.rung()
        rung.answer(180)
        call.reached("early", code=180)
        rung.answer()
        call.talks()
        rung.talks()
        both_hear(call.heard, rung.heard)
        rung.hang_up()
        call.ended(200)
        rung.ended()

        assert "X-Trace: of the test" in bob.program.told.first(event="incoming")["message"]
        never_hears(call.heard, CUSTOMER_SAYS)
        never_hears(rung.heard, AGENT_SAYS)


@needs("pjsua")
def test_a_pjsua_phone_holds_and_goes_on_and_dials(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Hold is sendonly; keys are telephone events in the other direction too."""
    with two(tmp_path, (customer, agent), {}, {"answers": True}) as (alice, bob):
        call = alice.call(bob.uri)
        call.talks()
        rung = bob.rung()
        rung.talks()
        rung.hold()
        call.media("held by them")
        rung.unhold()
        call.media("active")
        call.dial("12#")
        rung.dialled("12#")
        rung.dial("9")
        call.dialled("9")
        both_hear(call.heard, rung.heard)


@needs("pjsua")
def test_a_pjsua_phone_sends_early_media(tmp_path: Path, customer: Path, agent: Path) -> None:
    """The caller hears the called one before the answer."""
    with two(tmp_path, (customer, agent), {}, {}) as (alice, bob):
        call = alice.call(bob.uri)
        bob.rung().answer(183)
        call.reached("early", code=183)
        hears(call.heard, AGENT_SAYS)
        call.hang_up()
        bob.rung().ended(487)


@needs("pjsua")
@pytest.mark.parametrize("kind", ["blind", "attended"])
def test_a_pjsua_phone_transfers(
    tmp_path: Path, customer: Path, agent: Path, third: Path, kind: str
) -> None:
    """Bob connects Alice with Carol, with or without having asked her, and is out of it."""
    carols = pjsua.Settings(user="carol", host=CAROL, says=third, answers=True)
    with (
        two(tmp_path, (customer, agent), {}, {"answers": True}) as (alice, bob),
        pjsua.phone(tmp_path, carols) as carol,
    ):
        call = alice.call(bob.uri)
        call.talks()
        bobs = bob.rung()
        bobs.talks()
        if kind == "blind":
            bobs.transfer(carol.uri)
        else:
            asking = bob.call(carol.uri)
            asking.talks()
            bobs.join(asking)
            asking.ended()
        bobs.transferred()
        bobs.hang_up()
        call.ended()
        new = call.successor("transfer asked")
        new.talks()
        carols_call = carol.rung() if kind == "blind" else carol.rung().successor("replaced")
        carols_call.talks()
        hears(new.heard, THIRD_SAYS)
        hears(carols_call.heard, CUSTOMER_SAYS)


@needs("pjsua")
def test_a_pjsua_phone_that_wants_srtp_is_not_given_less(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Mandatory against none: 488."""
    with two(tmp_path, (customer, agent), {"srtp": "mandatory"}, {}) as (alice, bob):
        call = alice.call(bob.uri)
        call.ended(488)


@needs("pjsua", "voip")
def test_a_pyvoip_phone_answers_and_is_told_keys(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """A plain call over UDP."""
    alices = pjsua.Settings(user="alice", host=ALICE, says=customer)
    with ExitStack() as stack:
        alice = stack.enter_context(pjsua.phone(tmp_path, alices))
        bobs = voip.Settings(
            user="bob", host=BOB, says=agent, answers=True, server=ALICE, server_port=alice.port
        )
        bob = stack.enter_context(voip.phone(tmp_path, bobs))
        call = alice.call(bob.uri)
        call.talks()
        rung = bob.rung()
        rung.talks()
        call.dial("12#")
        rung.dialled("12#")
        both_hear(call.heard, rung.heard)
        call.hang_up()
        rung.ended()


@needs("pjsua", "baresip")
def test_a_baresip_phone_calls_and_hears_early_media_and_is_told_a_key(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """One key at a time: it tells of the first alone where several follow each other."""
    bobs = pjsua.Settings(user="bob", host=BOB, says=agent)
    alices = baresip.Settings(user="alice", host=ALICE, says=customer)
    with pjsua.phone(tmp_path, bobs) as bob, baresip.phone(tmp_path, alices) as alice:
        alice.call(bob.uri)
        rung = bob.rung()
        rung.answer(183)
        hears(alice.heard, AGENT_SAYS)
        rung.answer()
        rung.talks()
        alice.talks()
        rung.dial("1")
        alice.dialled("1")
        alice.dial("9#")
        rung.dialled("9#")
        both_hear(alice.heard, rung.heard)
        alice.hang_up()
        rung.ended()


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Certificate]:
    """Those of Alice and Bob."""
    folder = tmp_path_factory.mktemp("certificates")
    made = {address: certificate(folder, address) for address in (ALICE, BOB)}
    return made.__getitem__


@needs("pjsua", "baresip")
@pytest.mark.parametrize("calling", ["pjsua", "baresip"])
def test_baresip_and_pjsua_talk_over_tls_with_srtp(
    tmp_path: Path,
    customer: Path,
    agent: Path,
    certificates: Callable[[str], Certificate],
    calling: str,
) -> None:
    """Each verifies the other's certificate, and neither speaks in the clear."""
    hers, his = certificates(ALICE), certificates(BOB)
    alices = pjsua.Settings(
        user="alice", host=ALICE, says=customer, answers=True, transport="tls", srtp="mandatory",
        certificate=hers.certificate, key=hers.key, trusts=his.certificate,
    )  # fmt: skip
    bobs = baresip.Settings(
        user="bob", host=BOB, says=agent, answers="auto", transport="tls", srtp="mandatory",
        certificate=his.both, trusts=hers.certificate,
    )  # fmt: skip
    with pjsua.phone(tmp_path, alices) as alice, baresip.phone(tmp_path, bobs) as bob:
        if calling == "pjsua":
            call = alice.call(bob.uri)
        else:
            bob.call(alice.uri)
            call = alice.rung()

        assert call.talks()["secure"]
        bob.talks()
        both_hear(call.heard, bob.heard)


@needs("sipp")
@pytest.mark.parametrize("pair", PAIRS, ids=str)
def test_sipp_plays_both_parts(tmp_path: Path, pair: Pair) -> None:
    """Each caller with a callee: what is later between them has nothing to make good."""
    ours = sipp.Settings(scenario=pair.callee, host=BOB, status=pair.status, keys=pair.keys)
    theirs = sipp.Settings(scenario=pair.caller, host=ALICE, status=pair.status)
    with (
        sipp.callee(tmp_path, ours) as callee,
        sipp.caller(tmp_path, theirs, callee.target) as caller,
    ):
        players = {"caller": caller, "callee": callee}
        for who, pattern in pair.steps:
            players[who].saw(pattern)
            players[who].go_on()
        caller.finish()
        callee.finish()


@needs("pjsua", "sipp")
def test_sipp_echoes_what_a_phone_says(tmp_path: Path, customer: Path) -> None:
    """A callee with media of its own."""
    alices = pjsua.Settings(user="alice", host=ALICE, says=customer)
    port = sipp.echo_port(BOB)
    echo = sipp.Settings(scenario="callee", host=BOB, media=port, echoes=True)
    with pjsua.phone(tmp_path, alices) as alice, sipp.callee(tmp_path, echo) as callee:
        call = alice.call(callee.uri)
        call.talks()
        hears(call.heard, CUSTOMER_SAYS)
        call.hang_up()
        callee.finish()


@needs("pjsua", "kamailio")
def test_phones_call_each_other_by_name_through_a_registrar(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """Digest for REGISTER and INVITE, Record-Route, media through rtpengine."""
    with kamailio.registrar(tmp_path / "proxy", {"alice": "a1", "bob": "b1"}, host=PROXY) as proxy:
        one = {"registrar": proxy.uri, "password": "a1"}
        other = {"registrar": proxy.uri, "password": "b1", "answers": True}
        with two(tmp_path, (customer, agent), one, other) as (alice, bob):
            alice.registered()
            bob.registered()
            call = alice.call(bob.uri)
            assert call.talks()["to"].startswith(f"{PROXY}:")
            rung = bob.rung()
            assert rung.talks()["to"].startswith(f"{PROXY}:")
            both_hear(call.heard, rung.heard)
            rung.hang_up()
            call.ended(200)


@needs("pjsua", "kamailio")
def test_a_registrar_refuses_a_wrong_password(tmp_path: Path) -> None:
    """Else it proves nothing that the others are let in."""
    with kamailio.registrar(tmp_path / "proxy", {"alice": "a1"}, host=PROXY) as proxy:
        wrong = "b1"
        alices = pjsua.Settings(user="alice", host=ALICE, registrar=proxy.uri, password=wrong)
        with pjsua.phone(tmp_path, alices) as alice:
            alice.registered(401)


@needs("pjsua", "kamailio", "sipp")
def test_a_registrar_sends_a_call_past_the_recorder_and_back(
    tmp_path: Path, customer: Path, agent: Path
) -> None:
    """SIPp in its place: it is called instead of Bob, and what it calls is Bob."""
    users = {"alice": "a1", "bob": "b1"}
    recorder = sipp.Settings(scenario="callee", host=CAROL)
    with ExitStack() as stack:
        called = stack.enter_context(sipp.callee(tmp_path, recorder))
        proxy = stack.enter_context(
            kamailio.registrar(tmp_path / "proxy", users, host=PROXY, recorder=called.target)
        )
        one = {"registrar": proxy.uri, "password": "a1"}
        other = {"registrar": proxy.uri, "password": "b1", "answers": True}
        alice, bob = stack.enter_context(two(tmp_path, (customer, agent), one, other))
        bob.registered()
        call = alice.call(bob.uri)
        call.talks()
        call.hang_up()
        called.finish()

        again = sipp.Settings(scenario="caller", host=CAROL, port=called.port)
        calling = sipp.caller(tmp_path, again, proxy.target, called="bob")
        caller = stack.enter_context(calling)
        caller.saw(r"^ACK ")
        bob.rung().talks()
        caller.go_on()
        caller.finish()


def rings_at(folder: Path, proxy: kamailio.Proxy) -> tuple[str, float]:
    """Where a call through the proxy is answered, and how long its caller waited for ringing."""
    began_s = time.monotonic()
    ours = sipp.Settings(scenario="caller", host=ALICE)
    with sipp.caller(folder, ours, proxy.target) as caller:
        caller.saw(r"^SIP/2.0 180 ")
        waited_s = time.monotonic() - began_s
        where = caller.saw(r"^ACK sip:callee@([\d.]+)")[1]
        caller.go_on()
        caller.finish()
    return where, waited_s


@needs("kamailio", "sipp")
def test_a_dead_node_is_passed_over_in_less_than_two_seconds(tmp_path: Path) -> None:
    """The shipped dispatcher: by the call that finds out, and by every one after it."""
    ours = [sipp.Settings(scenario="callee", host=host, calls=9) for host in (BOB, CAROL)]
    with ExitStack() as stack:
        first, second = (stack.enter_context(sipp.callee(tmp_path, node)) for node in ours)
        proxy = stack.enter_context(
            kamailio.chooser(tmp_path / "proxy", [first.node, second.node], host=PROXY)
        )
        assert rings_at(tmp_path, proxy)[0] == BOB
        first.process.kill()
        first.process.wait()
        where, waited_s = rings_at(tmp_path, proxy)
        assert (where, waited_s < FAILOVER_S) == (CAROL, True), waited_s
        where, waited_s = rings_at(tmp_path, proxy)
        assert (where, waited_s < FAILOVER_S / 2) == (CAROL, True), waited_s

        back = sipp.Settings(scenario="callee", host=BOB, port=first.port, calls=9)
        again = stack.enter_context(sipp.callee(tmp_path, back))
        proxy.says(f"node up: {first.node}", within_s=FAILOVER_S)
        assert rings_at(tmp_path, proxy)[0] == BOB
        again.process.kill()
        proxy.says(f"node down: {first.node}", within_s=2 * FAILOVER_S)
        where, waited_s = rings_at(tmp_path, proxy)
        assert (where, waited_s < FAILOVER_S / 2) == (CAROL, True), waited_s
