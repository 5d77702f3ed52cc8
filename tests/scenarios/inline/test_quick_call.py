"""An inline call with each peer, quick enough for every run of the tests.

Not marked, so they are no part of `make scenarios`, which has such calls among others. Skipped
where a peer or the right to capture is missing.
"""

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scenarios.hearing import find, hears, read, write
from tests.scenarios.inline.kept import Kept, Ports, notice
from tests.scenarios.inline.node import ALICE, BOB, PASSWORD, PROXY, Node
from tests.scenarios.inline.people import LONG_ENOUGH_S, hear_each_other, kept_whole
from tests.scenarios.inline.talk import Roles, talk
from tests.scenarios.inline.voice import voice
from tests.scenarios.phones import baresip, kamailio, pjsua, sipp, voip
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.test_phones import needs
from tests.scenarios.witness import may_capture


@pytest.fixture(scope="module", autouse=True)
def _peers() -> None:
    """SIPp, ffmpeg and tcpdump, or a reason why not."""
    missing = [tool for tool in ("sipp", "ffmpeg", "tcpdump") if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if not may_capture():
        pytest.skip("tcpdump may not capture loopback here")


@pytest.fixture
def started(request: pytest.FixtureRequest, _peers: None) -> Node:
    """The node; nothing is started before a skip."""
    node: Node = request.getfixturevalue("node")
    return node


def test_a_call_of_two_sipps_is_announced_heard_and_kept(started: Node, tmp_path: Path) -> None:
    """The notice, then each the other, to the sample."""
    with talk(started, tmp_path, Roles()) as two:
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()
    kept = two.kept()

    kept.notice_is_true()
    kept.nothing_from_before()
    kept.voices_in_place()


@needs("pjsua", "voip")
def test_a_call_from_pjsua_to_pyvoip_is_announced_heard_and_kept(
    started: Node, tmp_path: Path
) -> None:
    """Two telephones that nobody here wrote."""
    says = [write(speech, tmp_path) for speech in (CUSTOMER_SAYS, AGENT_SAYS)]
    alices = pjsua.Settings(user="alice", host=ALICE, says=says[0])
    bobs = voip.Settings(
        user="bob", host=BOB, says=says[1], answers=True, server=started.server.bind,
        server_port=started.server.sip_port,
    )  # fmt: skip
    with pjsua.phone(tmp_path, alices) as alice, voip.phone(tmp_path, bobs) as bob:
        call = started.route(bob.uri)
        ours = alice.call(call.uri)
        ours.talks()
        theirs = bob.rung()
        theirs.talks()
        hear_each_other(ours.heard, theirs.heard)
        ours.hang_up()
        ours.ended()
        theirs.ended()
    kept_whole(Kept.of(call))


@needs("baresip", "kamailio")
def test_a_call_from_baresip_through_kamailio_is_announced_heard_and_kept(
    started: Node, tmp_path: Path
) -> None:
    """Digest, Record-Route, rtpengine in the way of the caller's media; SIPp answers."""
    server = started.server
    with ExitStack() as stack:
        proxy = stack.enter_context(
            kamailio.registrar(
                tmp_path / "proxy", {"alice": PASSWORD}, host=PROXY,
                recorder=f"{server.bind}:{server.sip_port}",
            )
        )  # fmt: skip
        alices = baresip.Settings(
            user="alice", host=ALICE, says=write(CUSTOMER_SAYS, tmp_path),
            registrar=proxy.uri, password=PASSWORD,
        )  # fmt: skip
        alice = stack.enter_context(baresip.phone(tmp_path, alices))
        voiced = stack.enter_context(voice(BOB, AGENT_SAYS))
        bobs = sipp.Settings(scenario="callee", host=BOB, media=voiced.port)
        bob = stack.enter_context(sipp.callee(tmp_path, bobs))
        call = started.route(bob.node)
        alice.registered()
        alice.call(f"sip:{call.number}@{proxy.target}")
        alice.talks()
        voiced.speak_to(Ports.of(call).callee, server.bind)
        voiced.hears(CUSTOMER_SAYS, within_s=LONG_ENOUGH_S)
        spoke = hears(alice.heard, AGENT_SAYS, within_s=LONG_ENOUGH_S)
        assert find(read(alice.heard), notice()).at_s < spoke.at_s
        alice.hang_up()
        alice.ended()
        bob.finish()
    kept_whole(Kept.of(call))
