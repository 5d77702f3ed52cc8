"""Live calls over signalling's socket."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from capture.status import LiveCall, LiveCalls
from capture.troubles import Trouble
from rokuon.compose.capture import status_socket
from rokuon.compose.errors import NothingFound
from rokuon.compose.live import live_row, live_rows
from tests.rokuon.installation import Installation

CALL = LiveCall(
    recording="ab" * 16, source="pbx", started_us=1_795_000_000_000_000, caller="sip:a@b",
    called="sip:c@d", streams=2, on_hold=True, troubles=(Trouble.LOSSY,),
)  # fmt: skip


@contextmanager
def signalling(site: Installation, *answers: LiveCalls) -> Iterator[list[bytes]]:
    """Something that answers as signalling does, once for each answer."""
    path = status_socket(site.config)
    path.unlink(missing_ok=True)
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            for answer in answers:
                peer, _ = listener.accept()
                with peer:
                    heard.append(peer.recv(4096))
                    peer.sendall(msgspec.json.encode(answer) + b"\n")

        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()
    path.unlink()


def test_a_live_call_is_a_row_with_its_troubles(site: Installation) -> None:
    """Times in UTC, words for hold."""
    with signalling(site, LiveCalls(total=1, calls=(CALL,))) as heard:
        (row,) = live_rows(site.config)

    assert heard == [b"{}\n"]
    assert (row["state"], row["troubles"]) == ("on hold", ["lossy"])
    assert row["started_at"] == "2026-11-18T11:06:40+00:00"


def test_one_call_is_asked_for_by_its_id(site: Installation) -> None:
    """With hyphens or without; one that does not grow has no row."""
    found, nothing = LiveCalls(total=1, calls=(CALL,)), LiveCalls(total=0, calls=())
    with signalling(site, found, nothing) as heard:
        assert live_row(site.config, "ABAB-" * 8) is not None
        assert live_row(site.config, "cd" * 16) is None

    assert heard[0] == b'{"recording":"%s"}\n' % (b"ab" * 16)


def test_where_capture_does_not_run_that_is_said(site: Installation) -> None:
    """`calls show` then looks into the archive alone."""
    with pytest.raises(NothingFound):
        live_rows(site.config)
    assert live_row(site.config, "ab" * 16) is None
