"""A request of ours and the answers to it (RFC 3261 §17.1, RFC 6026 for INVITE).

Frozen values: a step returns the next one and what to send or deliver. Knows nothing of dialogs
beyond the names of those that it belongs to or makes.
"""

from enum import Enum
from typing import Final, Self

import msgspec

from capture.sip.build import Header, build_request
from capture.sip.flow import Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.limits import MAX_FORKS
from capture.sip.message import Request, Response
from capture.sip.owner import NOBODY, Owner
from capture.sip.parser import split_message
from capture.sip.transaction import (
    RINGING_TIMEOUT_S,
    T1_S,
    T2_S,
    T4_S,
    TIMEOUT_S,
    TIMER_D_S,
    Backoff,
    Deliver,
    GaveUp,
    Output,
    RingTimeout,
    Transmit,
    earliest,
    is_due,
)


class ClientState(Enum):
    """The states of both client transactions; ACCEPTED belongs to INVITE alone."""

    TRYING = "trying"  # Calling, for an INVITE
    PROCEEDING = "proceeding"
    COMPLETED = "completed"
    ACCEPTED = "accepted"
    TERMINATED = "terminated"


PENDING: Final = frozenset({ClientState.TRYING, ClientState.PROCEEDING})


class Reach(Enum):
    """Whether a request of ours belongs to a dialog, or stands outside of any and may make some."""

    INSIDE = "inside"
    OUTSIDE = "outside"


class Cancelling(Enum):
    """Whether an INVITE of ours is still wanted; a CANCEL waits for a provisional response."""

    NOT = "not"
    WANTED = "wanted"
    SENT = "sent"


class AcceptedDialog(msgspec.Struct, frozen=True, kw_only=True):
    """A dialog whose 2xx came, and the ACK that each repetition gets: b"" until it is sent."""

    dialog: DialogId
    ack: bytes = b""
    by: Flow | None = None

    def repeat(self) -> list[Output]:
        """The 2xx came again (RFC 3261 §13.2.2.4)."""
        return [Transmit(self.ack, self.by)] if self.ack else []


class ClientTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """What both kinds hold.

    `request` is what was sent, `ack` the ACK of a refusal or b"". Outside of dialogs `dialog` is
    the attempt: it has no remote tag. `account` is by which its dialogs are known at the peer, and
    `tries` how often it was sent again because it was challenged. `is_anew`: it was written to a
    second connection, for the first had died.
    """

    key: TransactionKey
    flow: Flow
    dialog: DialogId
    state: ClientState
    request: bytes
    ack: bytes = b""
    backoff: Backoff | None = None
    timer_s: float | None = None
    reach: Reach = Reach.INSIDE
    account: str = ""
    owner: Owner = NOBODY
    tries: int = 0
    is_anew: bool = False

    def named(self, response: Response) -> DialogId:
        if self.reach is Reach.INSIDE:
            return self.dialog
        return msgspec.structs.replace(self.dialog, remote_tag=response.to_address.tag)

    def stored_request(self) -> Request:
        request = split_message(self.request)
        assert isinstance(request, Request)
        return request

    @property
    def is_pending(self) -> bool:
        """Is a final response still to come?"""
        return self.state in PENDING

    @property
    def is_over(self) -> bool:
        return self.state is ClientState.TERMINATED

    @property
    def next_deadline_s(self) -> float | None:
        """When `expire_timers` has something to do, or None."""
        return earliest(self.timer_s, self.backoff.due_s if self.backoff else None)

    def expire_timers(self, now_s: float) -> tuple[Self, list[Output]]:
        """Timers A and B, or E and F, while pending; then D, K or M."""
        if is_due(self.timer_s, now_s):
            return self._terminated(), [GaveUp()] if self.is_pending else []
        if self.backoff and is_due(self.backoff.due_s, now_s):
            again = msgspec.structs.replace(self, backoff=self.backoff.after(now_s))
            return again, [Transmit(self.request)]
        return self, []

    def fail(self) -> tuple[Self, list[Output]]:
        """The request could not be sent (RFC 3261 §17.1.4); one that was heard goes on."""
        if self.state is not ClientState.TRYING:
            return self, []
        return self._terminated(), [GaveUp(is_away=True)]

    def lose_connection(self) -> tuple[Self, list[Output]]:
        """What it was written to died, perhaps before it was read (RFC 3261 §17.1.4, §18.4).

        Often it had been idle for long and was being closed: the same goes to a new one, where its
        branch shows a peer that has read it what it is. A second loss is a failure.
        """
        if self.state is not ClientState.TRYING or self.is_anew:
            return self.fail()
        return msgspec.structs.replace(self, is_anew=True), [Transmit(self.request)]

    def _terminated(self) -> Self:
        return msgspec.structs.replace(
            self, state=ClientState.TERMINATED, backoff=None, timer_s=None
        )

    def _resting(self, state: ClientState, ends_at_s: float) -> Self:
        return msgspec.structs.replace(self, state=state, backoff=None, timer_s=ends_at_s)


