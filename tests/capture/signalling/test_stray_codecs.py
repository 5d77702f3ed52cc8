"""Streams that are sent in a codec that nobody agreed on are flagged, at both doors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import pytest

from archive.call.events import Event, Flagged, decode_event
from archive.call.live import Question
from capture.holder.server import BOARD_HEAD_WORDS, BOARD_PAIR_WORDS
from capture.holder.worker_board import TYPE_SHIFT, UNKNOWN_TYPE, Board
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now
from capture.recording.session import RecordingSession
from capture.signalling.stray_codecs import LASTING_US, StrayCodecs
from capture.siprec.media_streams import moved
from capture.status.status_socket import live_calls
from tests.capture.inline.stage import Stage as InlineStage
from tests.capture.siprec.calls import up
from tests.capture.siprec.stage import START_US, Stage, talking

PAIRS = 8
G721 = 2
COMFORT_NOISE = 13


class Node:
    """A board, one session, and looks at both."""

    def __init__(self, board: Board, node: NodeContext) -> None:
        self.board, self.node = board, node
        self.strays = StrayCodecs(board, node)
        self.now = Now(0.0, START_US)

    def sent(self, payload_type: int | None, packets: int = 50) -> None:
        """What each stream is sent in from the last look to the next; None: as it was agreed on."""
        for stream in self.session.streams:
            odd = 0 if payload_type is None else UNKNOWN_TYPE + (payload_type << TYPE_SHIFT)
            self.board.oddities[stream.pair] = odd
            self.board.packets[stream.pair] += packets
        self.now = Now(0.0, self.now.us + LASTING_US)
        self.strays.turn(self.now)

    @property
    def session(self) -> RecordingSession:
        (session,) = self.node.sessions
        return session

    def flags(self) -> list[tuple[int, str]]:
        """Streams and codecs of what was flagged, in the order of events."""
        numbered = [each for own in self.session.recordings for each in own.events]
        told: list[tuple[int, Event]] = [(e.stream, decode_event(e.payload)) for e in numbered]
        return [
            (stream, event.detail)
            for stream, event in told
            if isinstance(event, Flagged) and event.flag == "wrong_codec"
        ]


@contextmanager
def watched(node: NodeContext) -> Iterator[Node]:
    descriptor = os.memfd_create("board", os.MFD_CLOEXEC)
    os.ftruncate(descriptor, 8 * (BOARD_HEAD_WORDS + BOARD_PAIR_WORDS * PAIRS))
    yield Node(Board(descriptor), node)
    os.close(descriptor)


@pytest.fixture
def node() -> Iterator[Node]:
    with watched(talking(Stage()).node) as made:
        yield made


def test_what_is_sent_outside_the_answer_is_flagged_once_by_the_codecs_name(node: Node) -> None:
    """Who listens years later reads why there is no sound, and in what it was sent."""
    for _ in range(4):
        node.sent(G721)

    assert node.flags() == [(stream.stream, "G721") for stream in node.session.streams]
    (call,) = live_calls([node.session], lambda _: frozenset(), Question()).calls
    assert call.codecs == ("G721",)


def test_an_inline_call_is_flagged_the_same_way() -> None:
    """Each side by itself; what we play to it is ours."""
    stage = InlineStage()
    stage.talking()
    with watched(stage.node) as node:
        heard = [each.stream for each in node.session.streams if not each.is_played]
        node.sent(G721)
        node.sent(G721)

        assert node.flags() == [(stream, "G721") for stream in heard]


def test_a_type_without_a_name_is_told_by_its_number(node: Node) -> None:
    """A dynamic one that no offer names."""
    node.sent(99)
    node.sent(99)

    assert {codec for _, codec in node.flags()} == {"payload type 99"}


def test_what_was_on_its_way_when_another_codec_was_agreed_on_is_no_stray(node: Node) -> None:
    """The last packets of before, then what was agreed on; or silence behind them."""
    node.sent(G721)
    node.sent(None)
    node.sent(G721)
    node.sent(G721, packets=0)
    node.sent(G721, packets=0)

    assert node.flags() == []


def test_comfort_noise_is_no_codec_that_anybody_misses(node: Node) -> None:
    """Payload type 13 is sent unasked by half of all telephones."""
    node.sent(COMFORT_NOISE)
    node.sent(COMFORT_NOISE)

    assert node.flags() == []


def test_a_stream_that_goes_on_in_another_recording_is_flagged_there_too() -> None:
    """Whoever opens that one has not read the other."""
    session = up().session
    stream = msgspec.structs.replace(session.streams[0], stray="G721")
    session = session.with_stream(session.streams[0], stream)
    other = msgspec.structs.replace(session.recordings[0], recording=b"o" * 16, next_stream=0)

    later = moved(session.with_recording(other), stream, b"o" * 16, 2)

    assert [each.stray for each in later.streams] == ["", ""]
