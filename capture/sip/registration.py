"""One registration with a registrar, kept up (RFC 3261 §10): what is sent when, and what it brings.

A frozen value that round-trips through bytes; each step returns the next one and what to send with
`SipCore.ask`. Knows no transaction, and holds no password.
"""

from enum import Enum
from typing import Final, Self

import msgspec

from capture.sip.address import AnyContact, parse_address
from capture.sip.build import Header
from capture.sip.credentials import (
    CHALLENGED,
    Account,
    ChallengedRequest,
    answer_challenges,
    is_rejected,
)
from capture.sip.flow import Flow
from capture.sip.grammar import reads_as_number
from capture.sip.identity import DialogId
from capture.sip.limits import MAX_UINT32
from capture.sip.message import Response
from capture.sip.outgoing_call import OutgoingCall

USUAL_EXPIRES_S: Final = 3600  # RFC 3261 §10.2.1.1
# Room for a lost packet and a slow registrar before the binding is gone.
_SHARE: Final = 0.9
# A registrar that is away is tried again soon, one that stays away is not hammered.
FIRST_RETRY_S: Final = 30.0
LONGEST_RETRY_S: Final = 300.0
# Proxy and registrar may both ask, a nonce may have grown stale meanwhile, the time be too brief.
MAX_ROUNDS: Final = 5
_TOO_BRIEF: Final = 423


class RegistrationState(Enum):
    """What the registrar said last."""

    UNKNOWN = "unknown"
    REGISTERED = "registered"
    REFUSED = "refused"
    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a state, not a password
    SILENT = "silent"
    GONE = "gone"


class Wish(Enum):
    STAY = "stay"
    LEAVE = "leave"