class InviteClient(ClientTransaction, frozen=True, kw_only=True, tag="invite"):
    """An INVITE of ours (RFC 3261 §17.1.1 as corrected by RFC 6026 §7.2).

    `accepted` are the dialogs of its 2xxs: several where a proxy forked it. `reasons` are headers
    of its CANCEL.
    """

    accepted: tuple[AcceptedDialog, ...] = ()
    cancelling: Cancelling = Cancelling.NOT
    reasons: tuple[Header, ...] = ()

    @property
    def has_offer(self) -> bool:
        """Did it describe media, so that a 2xx brings the answer and its ACK is ours?"""
        return bool(self.stored_request().body)

    @classmethod
    def begin(
        cls, key: TransactionKey, flow: Flow, dialog: DialogId, request: bytes, now_s: float
    ) -> tuple[Self, list[Output]]:
        """Send it; timer A doubles without a ceiling until timer B."""
        backoff = None
        if not flow.is_reliable:
            backoff = Backoff(due_s=now_s + T1_S, longest_s=TIMEOUT_S)
        begun = cls(
            key=key,
            flow=flow,
            dialog=dialog,
            state=ClientState.TRYING,
            request=request,
            backoff=backoff,
            timer_s=now_s + TIMEOUT_S,
        )
        return begun, [Transmit(request)]

    def receive(self, response: Response, now_s: float) -> tuple[Self, list[Output]]:
        """Take a response; the ACK of a 2xx is its user's (`acknowledge_with`), others ours."""
        match self.state, response.status // 100:
            case ((ClientState.TRYING | ClientState.PROCEEDING), 1):
                return self._proceeding(now_s), [Deliver(response)]
            case ((ClientState.TRYING | ClientState.PROCEEDING), 2):
                accepted = self._resting(ClientState.ACCEPTED, now_s + TIMEOUT_S)
                return accepted._answered(response)
            case ((ClientState.TRYING | ClientState.PROCEEDING), _):
                return self._refused(response, now_s)
            case ClientState.ACCEPTED, 2:
                return self._answered(response)
            case ClientState.COMPLETED, (3 | 4 | 5 | 6):
                return self, [Transmit(self.ack)]
            case _:
                return self, []

    def _proceeding(self, now_s: float) -> Self:
        """Once it is cancelled, a provisional response prolongs nothing."""
        if self.cancelling is Cancelling.SENT:
            return self
        return self._resting(ClientState.PROCEEDING, now_s + RINGING_TIMEOUT_S)

    def _answered(self, response: Response) -> tuple[Self, list[Output]]:
        """A 2xx of another fork is delivered too; a repetition gets its own ACK again."""
        named = self.named(response)
        known = next((each for each in self.accepted if each.dialog == named), None)
        if known is not None:
            return self, known.repeat()
        if len(self.accepted) >= MAX_FORKS:
            return self, []
        accepted = (*self.accepted, AcceptedDialog(dialog=named))
        return msgspec.structs.replace(self, accepted=accepted), [Deliver(response)]

    def owes_ack(self, dialog: DialogId) -> bool:
        """Did a 2xx make or change this dialog, and has no ACK been sent yet?"""
        return any(each.dialog == dialog and not each.ack for each in self.accepted)

    def acknowledge_with(self, dialog: DialogId, ack: bytes, by: Flow) -> tuple[Self, list[Output]]:
        """Send the ACK of a 2xx and keep it for every repetition of that 2xx."""
        sent = AcceptedDialog(dialog=dialog, ack=ack, by=by)
        accepted = tuple(sent if each.dialog == dialog else each for each in self.accepted)
        return msgspec.structs.replace(self, accepted=accepted), [Transmit(ack, by)]

    def prolonged(self, now_s: float) -> Self:
        """A late ACK may be lost as well: repetitions get it for another while."""
        return msgspec.structs.replace(self, timer_s=now_s + TIMEOUT_S)

    def expire_timers(self, now_s: float) -> tuple[Self, list[Output]]:
        """As both kinds do; but what rings outside of a dialog is cancelled first (§16.8)."""
        rings = self.state is ClientState.PROCEEDING and self.reach is Reach.OUTSIDE
        if rings and self.cancelling is Cancelling.NOT and is_due(self.timer_s, now_s):
            return self, [RingTimeout()]
        return ClientTransaction.expire_timers(self, now_s)

    def cancelled(self, now_s: float) -> Self:
        """No longer wanted: the final response has 64*T1 after the CANCEL (RFC 3261 §9.1)."""
        if self.state is ClientState.TRYING:
            return msgspec.structs.replace(self, cancelling=Cancelling.WANTED)
        return msgspec.structs.replace(self, cancelling=Cancelling.SENT, timer_s=now_s + TIMEOUT_S)

    def _refused(self, response: Response, now_s: float) -> tuple[Self, list[Output]]:
        ack = ack_of_refusal(self.request, response)
        ended = msgspec.structs.replace(self, ack=ack)
        if self.flow.is_reliable:
            ended = ended._terminated()
        else:
            ended = ended._resting(ClientState.COMPLETED, now_s + TIMER_D_S)
        return ended, [Transmit(ack), Deliver(response)]


