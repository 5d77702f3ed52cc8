"""One end of an inline call: what was said there by offer and answer, its media, what it hears.

Pure values. Knows nothing of the other end.
"""

from typing import Final

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.descriptions.speech import agreed_media, agreed_payloads
from capture.inline.state.prompt_stock import UNSAID, PromptWording
from capture.inline.state.stages import NoticeStage
from capture.links.relay_messages import Latch, Playing, Side
from capture.sdp.description import Direction, MediaDescription, SessionDescription
from capture.sdp.payloads import Payload
from capture.sdp.record_attribute import Indication
from capture.sip.identity import DialogId

# Answers of so many early dialogs are kept; a proxy that forks to a whole office stays below.
MAX_FORKS: Final = 8


class Fork(msgspec.Struct, frozen=True):
    """An early dialog of the callee that has answered with a description."""

    tag: bytes
    theirs: SessionDescription


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One end: its dialog (before that, our attempt), what was said by offer and answer, its media.

    `ours` and `theirs` are the last descriptions that count; with `is_answering` ours answers
    theirs, else theirs ours. `ssrc`, `first_sequence` and `first_timestamp` are of what we send to
    it. `plays` is what it hears now, `superseded` are the orders in whose place that came because
    it takes another codec since; `prompt` is which of the notice's prompts that is, `wording` what
    that says, whatever the configuration calls so later. `pair_beside` is for what is no speech,
    -1: that is refused. Who is `is_aware` wants to be told of recording; `declined` is what it
    would not hear of that.
    """

    side: Side
    peer: str
    pair: int
    seat: MediaSeat
    latch: Latch
    ssrc: int
    first_sequence: int
    first_timestamp: int
    dialog: DialogId | None = None
    ours: SessionDescription | None = None
    theirs: SessionDescription | None = None
    is_answering: bool = False
    forks: tuple[Fork, ...] = ()
    notice: NoticeStage = NoticeStage.NONE
    prompt: int = 0
    wording: PromptWording = UNSAID
    plays: Playing | None = None
    superseded: tuple[int, ...] = ()
    pair_beside: int = -1
    is_aware: bool = False
    declined: Indication = Indication.NONE

    @property
    def listens(self) -> bool:
        """May anything be sent to it (a hold says no)?"""
        media = self.media
        return media is not None and media.direction in LISTENING and _has_place(media)

    @property
    def speaks(self) -> bool:
        """Does it send (a hold by the other side says no)?"""
        media = self.media
        return media is not None and media.direction in SPEAKING

    @property
    def media(self) -> MediaDescription | None:
        return agreed_media(self.theirs)

    @property
    def agreed(self) -> list[Payload]:
        """What it speaks with us, under its numbers: the answer's first format first.

        There are telephones that take no other one (docs/inline.md section Media).
        """
        answer = self.ours if self.is_answering else self.theirs
        return agreed_payloads(self.ours, self.theirs, answer)


LISTENING: Final = frozenset({Direction.SENDRECV, Direction.RECVONLY})
SPEAKING: Final = frozenset({Direction.SENDRECV, Direction.SENDONLY})


def other(side: Side) -> Side:
    """The side that is not this one."""
    return Side.CALLEE if side is Side.CALLER else Side.CALLER


def _has_place(media: MediaDescription) -> bool:
    return media.rtp_destination is not None
