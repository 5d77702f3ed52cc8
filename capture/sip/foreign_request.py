"""A request within a dialog from somebody whose it is not: what of it counts, and what is answered.

Pure steps from one `CallSignalling` to the next. Knows nothing of who is whose.
"""

from dataclasses import replace
from typing import Final

from capture.sip.agent import Agent
from capture.sip.build import Answer
from capture.sip.call import CallSignalling
from capture.sip.dialog import Dialog
from capture.sip.events import Output, OutsiderHeard
from capture.sip.flow import Flow
from capture.sip.identity import DialogId
from capture.sip.message import Request
from capture.sip.owner import DialogAccess, Owner
from capture.sip.refusal import refuse
from capture.sip.server_side import Arrival, Step, serve_at_once

UNKNOWN: Final = Answer(status=481)
_UNTAKEN: Final = Answer(
    status=488, headers=((b"Warning", b'399 rokuon "not from who began this dialog"'),)
)
# A re-INVITE always negotiates media, without an offer in its ACK; a REFER sends it elsewhere.
_OF_MEDIA: Final = frozenset({b"INVITE", b"REFER"})
_MAY_OFFER: Final = frozenset({b"UPDATE", b"PRACK"})
_METADATA: Final = b"application/rs-metadata"


def access_of(dialog: Dialog, arrival: Arrival, agent: Agent) -> DialogAccess:
    """How who sends a request stands to the dialog that it names."""
    request, flow = arrival.request, arrival.flow
    return agent.door.access(dialog.owner, dialog.flow, request, flow, arrival.now_s)


def is_shut_out(owner: Owner, access: DialogAccess) -> bool:
    """Is somebody who stands so to a dialog told that there is none?"""
    is_guest = access in {DialogAccess.GUEST, DialogAccess.UNPROVED}
    return access is DialogAccess.STRANGER or (is_guest and owner.is_strict)


def heard_of(
    arrival: Arrival, dialog: DialogId, access: DialogAccess, *, is_refused: bool
) -> OutsiderHeard:
    return OutsiderHeard(
        dialog=dialog,
        request=arrival.request,
        flow=arrival.flow,
        access=access,
        is_refused=is_refused,
    )


def met_at(
    owner: Owner, last: Flow, arrival: Arrival, dialog: DialogId, agent: Agent
) -> OutsiderHeard | None:
    """What is told of somebody who asks in what is another's, last heard of by this flow.

    None: it is his own.
    """
    request, flow = arrival.request, arrival.flow
    access = agent.door.access(owner, last, request, flow, arrival.now_s)
    if access is DialogAccess.OWN:
        return None
    return heard_of(arrival, dialog, access, is_refused=is_shut_out(owner, access))


def turned_away(
    call: CallSignalling, arrival: Arrival, dialog: Dialog, access: DialogAccess, agent: Agent
) -> Step | None:
    """The answer to an outsider whose request is not taken; None where the rest of it counts."""
    if is_shut_out(dialog.owner, access):
        told = heard_of(arrival, dialog.id, access, is_refused=True)
        return call, [*refuse(arrival.request, arrival.flow, UNKNOWN, agent), told]
    if access is DialogAccess.UNPROVED:
        asked = Answer(status=401, headers=agent.door.challenge(arrival.now_s))
        return serve_at_once(call, arrival, asked, dialog.id.local_tag)
    if not _is_of_media(arrival.request):
        return None
    call, outputs = serve_at_once(call, arrival, _UNTAKEN, dialog.id.local_tag)
    return call, [*outputs, heard_of(arrival, dialog.id, access, is_refused=False)]


def _is_of_media(request: Request) -> bool:
    if request.method in _OF_MEDIA:
        return True
    if request.method not in _MAY_OFFER or not request.body:
        return False
    return not (request.value(b"content-type") or b"").lower().startswith(_METADATA)


def acknowledged(
    call: CallSignalling, arrival: Arrival, named: DialogId, agent: Agent
) -> tuple[Arrival | None, list[Output]]:
    """An ACK as far as it counts: a guest's without its body, a stranger's not at all."""
    dialog = call.dialog(named)
    if dialog is None:
        return arrival, []
    told = met_at(dialog.owner, dialog.flow, arrival, named, agent)
    if told is None:
        return arrival, []
    if told.is_refused:
        return None, [told]
    return replace(arrival, request=replace(arrival.request, body=b"")), [told]
