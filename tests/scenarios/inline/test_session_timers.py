"""A party that promised to refresh its session and is not there any more; SIPp on both sides."""

import tempfile
from pathlib import Path

import pytest

from archive.call.events import CallEnded
from tests.scenarios.inline.kept import Kept
from tests.scenarios.inline.node import between
from tests.scenarios.inline.talk import ACKED, Roles, talk
from tests.scenarios.phones import sipp
from tests.scenarios.scene import Scene, SipMessage

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.slow,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
SILENT_S = 300


def said(scene: Scene, method: bytes) -> SipMessage:
    """The first request of ours of this method, as tcpdump saw it."""
    return next(each for each in scene.messages() if each.from_server and each.method == method)


def test_a_caller_who_neither_refreshes_nor_answers_is_let_go_before_the_session_expires(
    tmp_path: Path,
) -> None:
    """Asked after 60 of 90 s; 32 s later both are told, and the recording says why."""
    roles = Roles(caller="caller_promises")
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        between(Path(folder), timeout_s=SILENT_S) as node,
    ):
        with talk(node, tmp_path, roles) as two:
            two.caller.saw(ACKED)
            two.caller.saw(r"^BYE ", within_s=120)
            two.finish()
            call = two.call
        scene, answered_us = call.scene(), call.scene().answered().at_us
        after_s = {
            name: (said(side, name).at_us - answered_us) / 1e6
            for name, side in ((b"UPDATE", scene), (b"BYE", call.callee_scene()))
        }
        bye_s = (said(scene, b"BYE").at_us - answered_us) / 1e6
        ends = [event.reason for event in Kept.of(call).all(CallEnded)]

    assert 59.0 < after_s[b"UPDATE"] < 62.0
    assert 90.0 < after_s[b"BYE"] < 95.0
    assert 90.0 < bye_s < 95.0
    assert ends == ["probe_failed"]
