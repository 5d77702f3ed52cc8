"""How a call ends, and how a silent one is asked whether it has.

Steps over the node. Knows nothing of what makes a call silent or too long.
"""

from archive.call.events import EndReason
from capture.links.recorder_messages import Close
from capture.recording.node_context import NodeContext
from capture.recording.outputs import Deafen, Now, Output, ToWorker
from capture.recording.session import over
from capture.sip.call import OutgoingRequest
from capture.sip.identity import DialogId


def end(
    node: NodeContext, dialog: DialogId, reason: EndReason, now: Now, *, say_bye: bool = False
) -> list[Output]:
    """A recording session is over, for whatever reason; saying so twice changes nothing."""
    session = node.sessions.of_dialog(dialog)
    if session is None:
        return []
    outputs: list[Output] = []
    if say_bye and node.sip.has_dialog(dialog):
        bye = node.sip.send_request(dialog, OutgoingRequest(method=b"BYE"), now.s)
        outputs += node.sent(bye, now)
    session = over(node.with_ladder(session), reason, now.us)
    news = node.noted(session)
    if not session.recordings:
        node.sessions.drop(session.key)
        node.capacity.ports.give_back(session.pairs, now.us)
    told = [each for each in news if not is_close(each)]
    return [*outputs, *told, Deafen(session.pairs), *filter(is_close, news)]


def is_close(output: Output) -> bool:
    """Is a worker told to end a recording?"""
    return isinstance(output, ToWorker) and isinstance(output.command, Close)


def probe(node: NodeContext, dialog: DialogId, now: Now) -> list[Output]:
    """Nothing has arrived for a while: ask the peer whether the dialog still is."""
    session = node.sessions.of_dialog(dialog)
    if session is None or not node.sip.has_dialog(dialog):
        return []
    node.sessions.keep(session.with_liveness(session.liveness.probed(now.us)))
    ping = OutgoingRequest(method=b"OPTIONS")
    return node.sent(node.sip.send_request(dialog, ping, now.s), now)


def unreached(node: NodeContext, dialog: DialogId, now: Now) -> list[Output]:
    """A peer that cannot be reached just now may be there again soon: it is asked once more."""
    session = node.sessions.of_dialog(dialog)
    if session is not None and session.liveness.probed_at_us:
        node.sessions.keep(session.with_liveness(session.liveness.unreached(now.us)))
    return []


def probe_failed(node: NodeContext, dialog: DialogId, now: Now) -> list[Output]:
    """The peer knows of no dialog, or says nothing; where media came meanwhile it goes on."""
    session = node.sessions.of_dialog(dialog)
    if session is None or not session.liveness.probed_at_us:
        return []
    if node.capacity.is_heard(session.pairs, session.liveness.probed_at_us):
        return []
    node.sip.forget_dialog(dialog)
    return end(node, dialog, "probe_failed", now)
