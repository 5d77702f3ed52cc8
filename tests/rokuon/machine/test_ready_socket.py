"""Hearing that a part is ready."""

from rokuon.machine.notify import NOTIFY_VARIABLE, READY, STOPPING, tell
from rokuon.machine.ready_socket import ReadySocket


def test_a_part_that_was_ready_once_is_known_for_ever() -> None:
    """What it says else, and that nothing has come, changes nothing."""
    heard, states = ReadySocket.open("keys"), []
    for said in (b"", STOPPING, READY):
        if said:
            tell(said, {NOTIFY_VARIABLE: heard.address})
        heard.hear()
        states.append((heard.ready.is_set(), heard.is_known))
    heard.ready.clear()
    heard.sock.close()

    assert states == [(False, False), (False, False), (True, True)]
    assert heard.is_known
