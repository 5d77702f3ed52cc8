"""A request as the answering side sees it (RFC 3261 §17.2, RFC 6026, RFC 4320).

Frozen values: a step returns the next one and what to send. Knows nothing of dialogs.
"""

from enum import Enum
from typing import Self

import msgspec

from capture.sip.build import Answer, build_response, remembered
from capture.sip.flow import Flow
from capture.sip.identity import TransactionKey, server_key
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.sip.transaction import (
    LATE_TRYING_AFTER_S,
    T1_S,
    T4_S,
    TIMEOUT_S,
    TRYING_AFTER_S,
    Backoff,
    Transmit,
    earliest,
    is_due,
)


class ServerState(Enum):
    """The states of both server transactions; TRYING and CONFIRMED, ACCEPTED belong to one each."""

    TRYING = "trying"
    PROCEEDING = "proceeding"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    ACCEPTED = "accepted"
    TERMINATED = "terminated"


UNANSWERED = frozenset({ServerState.TRYING, ServerState.PROCEEDING})


class ServerTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """What both kinds hold.

    `flow` is where answers go, `local_tag` our tag, `request` what later answers need of the
    request, `answer` the last one sent or b"", `timer_s` the one timer that the state has.
    """

    key: TransactionKey
    flow: Flow
    state: ServerState
    local_tag: bytes
    request: bytes
    answer: bytes = b""
    backoff: Backoff | None = None
    timer_s: float | None = None

    @property
    def is_unanswered(self) -> bool:
        """Has no final response been sent yet?"""
        return self.state in UNANSWERED

    @property
    def is_over(self) -> bool:
        return self.state is ServerState.TERMINATED

    @property
    def next_deadline_s(self) -> float | None:
        """When `expire_timers` has something to do, or None."""
        return earliest(self.timer_s, self.backoff.due_s if self.backoff else None)

    def stored_request(self) -> Request:
        """The request as far as it is remembered, without its body."""
        request = split_message(self.request)
        assert isinstance(request, Request)
        return request

    def _trying(self) -> bytes:
        return build_response(self.stored_request(), Answer(status=100), b"")

    def _terminated(self) -> Self:
        return msgspec.structs.replace(
            self, state=ServerState.TERMINATED, backoff=None, timer_s=None
        )


class InviteServer(ServerTransaction, frozen=True, kw_only=True, tag="invite"):
    """An INVITE (RFC 3261 §17.2.1 as corrected by RFC 6026 §7.1).

    `rseq` numbers its reliable provisional responses (RFC 3262 §3); 0 before the first.
    """

    rseq: int = 0

    @classmethod
    def begin(cls, request: Request, flow: Flow, local_tag: bytes, now_s: float) -> Self:
        """Enter Proceeding; a 100 follows by itself when nobody answers within 200 ms."""
        return cls(
            key=server_key(request),
            flow=flow,
            state=ServerState.PROCEEDING,
            local_tag=local_tag,
            request=remembered(request),
            timer_s=now_s + TRYING_AFTER_S,
        )

    def respond(self, status: int, data: bytes, now_s: float) -> tuple[Self, list[Transmit]]:
        """Send a response; a 2xx leads to Accepted, where its user retransmits it."""
        assert self.is_unanswered
        changes: dict[str, object] = {"answer": data, "timer_s": None}
        match status // 100:
            case 1:
                pass
            case 2:
                changes.update(state=ServerState.ACCEPTED, timer_s=now_s + TIMEOUT_S)
            case _:
                backoff = None if self.flow.is_reliable else Backoff(due_s=now_s + T1_S)
                changes.update(
                    state=ServerState.COMPLETED, timer_s=now_s + TIMEOUT_S, backoff=backoff
                )
        return msgspec.structs.replace(self, **changes), [Transmit(data)]

    def repeat(self) -> list[Transmit]:
        """The request came again: the same answer, but none after a 2xx or an ACK."""
        if self.answer and self.state in (ServerState.PROCEEDING, ServerState.COMPLETED):
            return [Transmit(self.answer)]
        return []

    def acknowledge(self, now_s: float) -> Self:
        """The ACK of a final response other than 2xx came."""
        if self.state is not ServerState.COMPLETED:
            return self
        if self.flow.is_reliable:
            return self._terminated()
        return msgspec.structs.replace(
            self, state=ServerState.CONFIRMED, backoff=None, timer_s=now_s + T4_S
        )

    def expire_timers(self, now_s: float) -> tuple[Self, list[Transmit]]:
        """Timers G, H, I and L, and the 100 of §17.2.1."""
        if is_due(self.timer_s, now_s):
            if self.state is not ServerState.PROCEEDING:
                return self._terminated(), []
            trying = self._trying()
            return msgspec.structs.replace(self, answer=trying, timer_s=None), [Transmit(trying)]
        if self.backoff and is_due(self.backoff.due_s, now_s):
            again = msgspec.structs.replace(self, backoff=self.backoff.after(now_s))
            return again, [Transmit(self.answer)]
        return self, []


class NonInviteServer(ServerTransaction, frozen=True, kw_only=True, tag="other"):
    """Any other request (RFC 3261 §17.2.2 as corrected by RFC 4320).

    What `is_guests` comes from another than whose the dialog is: it refreshes nothing.
    """

    is_guests: bool = False

    @classmethod
    def begin(cls, request: Request, flow: Flow, local_tag: bytes, now_s: float) -> Self:
        """Enter Trying; a 100 follows by itself once it can no longer provoke retransmissions."""
        return cls(
            key=server_key(request),
            flow=flow,
            state=ServerState.TRYING,
            local_tag=local_tag,
            request=remembered(request),
            timer_s=now_s + LATE_TRYING_AFTER_S,
        )

    def respond(self, status: int, data: bytes, now_s: float) -> tuple[Self, list[Transmit]]:
        """Send the final response; neither 1xx nor 408 may be sent here (RFC 4320 §4)."""
        assert self.is_unanswered
        assert status >= 200  # noqa: PLR2004 - RFC 4320 §4.1
        assert status != 408  # noqa: PLR2004 - RFC 4320 §4.2
        answered = msgspec.structs.replace(
            self, state=ServerState.COMPLETED, answer=data, timer_s=now_s + TIMEOUT_S
        )
        return (answered._terminated() if self.flow.is_reliable else answered), [Transmit(data)]

    def repeat(self) -> list[Transmit]:
        """The request came again: the same answer, if there is one."""
        return [Transmit(self.answer)] if self.answer else []

    def expire_timers(self, now_s: float) -> tuple[Self, list[Transmit]]:
        """Timer J, the late 100, and the end of what nobody answered (no 408, RFC 4320 §4.2)."""
        if not is_due(self.timer_s, now_s):
            return self, []
        if self.state is not ServerState.TRYING:
            return self._terminated(), []
        trying = self._trying()
        proceeding = msgspec.structs.replace(
            self,
            state=ServerState.PROCEEDING,
            answer=trying,
            timer_s=now_s + TIMEOUT_S - LATE_TRYING_AFTER_S,
        )
        return proceeding, [Transmit(trying)]
