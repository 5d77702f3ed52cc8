"""A caller who does not want to be recorded, and says so by a key; telephones on both sides."""

from pathlib import Path

import numpy as np
import pytest

from archive.call.events import NoticePlayed, RecordingBegan, RecordingRefused
from tests.scenarios.hearing import RATE, Signal, find, hears, read, write
from tests.scenarios.inline.kept import NODE, Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, Node
from tests.scenarios.phones import pjsua
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import until
from tests.support.scenarios.phones import needs

pytestmark = pytest.mark.scenario
# So much of the notice he hears before he presses the key: its end has not come then.
BEGIN_S = 1.0


@needs("pjsua")
def test_a_caller_who_presses_nine_is_connected_and_nothing_of_either_is_kept(
    node: Node, tmp_path: Path
) -> None:
    """He need not hear the notice out; both hear each other, and the event says who said no.

    The recording is as long as the call: nothing that came behind the key is in it, of nobody.
    """
    says = [write(speech, tmp_path) for speech in (CUSTOMER_SAYS, AGENT_SAYS)]
    alices = pjsua.Settings(user="alice", host=ALICE, says=says[0])
    bobs = pjsua.Settings(user="bob", host=BOB, says=says[1], answers=True)
    begin = notice()[: round(BEGIN_S * RATE)]
    with pjsua.phone(tmp_path, alices) as alice, pjsua.phone(tmp_path, bobs) as bob:
        call = node.route(bob.uri, refusal_key="9")
        ours = alice.call(call.uri)
        ours.talks()
        until(lambda: find(read(ours.heard), begin) or None, "the begin of the notice")
        ours.dial("9")
        theirs = bob.rung()
        hears(ours.heard, AGENT_SAYS)
        hears(theirs.heard, CUSTOMER_SAYS)
        ours.hang_up()
        heard = ours.ended()
        theirs.ended()
    assert heard is not None
    assert not find(read(heard), notice()[-2 * RATE :]), "the end of the notice"
    is_evidence_and_no_party(Kept.of(call), begin)


def is_evidence_and_no_party(kept: Kept, begin: Signal) -> None:
    """How he was told and said no; then silence with its reason, as long as they talked."""
    (refused,) = kept.all(RecordingRefused)
    assert (refused.by, refused.digit) == ("caller", "9")
    assert kept.recorded.flags == {"no_sound", "refused"}
    (told,) = kept.all(NoticePlayed)
    assert kept.notice_is_true(outcome="cut_short") == told
    assert BEGIN_S * 1_000 <= told.sent_ms < told.whole_ms
    assert kept.all(RecordingBegan) == []
    kept.silent_from(refused.at_us)
    assert kept.fates() == [("connected unrecorded", "refused")] * 2
    (shown,) = kept.recorded.server.value("calls", "show", kept.recorded.row["call"])["recordings"]
    ((masked,), ended) = shown["masked"], shown["ended_because"]
    assert (masked["reason"], masked["until_because"], ended) == ("refused", "call_ended", "bye")
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []
    assert find(kept.audio[:, NODE].astype(np.float64), begin), "what he was told"
