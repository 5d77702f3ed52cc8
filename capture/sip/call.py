"""All SIP state of one Call-ID: its dialogs and transactions, as one value that is bytes when kept.

Knows how to find, replace and forget its members; the rules of SIP are elsewhere.
"""

from typing import Final

import msgspec

from capture.sip.build import Answer, Header
from capture.sip.client_transaction import InviteClient, NonInviteClient, Reach
from capture.sip.dialog import Dialog, DialogState
from capture.sip.flow import Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from capture.sip.provisional import AwaitedPrack, HeldAnswer
from capture.sip.server_transaction import InviteServer, NonInviteServer
from capture.sip.transaction import Backoff, earliest


class AwaitedAck(msgspec.Struct, frozen=True, kw_only=True):
    """A 2xx of ours that is repeated until its ACK comes (RFC 3261 §13.3.1.4).

    `is_first`: to the INVITE that made the dialog.
    """

    dialog: DialogId
    cseq: int
    flow: Flow
    response: bytes
    backoff: Backoff
    gives_up_s: float
    is_first: bool = False

    @property
    def next_deadline_s(self) -> float:
        return min(self.backoff.due_s, self.gives_up_s)


class OutgoingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request for us to send in a dialog: BYE, OPTIONS, INVITE, UPDATE, INFO, REFER and such.

    An INVITE without a body is acknowledged by who sends it. `headers` hold Content-Type where
    there is a body; the dialog adds its own headers.
    """

    method: bytes
    headers: tuple[Header, ...] = ()
    body: bytes = b""


class WaitingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A BYE that must wait for the ACK of our 2xx (RFC 3261 §15)."""

    dialog: DialogId
    request: OutgoingRequest


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """The peer of a dialog hears how its REFER goes (RFC 3515), not for longer than `until_s`.

    `left` is the dialog once the INVITE's usage of it is over (RFC 5057 §4.1).
    """

    dialog: DialogId
    until_s: float
    left: Dialog | None = None


