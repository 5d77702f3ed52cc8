"""What signalling is told to do as a whole."""

import pytest

from archive.call.live import LiveCalls, Question, Reloaded, Wish
from rokuon.compose.capture.node_control import ask, drain_node, reload_node
from rokuon.compose.processes.sockets import status_socket
from rokuon.messages.errors import NothingFound, ReloadRefused
from tests.rokuon.installation import Installation
from tests.support.cli.node import signalling


def test_a_node_is_drained_and_takes_calls_again(site: Installation) -> None:
    """What it answers is what it does now."""
    drained = LiveCalls(total=2, calls=(), draining=True)
    with signalling(status_socket(site.config), lambda _: drained) as asked:
        state = drain_node(site.config, wanted=True)
        drain_node(site.config, wanted=False)

    assert (state.draining, state.calls) == (True, 2)
    assert [each.wish for each in asked] == [Wish.DRAIN, Wish.TAKE_CALLS]


def test_settings_that_cannot_be_used_are_refused(site: Installation) -> None:
    """The node keeps what it has."""
    told = LiveCalls(total=0, calls=(), reloaded=Reloaded(refused="line 3"))
    with (
        signalling(status_socket(site.config), lambda _: told),
        pytest.raises(ReloadRefused, match="line 3"),
    ):
        reload_node(site.config)


def test_where_capture_does_not_run_that_is_said(site: Installation) -> None:
    """Nobody is asked."""
    with pytest.raises(NothingFound):
        ask(site.config, Question())
