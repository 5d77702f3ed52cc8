"""How a call ends, and how a silent one is asked whether it has.

Steps over the premises. Knows nothing of what makes a call silent or too long.
"""

from archive.call.events import EndReason
from capture.links.recorder_messages import Close
from capture.recording.node_context import Premises
from capture.recording.outputs import Deafen, Now, Output, ToWorker
from capture.recording.session import over
from capture.sip.call import OutgoingRequest
from capture.sip.identity import DialogId


def end(
    premises: Premises, dialog: DialogId, reason: EndReason, now: Now, *, say_bye: bool = False
) -> list[Output]:
    """A recording session is over, for whatever reason; saying so twice changes nothing."""
    session = premises.sessions.of_dialog(dialog)
    if session is None:
        return []
    outputs: list[Output] = []
    if say_bye and premises.sip.has_dialog(dialog):
        bye = premises.sip.send_request(dialog, OutgoingRequest(method=b"BYE"), now.s)
        outputs += premises.sent(bye, now)
    session = over(premises.with_ladder(session), reason, now.us)
    news = premises.noted(session)
    if not session.recordings:
        premises.sessions.drop(session.key)
        premises.ports.give_back(session.pairs, now.us)
    told = [each for each in news if not is_close(each)]
    return [*outputs, *told, Deafen(session.pairs), *filter(is_close, news)]


def is_close(output: Output) -> bool:
    """Is a worker told to end a recording?"""
    return isinstance(output, ToWorker) and isinstance(output.command, Close)


def probe(premises: Premises, dialog: DialogId, now: Now) -> list[Output]:
    """Nothing has arrived for a while: ask the peer whether the dialog still is."""
    session = premises.sessions.of_dialog(dialog)
    if session is None or not premises.sip.has_dialog(dialog):
        return []
    premises.sessions.keep(session.probed(now.us))
    ping = OutgoingRequest(method=b"OPTIONS")
    return premises.sent(premises.sip.send_request(dialog, ping, now.s), now)


def unreached(premises: Premises, dialog: DialogId, now: Now) -> list[Output]:
    """A peer that cannot be reached just now may be there again soon: it is asked once more."""
    session = premises.sessions.of_dialog(dialog)
    if session is not None and session.probed_at_us:
        premises.sessions.keep(session.unreached(now.us))
    return []


def probe_failed(premises: Premises, dialog: DialogId, now: Now) -> list[Output]:
    """The peer knows of no dialog, or says nothing; where media came meanwhile it goes on."""
    session = premises.sessions.of_dialog(dialog)
    if session is None or not session.probed_at_us:
        return []
    if premises.is_heard(session.pairs, session.probed_at_us):
        return []
    premises.sip.forget_dialog(dialog)
    return end(premises, dialog, "probe_failed", now)
