"""Inline calls with what SIP needs of them, by key and by dialog, and which of them changed.

A store of values. Knows nothing of what they mean.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from archive.call.events import EndReason
from capture.inline.messages.body_parts import Enclosure
from capture.inline.state.call import InlineCall
from capture.inline.state.call_dialogs import CallDialogs, Name, name_of
from capture.inline.state.ends import End
from capture.inline.state.notice_reports import NOTHING_HEARD, NoticeReports
from capture.inline.state.prompt_stock import PromptStock
from capture.inline.state.stages import UNANSWERED
from capture.links.relay_messages import Side
from capture.sip.build import Header
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.parser import split_message

Headers = tuple[Header, ...]
Who = tuple[str, str]
"""An address and a display name, "" where nobody has said it."""
NOBODY: Who = ("", "")


class ArrivingParty(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to take a place: who he is, the source of his own INVITE, the URI of his dialog."""

    who: Who = NOBODY
    source: str = ""
    uri: bytes = b""


NO_ONE: Final = ArrivingParty()


class ForwardedRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request that went on to the other side: `key` waits for the answer to ours.

    `number` is its CSeq, `sent` that of ours in `dialog`; of a REFER the other side's NOTIFYs go to
    `back`. `since_us` is when it went.
    """

    key: TransactionKey
    number: int
    back: DialogId
    dialog: DialogId
    sent: int
    is_answered: bool = False
    method: bytes = b"REFER"
    since_us: int = 0


class RefreshRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request of ours that changes nothing, by its CSeq, and when it went."""

    cseq: int
    at_us: int


# A refresh and a name may be under way at once, each sent again behind a challenge.
MAX_REFRESHES: Final = 4


class UnfinishedCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call or a recording that is over but for the relay's word.

    `reason` is why it ended, `since_us` when; `ends` heard a notice until then: how far that came
    is the relay's to say. `has_let_go`: it has said all, before who was called did.
    """

    reason: EndReason
    ends: tuple[End, ...]
    since_us: int
    has_let_go: bool = False


class IdentityHeaders(msgspec.Struct, frozen=True, kw_only=True):
    said: tuple[Headers, Headers] = ((), ())  # by each, last
    answered_as: Headers = ()  # by the callee's answer
    owed: tuple[Headers, Headers] = ((), ())  # what each is to be told of the other

    def names(self, side: Side, headers: Headers) -> "IdentityHeaders":
        """This side says another name, which the other one is to hear."""
        said, owed = list(self.said), list(self.owed)
        said[side], owed[1 - side] = headers, headers
        return msgspec.structs.replace(self, said=(said[0], said[1]), owed=(owed[0], owed[1]))

    def paid(self, side: Side) -> "IdentityHeaders":
        """With nothing left that this side is to be told."""
        owed = list(self.owed)
        owed[side] = ()
        return msgspec.structs.replace(self, owed=(owed[0], owed[1]))


class SideHistory(msgspec.Struct, frozen=True, kw_only=True):
    """How each side came: by the INVITE of a source, "" where we have called it."""

    sources: tuple[str, str] = ("", "")
    began_as: tuple[bytes, bytes] = (b"", b"")  # the URIs that dialogs of `moved` began with
    moved: tuple[Side, ...] = ()  # have another party than at first

    def changed(self, side: Side, source: str, uri: bytes) -> "SideHistory":
        """Another party is on this side."""
        sources, began = list(self.sources), list(self.began_as)
        sources[side], began[side] = source, uri
        return SideHistory(
            sources=(sources[0], sources[1]),
            began_as=(began[0], began[1]),
            moved=tuple(dict.fromkeys((*self.moved, side))),
        )


class PressedKeys(msgspec.Struct, frozen=True, kw_only=True):
    """The last keys that the agent has pressed, and when the latest was."""

    digits: str = ""
    at_us: int = 0


class AgentsTold(msgspec.Struct, frozen=True, kw_only=True):
    """Ids of agents that a call says: `id` in a header of the INVITE, `answers_as` in a Contact.

    What is said of the callee is said of who has answered: `of_callee`, "" before that. `stale` are
    display names of others that a PBX keeps beside whom it has put in their places.
    """

    id: bytes = b""
    answers_as: bytes = b""
    of_callee: str = ""
    stale: tuple[Who, Who] = (NOBODY, NOBODY)

    def kept(self, side: Side, former: Who) -> "AgentsTold":
        """With this one's name as one that is of nobody else on this side."""
        stale = list(self.stale)
        stale[side] = former
        return msgspec.structs.replace(self, stale=(stale[0], stale[1]))


