"""What is wrong with calls that are up, told from the workers' board."""

import os
from collections.abc import Iterator

import msgspec
import pytest

from archive.call.live import Question, Trouble
from capture.holder.server import BOARD_HEAD_WORDS, BOARD_PAIR_WORDS
from capture.holder.worker_board import MIXED, UNKNOWN_TYPE, Board
from capture.recording.session import RecordingSession
from capture.recording.session_store import Sessions
from capture.status.status_socket import live_calls
from capture.status.troubles import LOSSY_PACKETS, SILENT_US, WINDOW_US, Troubles
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import NEW, Call

PAIRS = 8
BEGAN_US = 1_795_000_000_000_000
NOW_US = BEGAN_US + 10_000_000


class Node:
    """A board, one session of two streams, and what is wrong with it."""

    def __init__(self, board: Board) -> None:
        self.board, self.sessions = board, Sessions()
        self.troubles = Troubles(board, self.sessions)
        began = msgspec.structs.replace(NEW, created_us=BEGAN_US)
        self.call = Call(session=began).offer(stream(label=b"96"), stream(label=b"97", port=6002))
        self.keep(self.call.session)
        self.hear(NOW_US)

    def keep(self, session: RecordingSession) -> None:
        self.sessions.keep(session)

    def hear(self, at_us: int, *pairs: int) -> None:
        """Packets arrived on these pairs, or on both."""
        for pair in pairs or (0, 1):
            self.board.activity[pair] = at_us

    def seen(self, now_us: int = NOW_US) -> set[Trouble]:
        self.troubles.look(now_us)
        return set(self.troubles.found.get(NEW.key, ()))


@pytest.fixture
def node() -> Iterator[Node]:
    descriptor = os.memfd_create("board", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * PAIRS))
    yield Node(Board(descriptor))
    os.close(descriptor)


def test_a_call_of_which_all_is_well_has_no_trouble(node: Node) -> None:
    """And costs nothing to look at."""
    assert node.seen() == set()


def test_silence_is_told_as_far_as_it_goes(node: Node) -> None:
    """One side or both."""
    later_us = NOW_US + SILENT_US + 1
    assert node.seen(later_us) == {Trouble.NO_RTP}
    node.hear(later_us, 1)
    assert node.seen(later_us) == {Trouble.ONE_WAY}


def test_who_is_silent_while_somebody_else_sends_in_his_place_is_told_apart(node: Node) -> None:
    """A telephone behind NAT is not one that says nothing: the administrator looks elsewhere."""
    session = node.call.session
    first = msgspec.structs.replace(session.streams[0], is_relayed=True, is_crowded=True)
    node.keep(session.with_stream(session.streams[0], first))
    later_us = NOW_US + SILENT_US + 1

    node.hear(later_us, 1)
    assert node.seen(later_us) == {Trouble.ONE_WAY, Trouble.OTHER_SENDER}
    node.hear(later_us + SILENT_US, 0)
    assert node.seen(later_us + SILENT_US + 1) == {Trouble.ONE_WAY}


def test_what_was_heard_before_the_call_is_another_calls(node: Node) -> None:
    """Ports are used again."""
    node.hear(BEGAN_US - 1)

    assert node.seen() == {Trouble.NO_RTP}


def test_a_call_that_has_just_begun_has_time(node: Node) -> None:
    """Nobody speaks before he is answered."""
    node.hear(0)

    assert node.seen(BEGAN_US + SILENT_US - 1) == set()


def test_a_stream_on_hold_owes_nothing(node: Node) -> None:
    """Neither of the two sides is missing while it rests."""
    node.keep(
        node.call.offer(
            stream(b"inactive", label=b"96"), stream(b"inactive", label=b"97", port=6002)
        ).session
    )

    assert node.seen(NOW_US + 60_000_000) == set()


def test_a_call_that_loses_from_its_beginning_is_told_at_the_first_look(node: Node) -> None:
    """It waits for no window that has seen it: within 3 s whoever looks is to know."""
    session = node.call.session
    node.sessions.drop(NEW.key)
    assert node.seen(NOW_US - WINDOW_US) == set()
    node.keep(session)
    node.board.packets[0], node.board.lost[0] = LOSSY_PACKETS, LOSSY_PACKETS

    assert node.seen() == {Trouble.LOSSY}


def test_a_share_that_is_lost_is_told(node: Node) -> None:
    """Of the last two seconds, not of an hour ago; a single packet says nothing."""
    node.board.packets[0], node.board.lost[0] = 1_000, 500
    assert node.seen() == set()

    node.board.packets[0] += LOSSY_PACKETS
    node.board.lost[0] += 2
    now_us = NOW_US + WINDOW_US
    node.hear(now_us)
    assert node.seen(now_us) == {Trouble.LOSSY}

    for _ in range(3):
        now_us += WINDOW_US
        node.board.packets[0] += LOSSY_PACKETS
        node.hear(now_us)
        found = node.seen(now_us)
    assert found == set()


def test_mixed_streams_and_unknown_codecs_are_told(node: Node) -> None:
    """As the last packet of a sweep has it."""
    node.board.oddities[0] = MIXED
    assert node.seen() == {Trouble.MIXED}
    node.board.oddities[:2] = MIXED, UNKNOWN_TYPE
    assert node.seen() == {Trouble.MIXED, Trouble.WRONG_CODEC}


def test_a_call_that_is_over_has_no_trouble(node: Node) -> None:
    """Nor is it live."""
    session = node.call.over("bye").session
    node.keep(session)

    assert node.seen(NOW_US + 60_000_000) == set()
    assert live_calls([session], lambda _: frozenset(), Question()).calls == ()


def test_a_live_call_is_shown_with_its_troubles(node: Node) -> None:
    """All of them, or the one that is asked for."""
    (recording,) = node.call.session.recordings
    name = recording.recording.hex()

    def troubles(_key: bytes) -> frozenset[Trouble]:
        return frozenset({Trouble.LOSSY, Trouble.MIXED})

    for asked, expected in (("", 1), (name, 1), ("00" * 16, 0)):
        found = live_calls([node.call.session], troubles, Question(asked))
        assert found.total == expected
    (shown,) = live_calls([node.call.session], troubles, Question()).calls
    assert (shown.recording, shown.source, shown.streams) == (name, "pbx", 2)
    assert shown.troubles == (Trouble.LOSSY, Trouble.MIXED)
