"""Provisional responses that are repeated until their PRACK comes (RFC 3262), ours and the peer's.

Frozen values. Knows nothing of what a response says beyond whether it has a body.
"""

from enum import Enum
from typing import Final
from zlib import crc32

import msgspec

from capture.sip.build import Answer, Header
from capture.sip.flow import Flow
from capture.sip.grammar import reads_as_number
from capture.sip.headers import RAck
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.limits import MAX_UINT32
from capture.sip.message import Request, Response
from capture.sip.transaction import T1_S, TIMEOUT_S, Backoff

OPTION: Final = b"100rel"
PROVISIONAL: Final = range(101, 200)
_LARGEST_FIRST: Final = (1 << 31) - 1


class AwaitedPrack(msgspec.Struct, frozen=True, kw_only=True):
    """A 1xx of ours that is repeated until its PRACK (§3); no longer once there is a 2xx."""

    invite: TransactionKey
    dialog: DialogId
    cseq: int
    number: int
    flow: Flow
    response: bytes
    has_body: bool
    gives_up_s: float
    backoff: Backoff | None

    @property
    def next_deadline_s(self) -> float:
        return min(self.gives_up_s, self.backoff.due_s) if self.backoff else self.gives_up_s

    def is_acknowledged_by(self, dialog: DialogId, rack: RAck) -> bool:
        """Does a PRACK in this dialog with this RAck mean it (§3)?"""
        named = (rack.response_number, rack.cseq.number, rack.cseq.method)
        return self.dialog == dialog and named == (self.number, self.cseq, b"INVITE")

    def settled(self) -> "AwaitedPrack":
        """The call is answered: a PRACK may still come, and nothing is repeated (§3)."""
        return msgspec.structs.replace(self, backoff=None)

    def repeated(self, now_s: float) -> "AwaitedPrack":
        """It was sent once more; the interval doubles without a ceiling (§3)."""
        assert self.backoff is not None
        return msgspec.structs.replace(self, backoff=self.backoff.after(now_s))


class HeldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What must wait until a 1xx sent before it is acknowledged: one more 1xx (§3), a 2xx (§5)."""

    key: TransactionKey
    answer: Answer

    def followed_by(self, answer: Answer) -> "HeldAnswer":
        """The later one counts; of a 1xx that never went out it says the description, if any."""
        if answer.is_final or answer.body or not self.answer.body:
            return msgspec.structs.replace(self, answer=answer)
        told = msgspec.structs.replace(self.answer, status=answer.status, reason=answer.reason)
        return msgspec.structs.replace(self, answer=told)


class ProvisionalOffer(Enum):
    """Whether a 1xx had an offer, to an INVITE of ours that had none (§5)."""

    NOT = "not"
    OPEN = "open"


class ReliableProgress(msgspec.Struct, frozen=True, kw_only=True):
    """The last reliable 1xx that was heard in an early dialog of an INVITE of ours (§4)."""

    number: int
    offer: ProvisionalOffer = ProvisionalOffer.NOT


def reliable_number(response: Response) -> int:
    """RSeq of a 1xx that asks for a PRACK, 0 where it asks for none (§4)."""
    if response.status not in PROVISIONAL or not _names(response.require):
        return 0
    return reads_as_number(response.value(b"rseq") or b"", MAX_UINT32) or 0


def hear(
    heard: ReliableProgress | None, number: int, offer: ProvisionalOffer
) -> ReliableProgress | None:
    """The state after a reliable 1xx; None for a repetition or one out of order (§4).

    Nothing comes behind an offer.
    """
    if heard is None:
        return ReliableProgress(number=number, offer=offer)
    if heard.offer is ProvisionalOffer.OPEN or number != heard.number + 1:
        return None
    return ReliableProgress(number=number, offer=offer)


def is_reliable(request: Request, answer: Answer) -> bool:
    """Whether a response must be acknowledged: where the peer insists, or a description is in it.

    Never a 100, and never for a peer that does not know of it (§3).
    """
    if answer.status not in PROVISIONAL:
        return False
    if _names(request.require):
        return True
    return bool(answer.body) and _names(request.supported)


def _names(tags: tuple[bytes, ...]) -> bool:
    return any(tag.lower() == OPTION for tag in tags)


def next_number(before: int, token: bytes) -> int:
    """RSeq: one more than before, or a first one that nobody can foresee (§3)."""
    return before + 1 if before else crc32(token) % _LARGEST_FIRST + 1


def reliable_headers(number: int) -> tuple[Header, ...]:
    """What makes a 1xx reliable (§3)."""
    return (b"Require", OPTION), (b"RSeq", b"%d" % number)


def first_backoff(now_s: float) -> Backoff:
    """T1, doubled without a ceiling (§3)."""
    return Backoff(due_s=now_s + T1_S, longest_s=TIMEOUT_S)