class SentRegister(msgspec.Struct, frozen=True, kw_only=True):
    """The REGISTER that waits for its final response; `round` counts those that it followed up."""

    lifetime_s: int
    given: tuple[Header, ...] = ()
    round: int = 0


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One binding of `contact` (a name-addr) for `address` at `registrar` (a URI).

    `call_id` and `local_tag` stay the same for life, `cseq` rises (§10.2.4). `due_s` is when the
    next REGISTER goes out, None while one is under way and once all is over.
    """

    call_id: bytes
    local_tag: bytes
    flow: Flow
    registrar: bytes
    address: bytes
    contact: bytes
    expires_s: int = USUAL_EXPIRES_S
    cseq: int = 0
    state: RegistrationState = RegistrationState.UNKNOWN
    wish: Wish = Wish.STAY
    due_s: float | None = 0.0
    until_s: float | None = None
    retry_s: float = FIRST_RETRY_S
    sent: SentRegister | None = None

    @property
    def attempt(self) -> DialogId:
        """By this name its responses come (`DialogId.attempt`)."""
        return DialogId(call_id=self.call_id, local_tag=self.local_tag, remote_tag=b"")

    # -- steps ------------------------------------------------------------------------------------

    def expire(self, now_s: float, flow: Flow) -> tuple[Self, list[OutgoingCall]]:
        """The clock went on: send a REGISTER by `flow` if one is due."""
        if self.due_s is None or now_s < self.due_s:
            return self, []
        return msgspec.structs.replace(self, flow=flow)._send()

    def leave(self) -> tuple[Self, list[OutgoingCall]]:
        """Take the binding away (§10.2.2); behind a REGISTER that is under way (§10.2.4)."""
        leaving = msgspec.structs.replace(self, wish=Wish.LEAVE, due_s=None)
        return (leaving, []) if self.sent is not None else leaving._depart()

    def receive(
        self, response: Response, account: Account, cnonce: bytes, now_s: float
    ) -> tuple[Self, list[OutgoingCall]]:
        """Take a response; of one to an earlier REGISTER, or a provisional one, nothing comes."""
        is_final = response.status >= 200  # noqa: PLR2004 - RFC 3261 §7.2
        if self.sent is None or response.cseq.number != self.cseq or not is_final:
            return self, []
        if response.status in CHALLENGED:
            return self._challenged(response, account, cnonce, now_s)
        if response.status == _TOO_BRIEF:
            return self._lengthened(response, now_s)
        if response.status // 100 != 2:  # noqa: PLR2004 - RFC 3261 §7.2
            return self._failed(RegistrationState.REFUSED, now_s)
        return self._bound(response, now_s)

    def timed_out(self, now_s: float) -> tuple[Self, list[OutgoingCall]]:
        """Nobody answered."""
        return (self, []) if self.sent is None else self._failed(RegistrationState.SILENT, now_s)

    def elsewhere(self, flow: Flow) -> tuple[Self, list[OutgoingCall]]:
        """Who was asked is away: the same by another way (RFC 3263 §4.3), to who knows no nonce."""
        return msgspec.structs.replace(self, flow=flow)._send()

    # -- what comes of them -----------------------------------------------------------------------

    def _send(
        self, given: tuple[Header, ...] = (), round_: int = 0
    ) -> tuple[Self, list[OutgoingCall]]:
        lifetime_s = self.expires_s if self.wish is Wish.STAY else 0
        sent = SentRegister(lifetime_s=lifetime_s, given=given, round=round_)
        later = msgspec.structs.replace(self, cseq=self.cseq + 1, due_s=None, sent=sent)
        return later, [later._request(sent)]

    def _request(self, sent: SentRegister) -> OutgoingCall:
        lifetime: Header = (b"Expires", b"%d" % sent.lifetime_s)
        return OutgoingCall(
            call_id=self.call_id,
            local_tag=self.local_tag,
            flow=self.flow,
            uri=self.registrar,
            from_address=self.address,
            to_address=self.address,
            cseq=self.cseq,
            method=b"REGISTER",
            headers=((b"Contact", self.contact), lifetime, *sent.given),
        )

    def _depart(self) -> tuple[Self, list[OutgoingCall]]:
        """Only where there may be a binding."""
        return (self._gone(), []) if self.until_s is None else self._send()

    def _gone(self) -> Self:
        return msgspec.structs.replace(
            self, state=RegistrationState.GONE, due_s=None, until_s=None, sent=None
        )

    def _challenged(
        self, response: Response, account: Account, cnonce: bytes, now_s: float
    ) -> tuple[Self, list[OutgoingCall]]:
        assert self.sent is not None
        if is_rejected(response, self.sent.given):
            return self._failed(RegistrationState.WRONG_PASSWORD, now_s)
        asked = ChallengedRequest(method=b"REGISTER", uri=self.registrar)
        fresh = answer_challenges(response, asked, account, cnonce)
        if not fresh or self.sent.round >= MAX_ROUNDS:
            return self._failed(RegistrationState.REFUSED, now_s)
        # What a proxy on the way was told stays beside what the registrar asks for.
        named = {name for name, _ in fresh}
        kept = (each for each in self.sent.given if each[0] not in named)
        return self._send((*kept, *fresh), self.sent.round + 1)

    def _lengthened(self, response: Response, now_s: float) -> tuple[Self, list[OutgoingCall]]:
        """423: the registrar names the least (§10.2.8)."""
        assert self.sent is not None
        least_s = reads_as_number(response.value(b"min-expires") or b"", MAX_UINT32) or 0
        if least_s <= self.expires_s or self.sent.round >= MAX_ROUNDS:
            return self._failed(RegistrationState.REFUSED, now_s)
        longer = msgspec.structs.replace(self, expires_s=least_s)
        return longer._send(round_=self.sent.round + 1)

    def _failed(self, state: RegistrationState, now_s: float) -> tuple[Self, list[OutgoingCall]]:
        """Again later, each time later; a farewell is said once."""
        assert self.sent is not None
        settled = msgspec.structs.replace(self, state=state, sent=None)
        if self.wish is Wish.LEAVE:
            return settled._depart() if self.sent.lifetime_s else (settled._gone(), [])
        later = msgspec.structs.replace(
            settled,
            due_s=now_s + self.retry_s,
            retry_s=min(2 * self.retry_s, LONGEST_RETRY_S),
        )
        return later, []

    def _bound(self, response: Response, now_s: float) -> tuple[Self, list[OutgoingCall]]:
        assert self.sent is not None
        if not self.sent.lifetime_s:
            return self._gone(), []
        granted_s = self._granted_s(response, self.sent)
        if not granted_s:
            return self._failed(RegistrationState.REFUSED, now_s)
        bound = msgspec.structs.replace(
            self,
            state=RegistrationState.REGISTERED,
            due_s=now_s + _SHARE * granted_s,
            until_s=now_s + granted_s,
            retry_s=FIRST_RETRY_S,
            sent=None,
        )
        return (bound, []) if self.wish is Wish.STAY else bound._depart()

    def _granted_s(self, response: Response, sent: SentRegister) -> int:
        """`expires` of our Contact, else Expires, else what we asked for (§10.2.4)."""
        own, contacts = parse_address(self.contact).uri, response.contacts
        listed = () if isinstance(contacts, AnyContact) else contacts
        ours = [each for each in listed if each.uri == own] or listed
        said = ours[0].param(b"expires") if len(ours) == 1 else None
        granted = (reads_as_number(said or b"", MAX_UINT32), response.expires_s, sent.lifetime_s)
        return next(each for each in granted if each is not None)
