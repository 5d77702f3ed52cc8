"""Requests of ours in a dialog that are challenged: sent once more, with what proves who we are.

Pure steps from one `CallSignalling` to the next (RFC 3261 §22.2, §22.3). Knows no password: an
account is asked for by the name that the dialog has for it.
"""

from collections.abc import Iterable
from typing import Final

import msgspec

from capture.sip.agent import Agent
from capture.sip.build import Header, build_request
from capture.sip.call import CallSignalling
from capture.sip.client_transaction import Cancelling, InviteClient, NonInviteClient, Reach
from capture.sip.credentials import (
    CHALLENGED,
    ChallengedRequest,
    answer_challenges,
    challenges,
    is_rejected,
)
from capture.sip.dialog import Dialog, via_value
from capture.sip.events import Output, SentAgain
from capture.sip.identity import TransactionKey
from capture.sip.in_dialog_request import NEVER_CHALLENGED, Client, transmitted
from capture.sip.message import Request, Response

# A proxy's challenge and the server's, or one whose nonce was stale; more is a loop.
MAX_TRIES: Final = 2
CREDENTIALS: Final = frozenset({b"authorization", b"proxy-authorization"})
_WRITTEN_ANEW: Final = frozenset({b"via", b"cseq", b"content-length"})

Step = tuple[CallSignalling, list[Output]]


def sent_again(
    call: CallSignalling, client: Client, response: Response, agent: Agent, now_s: float
) -> Step | None:
    """The same request with the next CSeq and an answer; None where the refusal stays."""
    dialog = call.dialog(client.dialog)
    if dialog is None or not _is_challenged(client, response):
        return None
    sent = client.stored_request()
    given = tuple(_named(sent, CREDENTIALS))
    fresh = _answer(dialog, client, response, given, agent)
    if not fresh:
        return None
    answered = {name.lower() for name, _ in fresh}
    kept = tuple(each for each in given if each[0].lower() not in answered)
    dialog = msgspec.structs.replace(dialog.advance(), given=(*kept, *fresh))
    return _begin(call, dialog, client, agent, now_s)


def disproved(call: CallSignalling, client: Client, response: Response) -> CallSignalling:
    """Once a challenge is final, what we gave is not said again."""
    dialog = call.dialog(client.dialog)
    if dialog is None or not dialog.given or not _is_challenged(client, response):
        return call
    return call.with_dialog(msgspec.structs.replace(dialog, given=()))


def _is_challenged(client: Client, response: Response) -> bool:
    inside = client.reach is Reach.INSIDE and client.key.method not in NEVER_CHALLENGED
    if isinstance(client, InviteClient) and client.cancelling is not Cancelling.NOT:
        return False
    return inside and response.status in CHALLENGED


def _answer(
    dialog: Dialog, client: Client, response: Response, given: tuple[Header, ...], agent: Agent
) -> tuple[Header, ...]:
    """A password that was answered with just now and refused is wrong, unless the nonce was old."""
    account = agent.accounts(dialog.account)
    is_wrong = client.tries > 0 and is_rejected(response, given)
    if account is None or is_wrong or client.tries >= MAX_TRIES or not challenges(response):
        return ()
    asked = ChallengedRequest(method=client.key.method, uri=dialog.request_target()[0])
    return answer_challenges(response, asked, account, agent.tokens())


def _begin(
    call: CallSignalling, dialog: Dialog, client: Client, agent: Agent, now_s: float
) -> Step:
    sent, branch = client.stored_request(), agent.new_branch()
    method, seq = client.key.method, dialog.local_seq
    headers = [
        (b"Via", via_value(dialog.flow, branch)),
        (b"CSeq", b"%d %s" % (seq, method)),
        *_named_otherwise(sent),
        *dialog.given,
    ]
    data = build_request(method, dialog.request_target()[0], headers, sent.body)
    key = TransactionKey(call_id=call.call_id, branch=branch, method=method)
    kind = InviteClient if method == b"INVITE" else NonInviteClient
    later, told = kind.begin(key, dialog.sending_flow, dialog.id, data, now_s)
    later = msgspec.structs.replace(later, tries=client.tries + 1)
    again = SentAgain(dialog=dialog.id, method=method, cseq=seq, instead_of=sent.cseq.number)
    return call.with_dialog(dialog).with_client(later), [*transmitted(later, told), again]


def _named(request: Request, names: frozenset[bytes]) -> Iterable[Header]:
    return (_header(each.raw) for each in request.lines if each.name in names)


def _named_otherwise(request: Request) -> Iterable[Header]:
    left = _WRITTEN_ANEW | CREDENTIALS
    return (_header(each.raw) for each in request.lines if each.name not in left)


def _header(raw: bytes) -> Header:
    name, _, value = raw.partition(b":")
    return name.strip(), value.strip()