class CallSignalling(msgspec.Struct, frozen=True, kw_only=True):
    """One Call-ID's signalling; small, and complete: the process may go and another come."""

    call_id: bytes
    dialogs: tuple[Dialog, ...] = ()
    servers: tuple[InviteServer | NonInviteServer, ...] = ()
    clients: tuple[InviteClient | NonInviteClient, ...] = ()
    awaited_acks: tuple[AwaitedAck, ...] = ()
    waiting: tuple[WaitingRequest, ...] = ()
    awaited_pracks: tuple[AwaitedPrack, ...] = ()
    held_answers: tuple[HeldAnswer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()

    @property
    def is_over(self) -> bool:
        """Is nothing left to remember?"""
        left = any(each.left is not None for each in self.subscriptions)
        return not (self.dialogs or self.servers or self.clients or self.awaited_acks or left)

    @property
    def next_deadline_s(self) -> float | None:
        """The earliest timer of all members."""
        members = (*self.servers, *self.clients, *self.awaited_acks, *self.awaited_pracks)
        refreshes = (dialog.timer.next_deadline_s for dialog in self.dialogs if dialog.timer)
        subscribed = (each.until_s for each in self.subscriptions)
        return earliest(*(member.next_deadline_s for member in members), *refreshes, *subscribed)

    def server(self, key: TransactionKey) -> InviteServer | NonInviteServer | None:
        """The server transaction of `key`."""
        return next((server for server in self.servers if server.key == key), None)

    def client(self, key: TransactionKey) -> InviteClient | NonInviteClient | None:
        """The client transaction of `key`."""
        return next((client for client in self.clients if client.key == key), None)

    def dialog(self, dialog_id: DialogId) -> Dialog | None:
        """The dialog of `dialog_id`."""
        return next((dialog for dialog in self.dialogs if dialog.id == dialog_id), None)

    def awaited_ack(self, dialog_id: DialogId) -> AwaitedAck | None:
        """The oldest 2xx of the dialog that still waits for its ACK."""
        return next((waits for waits in self.awaited_acks if waits.dialog == dialog_id), None)

    @property
    def hosts(self) -> list[str]:
        return [host for dialog in self.dialogs for host in dialog.owner.hosts]

    @property
    def unheard(self) -> dict[DialogId, AwaitedAck]:
        """The calls that wait for their first ACK, by dialog; not those that we have ended."""
        if not self.awaited_acks:
            return {}
        ended = {held.dialog for held in self.waiting}
        first = (waits for waits in self.awaited_acks if waits.is_first)
        return {waits.dialog: waits for waits in first if waits.dialog not in ended}

    def unacknowledged(self, invite: TransactionKey) -> AwaitedPrack | None:
        """The provisional response to this INVITE that still waits for its PRACK."""
        return next(
            (each for each in self.awaited_pracks if each.invite == invite and each.backoff), None
        )

    def unanswered_invites(self, dialog_id: DialogId) -> list[InviteServer]:
        """INVITEs in or for this dialog that have no final response."""
        return [
            server
            for server in self.servers
            if isinstance(server, InviteServer)
            and server.local_tag == dialog_id.local_tag
            and server.is_unanswered
            and server.stored_request().from_address.tag == dialog_id.remote_tag
        ]

    def has_invite_of_ours(self, dialog_id: DialogId) -> bool:
        """Does an INVITE of ours in this dialog wait for its final response?"""
        return self.pending_invite(dialog_id) is not None

    def has_attempt(self, dialog_id: DialogId) -> bool:
        """Does the INVITE of ours that made this dialog wait for its final response?"""
        attempt = self.pending_invite(dialog_id.attempt)
        return attempt is not None and attempt.reach is Reach.OUTSIDE

    def pending_invite(self, dialog_id: DialogId) -> InviteClient | None:
        """The INVITE of ours in this dialog, or of this attempt, without a final response."""
        invites = (client for client in self.clients if isinstance(client, InviteClient))
        return next(
            (each for each in invites if each.dialog == dialog_id and each.is_pending), None
        )

    @property
    def is_crowded(self) -> bool:
        """Are so many requests of ours under way that nothing is begun for the peer's sake?"""
        return len(self.clients) >= MAX_TRANSACTIONS_A_CALL

    def early_dialogs(self, attempt: DialogId) -> list[Dialog]:
        """The dialogs that an INVITE of ours has made, and no 2xx confirmed."""
        return [
            dialog
            for dialog in self.dialogs
            if dialog.state is DialogState.EARLY and dialog.id.attempt == attempt
        ]

    def without_early(self, attempt: DialogId) -> "CallSignalling":
        """The call once no 2xx can come any more."""
        call = self
        for dialog in self.early_dialogs(attempt):
            call = call.without_dialog(dialog.id)
        return call

    def with_server(self, server: InviteServer | NonInviteServer) -> "CallSignalling":
        """The call with this transaction in place of its former self, or without it once over."""
        others = tuple(other for other in self.servers if other.key != server.key)
        kept = others if server.is_over else (*others, server)
        return msgspec.structs.replace(self, servers=kept)

    def with_client(self, client: InviteClient | NonInviteClient) -> "CallSignalling":
        """The call with this transaction in place of its former self, or without it once over."""
        others = tuple(other for other in self.clients if other.key != client.key)
        kept = others if client.is_over else (*others, client)
        return msgspec.structs.replace(self, clients=kept)

    def with_dialog(self, dialog: Dialog) -> "CallSignalling":
        """The call with this dialog in place of its former self."""
        others = tuple(other for other in self.dialogs if other.id != dialog.id)
        return msgspec.structs.replace(self, dialogs=(*others, dialog))

    def without_dialog(self, dialog_id: DialogId) -> "CallSignalling":
        """The call without this dialog, the ACKs it awaits and the requests that wait in it.

        Who is subscribed in it may be told by NOTIFY all the same.
        """
        return msgspec.structs.replace(
            self,
            subscriptions=self._subscriptions_without(dialog_id),
            dialogs=tuple(dialog for dialog in self.dialogs if dialog.id != dialog_id),
            awaited_acks=tuple(waits for waits in self.awaited_acks if waits.dialog != dialog_id),
            waiting=tuple(held for held in self.waiting if held.dialog != dialog_id),
            awaited_pracks=tuple(each for each in self.awaited_pracks if each.dialog != dialog_id),
        )

    def _subscriptions_without(self, dialog_id: DialogId) -> tuple[Subscription, ...]:
        dialog = self.dialog(dialog_id)
        return tuple(
            msgspec.structs.replace(each, left=dialog)
            if each.dialog == dialog_id and dialog is not None
            else each
            for each in self.subscriptions
        )

    def subscription(self, dialog_id: DialogId) -> Subscription | None:
        return next((each for each in self.subscriptions if each.dialog == dialog_id), None)

    def with_subscription(self, subscription: Subscription) -> "CallSignalling":
        """The call with this one in place of its former self."""
        call = self.without_subscription(subscription.dialog)
        return msgspec.structs.replace(call, subscriptions=(*call.subscriptions, subscription))

    def without_subscription(self, dialog_id: DialogId) -> "CallSignalling":
        """The call once the peer of this dialog is to be told no more."""
        kept = tuple(each for each in self.subscriptions if each.dialog != dialog_id)
        return msgspec.structs.replace(self, subscriptions=kept)

    def with_awaited_ack(self, waits: AwaitedAck) -> "CallSignalling":
        """The call with this 2xx in place of its former self, or beside the others."""
        others = self._other_acks(waits)
        return msgspec.structs.replace(self, awaited_acks=(*others, waits))

    def without_awaited_ack(self, waits: AwaitedAck) -> "CallSignalling":
        """The call once this 2xx has its ACK, or is given up."""
        return msgspec.structs.replace(self, awaited_acks=self._other_acks(waits))

    def with_awaited_prack(
        self, former: AwaitedPrack | None, later: AwaitedPrack | None
    ) -> "CallSignalling":
        """The call with `later` in place of `former`; None is none."""
        others = tuple(each for each in self.awaited_pracks if each is not former)
        kept = others if later is None else (*others, later)
        return msgspec.structs.replace(self, awaited_pracks=kept)

    def held_answer(self, invite: TransactionKey) -> HeldAnswer | None:
        """What waits to answer this INVITE; one at most."""
        return next((held for held in self.held_answers if held.key == invite), None)

    def with_held_answer(self, invite: TransactionKey, answer: Answer) -> "CallSignalling":
        """The call with this to be said to an INVITE, once nothing waits for its PRACK."""
        held = self.held_answer(invite)
        later = HeldAnswer(key=invite, answer=answer) if held is None else held.followed_by(answer)
        call = self.without_held_answer(invite)
        return msgspec.structs.replace(call, held_answers=(*call.held_answers, later))

    def without_held_answer(self, invite: TransactionKey) -> "CallSignalling":
        """The call once nothing waits to answer this INVITE."""
        left = tuple(held for held in self.held_answers if held.key != invite)
        return msgspec.structs.replace(self, held_answers=left)

    def without_provisionals(self, invite: TransactionKey) -> "CallSignalling":
        """The call once this INVITE is refused: nothing of it waits any more."""
        pracks = tuple(each for each in self.awaited_pracks if each.invite != invite)
        call = self.without_held_answer(invite)
        return msgspec.structs.replace(call, awaited_pracks=pracks)

    def _other_acks(self, waits: AwaitedAck) -> tuple[AwaitedAck, ...]:
        return tuple(
            other
            for other in self.awaited_acks
            if (other.dialog, other.cseq) != (waits.dialog, waits.cseq)
        )


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(CallSignalling)


def encode_call(call: CallSignalling) -> bytes:
    """The call as bytes; `decode_call` gives back an equal value."""
    return _ENCODER.encode(call)


def decode_call(kept: bytes) -> CallSignalling:
    """The call from bytes of `encode_call`; raises `msgspec.DecodeError` on anything else."""
    return _DECODER.decode(kept)
