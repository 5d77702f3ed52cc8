"""`rokuon drain`, `rokuon reload`: what is said to signalling, and shown."""

import json

import pytest

from archive.call.live import LiveCall, LiveCalls, Question, Reloaded, Trouble, Wish
from rokuon.compose.processes.sockets import status_socket
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.node import signalling

CALL = LiveCall(
    recording="ab" * 16, source="pbx", started_us=1_793_263_330_000_000, caller="sip:a@x",
    called="sip:b@x", streams=2, on_hold=False, troubles=(Trouble.ONE_WAY,),
)  # fmt: skip


def test_draining_waits_for_the_calls_that_are_up(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the machine may go down."""
    monkeypatch.setattr("rokuon.cli.node.node_control.LOOK_EVERY_S", 0)
    left = iter((2, 1, 0))

    def answer(question: Question) -> LiveCalls:
        is_drained = question.wish is Wish.DRAIN
        return LiveCalls(total=next(left) if is_drained else 0, calls=(), draining=is_drained)

    with signalling(status_socket(site.config), answer) as asked:
        drained = run_at(site, "drain", "--wait", "-o", "json")
        taken = run_at(site, "drain", "--off", "-o", "json")

    assert json.loads(drained.output) == {"draining": True, "calls": 0}
    assert json.loads(taken.output) == {"draining": False, "calls": 0}
    assert [each.wish for each in asked] == [Wish.DRAIN] * 3 + [Wish.TAKE_CALLS]


@pytest.mark.parametrize(
    ("reloaded", "code"),
    [
        (Reloaded(names=("sbc",)), 0),
        (Reloaded(names=("sbc",), later=("metrics.port",)), 3),
        (Reloaded(names=("sbc",), unread=("ours/ja",)), 3),
        (Reloaded(refused="no such file"), 1),
    ],
)
def test_a_reload_says_what_came_of_it(site: Installation, reloaded: Reloaded, code: int) -> None:
    """The sources that the node has, not those of some file; what waits; or why it was not done."""
    answer = LiveCalls(total=0, calls=(), reloaded=reloaded)
    with signalling(status_socket(site.config), lambda _: answer):
        done = run_at(site, "reload", "-o", "json")

    assert done.exit_code == code
    if reloaded.refused:
        assert type(done.exception).__name__ == "ReloadRefused"
    else:
        assert json.loads(done.output) == {
            "sources": ["sbc"], "restart_for": list(reloaded.later),
            "unread_prompts": list(reloaded.unread),
        }  # fmt: skip


def test_without_capture_there_is_nobody_to_tell(site: Installation) -> None:
    """It says so, and is not silent."""
    done = run_at(site, "drain")

    assert done.exit_code == 1
    assert type(done.exception).__name__ == "NothingFound"
