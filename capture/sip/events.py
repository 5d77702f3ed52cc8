"""What the SIP layer tells the layer above and the shell: events in the past tense, one command.

Frozen values whose `repr` shows no part of a message. Knows nothing of who reacts.
"""

from dataclasses import dataclass, field

from capture.errors import CaptureError
from capture.sip.flow import Flow
from capture.sip.identity import DialogId, TransactionKey
from capture.sip.message import Request, Response
from capture.sip.owner import DialogAccess


@dataclass(frozen=True, slots=True, kw_only=True)
class SendMessage:
    """Write `data` to `flow` (see `Flow` for a connection that is gone)."""

    flow: Flow = field(repr=False)
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteReceived:
    """Somebody calls. Answer `key`; a 1xx above 100 or a 2xx makes `dialog`. Body may be empty."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request
    flow: Flow = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinviteReceived:
    """The peer changes its session; answer `key`. The remote target is already refreshed."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReceived:
    """The peer sent an UPDATE (RFC 3311); answer `key`."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class PrackReceived:
    """The PRACK of a 1xx came with a body (RFC 3262 §5): answer `key`."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class PrackMissing:
    """No PRACK of a reliable 1xx within 32 s: the INVITE is refused with 504 (RFC 3262 §3)."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AckReceived:
    """The first ACK of our 2xx came; after an offerless INVITE its body is the answer."""

    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class AckMissing:
    """No ACK of our 2xx within 32 s (RFC 3261 §13.3.1.4); the dialog is kept until told.

    `is_first`: of the INVITE that made the dialog.
    """

    dialog: DialogId = field(repr=False)
    is_first: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ByeReceived:
    """The peer hung up. The 200 is already sent and the dialog gone."""

    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReceived:
    """The peer gave up waiting for `key`. The 200 and the 487 are already sent.

    `request` is the CANCEL, which may say why (RFC 3326).
    """

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionsReceived:
    """Somebody asks what we can do; answer `key`. `dialog` is None outside of one."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId | None = field(repr=False)
    request: Request
    flow: Flow = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestReceived:
    """A REFER, NOTIFY, INFO or MESSAGE came in `dialog`; answer `key`."""

    key: TransactionKey = field(repr=False)
    dialog: DialogId = field(repr=False)
    request: Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseReceived:
    """A response to a request of ours, its PRACK and the ACK of an INVITE with offer being sent.

    `dialog` is the one that it was sent in; outside of dialogs the attempt with the To-tag of the
    response, which a 1xx above 100 and a 2xx to an INVITE make a dialog. `cseq` is the request's.
    """

    dialog: DialogId = field(repr=False)
    method: bytes
    response: Response
    cseq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SentAgain:
    """A request of ours in `dialog` was challenged, and has gone out with credentials as `cseq`."""

    dialog: DialogId = field(repr=False)
    method: bytes
    cseq: int
    instead_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TransactionTimedOut:
    """Nobody answered our request in `dialog` or as this attempt (RFC 3261 §12.2.1.2: as a 408).

    Also for an INVITE that nobody ended after its CANCEL (§9.1), and at once where the peer
    `is_away`: no connection to it came about, or it did not prove who it is (§8.1.3.1: as a 503).
    `cseq` is the request's.
    """

    dialog: DialogId = field(repr=False)
    method: bytes
    cseq: int
    is_away: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshDue:
    """It is ours to refresh the session (RFC 4028 §10): by UPDATE where the peer takes it.

    Comes again after a quarter of the interval, until a 2xx.
    """

    dialog: DialogId = field(repr=False)
    by_update: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshMissed:
    """The peer has promised to refresh the session, and it is about to expire (RFC 4028 §10).

    Comes again after a quarter of the interval, until somebody refreshes it.
    """

    dialog: DialogId = field(repr=False)
    by_update: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused:
    """A request was answered with `status` without asking the layer above.

    `is_crowded`: its source has too many calls of which nothing is heard.
    """

    flow: Flow = field(repr=False)
    request: Request
    status: int
    is_crowded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MalformedReceived:
    """What came was not SIP, or broke it; `answered_with` is 0 where nobody could be answered.

    `header` is the one that cannot be read, "" where it is not known; `request` is what was
    answered, as far as it can be read.
    """

    flow: Flow = field(repr=False)
    clause: str
    detail: str
    answered_with: int
    header: str = ""
    request: Request | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsiderHeard:
    """Somebody sent a request in `dialog` whose it is not; `access` is his there.

    A stranger's is answered 481, and so is a guest's where the owner is strict (`is_refused`); of
    another guest's no media and no key counts, and what else it says comes as the next event.
    """

    dialog: DialogId = field(repr=False)
    request: Request
    flow: Flow = field(repr=False)
    access: DialogAccess
    is_refused: bool


Event = (
    InviteReceived
    | ReinviteReceived
    | UpdateReceived
    | PrackReceived
    | PrackMissing
    | AckReceived
    | AckMissing
    | ByeReceived
    | CancelReceived
    | OptionsReceived
    | RequestReceived
    | ResponseReceived
    | SentAgain
    | TransactionTimedOut
    | RefreshDue
    | RefreshMissed
    | RequestRefused
    | MalformedReceived
    | OutsiderHeard
)
Output = SendMessage | Event


class AnsweredAlready(CaptureError):
    """The transaction has its final response (the peer cancelled, hung up, or we answered)."""


class NoSuchDialog(CaptureError):
    """The dialog has ended or was never there."""


class RequestPending(CaptureError):
    """An INVITE is under way in this dialog; another may not be sent now (RFC 3261 §14.1)."""


class TooManyPending(RequestPending):
    """So many requests of ours are under way in this call that no other may be sent now."""