class BridgedCall(msgspec.Struct, frozen=True, kw_only=True):
    """An inline call and its SIP: who sent it, what his INVITE said, how the callee is called.

    `request` is the caller's INVITE without its body, `enclosures` what that held beside SDP.
    `attempt` is our last INVITE, `told` what of the callee's last response the caller may hear.
    `calls_as` and `answered_by` are who they say they are by now. `fate` is the status that the
    caller was refused with, 0 before, `has_talked`: both have heard each other. `cut` is there
    while a call that is over waits for its relay to let go, `withdrawn` while a recording that was
    refused waits for the evidence of its notice. `is_begun`: the recording knows since when it has
    what is said. `refreshes` are our last requests to each side that change nothing. `successor` is
    our INVITE to who is to take a place, `arriving` who that is.

    Of notices: `prompts` are what they say and where that lies, whatever a reload makes of it;
    `reports` are what is known of each side's until the recording is told, `heard_since_us` since
    when it hears what it hears, its notice being as it is.
    """

    call: InlineCall
    source: str
    request: bytes
    caller: Name
    prompts: PromptStock = PromptStock()
    attempt: OutgoingCall | None = None
    agents: AgentsTold = AgentsTold()
    told: tuple[Header, ...] = ()
    calls_as: Who = NOBODY
    answered_by: Who = NOBODY
    fate: int = 0
    has_talked: bool = False
    pressed: PressedKeys = PressedKeys()
    successor: OutgoingCall | None = None
    arriving: ArrivingParty = NO_ONE
    dialogs: CallDialogs = CallDialogs()
    sides: SideHistory = SideHistory()
    forwarded: tuple[ForwardedRequest, ...] = ()
    cut: UnfinishedCall | None = None
    withdrawn: UnfinishedCall | None = None
    is_begun: bool = False
    heard_since_us: tuple[int, int] = (0, 0)
    reports: tuple[NoticeReports, NoticeReports] = (NOTHING_HEARD, NOTHING_HEARD)
    enclosures: tuple[Enclosure, ...] = ()
    identity: IdentityHeaders = IdentityHeaders()
    refreshes: tuple[tuple[RefreshRequest, ...], tuple[RefreshRequest, ...]] = ((), ())

    @property
    def key(self) -> bytes:
        return self.call.key

    @property
    def invite(self) -> Request:
        request = split_message(self.request)
        assert isinstance(request, Request)
        return request

    @property
    def names(self) -> Iterator[tuple[Name, Side]]:
        """By which dialogs the call is known, and on which side."""
        return (each for each in self._all_names if each[0] not in self.dialogs.lent)

    @property
    def _all_names(self) -> Iterator[tuple[Name, Side]]:
        yield self.caller, Side.CALLER
        if self.called is not None:
            yield self.called, Side.CALLEE
        for name in self.dialogs.left:
            yield name, Side.CALLEE
        yield from self.dialogs.seats

    @property
    def called(self) -> Name | None:
        """By which our last INVITE to the callee is known."""
        attempt = self.attempt
        return None if attempt is None else (attempt.call_id, attempt.local_tag)

    @property
    def rings(self) -> bool:
        """Does who calls still wait for an answer?"""
        return self.call.caller_stage in UNANSWERED

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where we have called: who is there may speak to us as long as the call is up."""
        called = (self.attempt, self.successor)
        hosts = (each.flow.remote.host for each in called if each is not None)
        return (*hosts, *self.dialogs.hosts)

    def is_stale(self, dialog: DialogId) -> bool:
        """Is it a dialog or an attempt that counts no more?"""
        name = name_of(dialog)
        return name in self.dialogs.gone or name in self.dialogs.left

    def is_seated(self, dialog: DialogId) -> bool:
        """Does one of the two parties speak in it, or in a fork of the same attempt?"""
        mine = (self.call.caller.dialog, self.call.callee.dialog)
        seated = {(each.call_id, each.local_tag) for each in mine if each is not None}
        return (dialog.call_id, dialog.local_tag) in seated

    def is_arriving(self, dialog: DialogId) -> bool:
        """Is it of who is to take a place, and has not got it yet?"""
        transfer, successor = self.call.transfer, self.successor
        if transfer is None or self.is_seated(dialog):
            return False
        if transfer.borrowed is not None:
            return dialog == transfer.borrowed.dialog
        if transfer.dialog is not None:
            return dialog == transfer.dialog
        name = (dialog.call_id, dialog.local_tag)
        return successor is not None and name == (successor.call_id, successor.local_tag)

    def paid(self, side: Side) -> "BridgedCall":
        """With nothing left that this side is to be told of the other."""
        return msgspec.structs.replace(self, identity=self.identity.paid(side))

    def with_dialogs(self, dialogs: CallDialogs) -> "BridgedCall":
        """With what became of its dialogs by now."""
        return msgspec.structs.replace(self, dialogs=dialogs)

    def refresh(self, side: Side, cseq: int) -> RefreshRequest | None:
        """Our request to this side of that number, where it changes nothing."""
        return next((each for each in self.refreshes[side] if each.cseq == cseq), None)

    def with_refresh(self, side: Side, refresh: RefreshRequest) -> "BridgedCall":
        """With one more; the oldest goes."""
        refreshes = list(self.refreshes)
        refreshes[side] = (*refreshes[side], refresh)[-MAX_REFRESHES:]
        return msgspec.structs.replace(self, refreshes=(refreshes[0], refreshes[1]))

    def with_who(self, side: Side, who: Who) -> "BridgedCall":
        """With another party there, or another name for it."""
        if side is Side.CALLER:
            return msgspec.structs.replace(self, calls_as=who)
        return msgspec.structs.replace(self, answered_by=who)


class BridgedCalls:
    """Calls from their INVITE until both sides are gone; `ringing` are unanswered, by source."""

    def __init__(self) -> None:
        self.ringing: Final[Counter[str]] = Counter()
        self._calls: dict[bytes, BridgedCall] = {}
        self._names: dict[Name, tuple[bytes, Side]] = {}
        self._hosts: Counter[str] = Counter()
        self._changed: set[bytes] = set()

    def has_host(self, host: str) -> bool:
        return self._hosts[host] > 0

    def __len__(self) -> int:
        return len(self._calls)

    def __iter__(self) -> Iterator[BridgedCall]:
        return iter(list(self._calls.values()))

    def get(self, key: bytes) -> BridgedCall | None:
        return self._calls.get(key)

    def of_dialog(self, dialog: DialogId | None) -> tuple[BridgedCall, Side] | None:
        found = self._names.get((dialog.call_id, dialog.local_tag)) if dialog else None
        return None if found is None else (self._calls[found[0]], found[1])

    def keep(self, bridged: BridgedCall) -> None:
        """Put the next value of a call in the place of the last."""
        before = self._calls.get(bridged.key)
        if before == bridged:
            return
        if before is not None:
            self._forget(before)
        self._calls[bridged.key] = bridged
        self._names.update({name: (bridged.key, side) for name, side in bridged.names})
        self._hosts.update(bridged.hosts)
        self.ringing[bridged.source] += bridged.rings
        self._changed.add(bridged.key)

    def drop(self, key: bytes) -> None:
        bridged = self._calls.pop(key, None)
        if bridged is not None:
            self._forget(bridged)
            self._changed.add(key)

    def _forget(self, bridged: BridgedCall) -> None:
        for name, _ in bridged.names:
            if self._names.get(name, (b"",))[0] == bridged.key:
                self._names.pop(name)
        self._hosts.subtract(bridged.hosts)
        self._hosts += Counter()
        self.ringing[bridged.source] -= bridged.rings

    def take_changed(self) -> dict[bytes, bytes | None]:
        """What changed since the last call: key → state, None = gone."""
        changed = {
            key: msgspec.msgpack.encode(self._calls[key]) if key in self._calls else None
            for key in self._changed
        }
        self._changed.clear()
        return changed

    def restore(self, values: Iterable[bytes]) -> list[BridgedCall]:
        """Take over the calls of a predecessor; raises `msgspec.MsgspecError`."""
        calls = [msgspec.msgpack.decode(value, type=BridgedCall) for value in values]
        for bridged in calls:
            self.keep(bridged)
        self._changed.clear()
        return calls
