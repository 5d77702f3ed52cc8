"""An INVITE of ours, sent anew: with credentials, or for a longer session interval.

Rules over one refusal (RFC 3261 §22.3, RFC 4028 §7.3). Knows nothing of what becomes of the call.
"""

from typing import Final

import msgspec

from capture.inline.dialogs.event_translation import is_of_attempt, is_of_successor
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.inline.transfer_target import account_at
from capture.links.relay_messages import Side
from capture.recording.outputs import Complain, Now, Output
from capture.sip.build import Header
from capture.sip.credentials import CHALLENGED, ChallengedRequest, answer_challenges, is_rejected
from capture.sip.events import ResponseReceived
from capture.sip.grammar import reads_as_number
from capture.sip.limits import MAX_UINT32
from capture.sip.message import Response
from capture.sip.outgoing_call import OutgoingCall

# A proxy's challenge, the server's, a stale nonce each, and an interval: more is a loop.
MAX_TRIES: Final = 5
_TOO_SMALL: Final = 422
# Refusals that ask for the same once more.
SENT_ANEW: Final = frozenset({*CHALLENGED, _TOO_SMALL})
_CREDENTIALS: Final = frozenset({b"authorization", b"proxy-authorization"})
_INTERVAL: Final = frozenset({b"session-expires", b"min-se"})
# An interval of more than a day is no answer to anything.
MAX_INTERVAL_S: Final = 86_400


def called_again(
    exchange: Exchange, bridged: BridgedCall, event: ResponseReceived, now: Now
) -> list[Output] | None:
    """The call's INVITE, to the callee or to who is to take a place, as its refusal asks for it.

    None where the refusal is final, or not of one that still counts.
    """
    call, tried = bridged.call, None
    if bridged.attempt is not None and is_of_attempt(bridged, event) and not call.is_given_up:
        tried = tried_again(exchange, bridged.attempt, call.callee.peer, event.response)
        bridged = msgspec.structs.replace(bridged, attempt=tried or bridged.attempt)
    elif is_of_successor(bridged, event) and call.transfer is not None and call.transfer.aim:
        assert bridged.successor is not None
        tried = tried_again(exchange, bridged.successor, call.transfer.aim.name, event.response)
        bridged = msgspec.structs.replace(bridged, successor=tried or bridged.successor)
    if tried is None:
        return None
    exchange.calls.keep(bridged)
    return exchange.node.sent(exchange.node.sip.call(tried, now.s), now)


def unproved(
    exchange: Exchange, bridged: BridgedCall, side: Side, event: ResponseReceived
) -> list[Output]:
    """A challenge that stays: whose it is, said once (the operator's password is the one asked)."""
    if event.response.status not in CHALLENGED:
        return []
    name = _asking(exchange, bridged, side, event)
    if not name or name in exchange.notes.unproved:
        return []
    exchange.notes.unproved.add(name)
    return [Complain(name)]


def _asking(exchange: Exchange, bridged: BridgedCall, side: Side, event: ResponseReceived) -> str:
    transfer = bridged.call.transfer
    if is_of_attempt(bridged, event):
        return bridged.call.callee.peer
    if is_of_successor(bridged, event) and transfer is not None and transfer.aim is not None:
        return transfer.aim.name
    return account_at(exchange, bridged, side)


def tried_again(
    exchange: Exchange, attempt: OutgoingCall, target: str, response: Response
) -> OutgoingCall | None:
    """The INVITE to a target that this refusal of one asks for; None where it is final."""
    if attempt.cseq > MAX_TRIES:
        return None
    if response.status in CHALLENGED:
        headers = _with_credentials(exchange, attempt, target, response)
    elif response.status == _TOO_SMALL:
        headers = _with_interval(attempt, response)
    else:
        return None
    if headers is None:
        return None
    return msgspec.structs.replace(attempt, cseq=attempt.cseq + 1, headers=headers)


def credentials(
    exchange: Exchange,
    target: str,
    asked: ChallengedRequest,
    response: Response,
    given: tuple[Header, ...] = (),
) -> tuple[Header, ...]:
    """What answers a target's challenge; () where nothing does, or the password is wrong."""
    account = exchange.target(target).account
    if account is None or is_rejected(response, given):
        return ()
    return answer_challenges(response, asked, account, exchange.tokens())


def given_in(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    """The credentials among headers."""
    return tuple(each for each in headers if each[0].lower() in _CREDENTIALS)


def _with_credentials(
    exchange: Exchange, attempt: OutgoingCall, target: str, response: Response
) -> tuple[Header, ...] | None:
    given = given_in(attempt.headers)
    asked = ChallengedRequest(method=attempt.method, uri=attempt.uri)
    fresh = credentials(exchange, target, asked, response, given)
    if not fresh:
        return None
    answered = {name.lower() for name, _ in fresh}
    kept = tuple(each for each in attempt.headers if each[0].lower() not in answered)
    return (*kept, *fresh)


def _with_interval(attempt: OutgoingCall, response: Response) -> tuple[Header, ...] | None:
    least = reads_as_number(
        (response.value(b"min-se") or b"").partition(b";")[0].strip(), MAX_UINT32
    )
    if not least or least > MAX_INTERVAL_S:
        return None
    kept = tuple(each for each in attempt.headers if each[0].lower() not in _INTERVAL)
    return (*kept, (b"Session-Expires", b"%d" % least), (b"Min-SE", b"%d" % least))
