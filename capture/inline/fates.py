"""What became of an inline call: why it ended, and what its caller was refused with.

Pure. Knows nothing of where that is written down.
"""

from archive.call.events import EndReason
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Command, Refuse
from capture.inline.state.call_events import Cancelled, Event


def ended_because(before: InlineCall) -> EndReason:
    """Why a call ended that nobody but its parties ended."""
    has_talked = before.has_answered or before.refers > 0
    return "bye" if has_talked else "cancel"


def fate_of(bridged: BridgedCall, event: Event, commands: list[Command]) -> int:
    """What the caller was refused with, once he was."""
    if isinstance(event, Cancelled):
        return event.status
    refused = [command.status for command in commands if isinstance(command, Refuse)]
    return refused[0] if refused else bridged.fate
