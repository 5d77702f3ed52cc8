"""How a call ends, and how a silent one is asked whether it has.

Steps over the premises. Knows nothing of what makes a call silent or too long.
"""

import msgspec

from archive.events import EndReason
from capture.sip.call import OutgoingRequest
from capture.sip.identity import DialogId
from capture.siprec import session as steps
from capture.siprec.outputs import Deafen, Now, Output, ToWorker
from capture.siprec.premises import Premises, sent
from capture.siprec.wanted import close_of


def end(
    premises: Premises, dialog: DialogId, reason: EndReason, now: Now, *, say_bye: bool = False
) -> list[Output]:
    """A recording session is over, for whatever reason; saying so twice changes nothing."""
    session = premises.sessions.of_dialog(dialog)
    if session is None:
        return []
    outputs: list[Output] = []
    if say_bye and premises.sip.has_dialog(dialog):
        outputs += sent(premises.sip.send_request(dialog, OutgoingRequest(method=b"BYE"), now.s))
    session = steps.over(session, reason, now.us)
    premises.sessions.keep(session)
    closing = ToWorker(session.worker, close_of(session))
    return [*outputs, premises.record(session), Deafen(session.pairs), closing]


def probe(premises: Premises, dialog: DialogId, now: Now) -> list[Output]:
    """Nothing has arrived for a while: ask the peer whether the dialog still is."""
    session = premises.sessions.of_dialog(dialog)
    if session is None or not premises.sip.has_dialog(dialog):
        return []
    premises.sessions.keep(msgspec.structs.replace(session, probed_at_us=now.us))
    return sent(premises.sip.send_request(dialog, OutgoingRequest(method=b"OPTIONS"), now.s))


def probe_failed(premises: Premises, dialog: DialogId, now: Now) -> list[Output]:
    """The peer knows of no dialog, or says nothing; where media came meanwhile it goes on."""
    session = premises.sessions.of_dialog(dialog)
    if session is None or not session.probed_at_us:
        return []
    arrivals = (premises.last_arrival_us(stream.pair) for stream in session.streams)
    if max(arrivals, default=0) > session.probed_at_us:
        return []
    premises.sip.forget_dialog(dialog)
    return end(premises, dialog, "probe_failed", now)