def ack_of_refusal(sent: bytes, response: Response) -> bytes:
    """The ACK within the INVITE's own transaction (RFC 3261 §17.1.1.3)."""
    return _beside(sent, b"ACK", (b"To", response.to_address.raw))


def cancel_of(invite: InviteClient) -> bytes:
    """The CANCEL of an INVITE: its Via with the branch, and its Route (RFC 3261 §9.1)."""
    to: Header = (b"To", invite.stored_request().to_address.raw)
    return _beside(invite.request, b"CANCEL", to, invite.reasons)


def _beside(sent: bytes, method: bytes, to: Header, more: tuple[Header, ...] = ()) -> bytes:
    request = split_message(sent)
    assert isinstance(request, Request)
    kept = {b"via": b"Via", b"from": b"From", b"call-id": b"Call-ID", b"route": b"Route"}
    headers = [(kept[line.name], line.value) for line in request.lines if line.name in kept]
    headers += [
        (b"Max-Forwards", b"70"),
        to,
        (b"CSeq", b"%d %s" % (request.cseq.number, method)),
        *more,
    ]
    return build_request(method, request.uri, headers)


class NonInviteClient(ClientTransaction, frozen=True, kw_only=True, tag="other"):
    """Any other request of ours (RFC 3261 §17.1.2)."""

    @classmethod
    def begin(
        cls, key: TransactionKey, flow: Flow, dialog: DialogId, request: bytes, now_s: float
    ) -> tuple[Self, list[Output]]:
        """Send it; timer E doubles up to T2 until timer F."""
        begun = cls(
            key=key,
            flow=flow,
            dialog=dialog,
            state=ClientState.TRYING,
            request=request,
            backoff=None if flow.is_reliable else Backoff(due_s=now_s + T1_S),
            timer_s=now_s + TIMEOUT_S,
        )
        return begun, [Transmit(request)]

    def receive(self, response: Response, now_s: float) -> tuple[Self, list[Output]]:
        """Take a response; only the first final one is delivered."""
        if not self.is_pending:
            return self, []
        if response.status < 200:  # noqa: PLR2004 - RFC 3261 §7.2: 1xx is provisional
            backoff = self.backoff and Backoff(due_s=now_s + T2_S, interval_s=T2_S)
            proceeding = msgspec.structs.replace(
                self, state=ClientState.PROCEEDING, backoff=backoff
            )
            return proceeding, [Deliver(response)]
        if self.flow.is_reliable:
            return self._terminated(), [Deliver(response)]
        return self._resting(ClientState.COMPLETED, now_s + T4_S), [Deliver(response)]
