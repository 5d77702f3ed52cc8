"""Another source of the tenant speaks in the dialog of a call: its recordings say so.

Steps over the node. Knows nothing of how it is told from whose the dialog is.
"""

from typing import Final

from capture.recording.node_context import NodeContext
from capture.recording.outputs import Now, Output
from capture.recording.session import RecordingSession, SessionFull, flagged, tolerated
from capture.recording.tolerances import Tolerance
from capture.sip.events import OutsiderHeard

CODE: Final = "TOL-020"


def heard_from(
    node: NodeContext, session: RecordingSession, event: OutsiderHeard, name: str, now: Now
) -> list[Output]:
    """Flag it once, with the name of who it was and what he asked first."""
    if event.is_refused or CODE in session.tolerated:
        return []
    detail = f"{event.request.method.decode('ascii', 'replace')} from {name}"
    try:
        session = flagged(session, "foreign_request", now.us, detail)
        return node.noted(tolerated(session, [Tolerance(CODE, detail)], now.us))
    except SessionFull:
        return []  # what it says has its effect all the same
