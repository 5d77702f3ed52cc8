"""What the relay is told of an inline call as it goes on.

Steps over the exchange. Knows nothing of what is in a recording.
"""

from capture.inline.recordings.relay_calls import beside_key, call_beside, relay_call
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.exchange import Exchange
from capture.links.relay_messages import RelayCall, RelayGone
from capture.recording.outputs import Output, ToRelay
from capture.recording.session import RecordingSession


def relay_told(exchange: Exchange, bridged: BridgedCall, session: RecordingSession) -> list[Output]:
    """What the relay is told, where it is news."""
    wanted = relay_calls(bridged, session)
    news = [each for each in wanted if each != exchange.relayed.get(each.call)]
    exchange.relayed.update((each.call, each) for each in news)
    return [ToRelay(session.worker, each) for each in news]


def relay_calls(bridged: BridgedCall, session: RecordingSession) -> list[RelayCall]:
    """What a relay must know of a call: its speech, and what may go beside that."""
    is_landed = any(session.live) and not bridged.call.recording.unrecorded
    speech = relay_call(bridged.call, is_landed=is_landed)
    beside = call_beside(bridged.call)
    return [speech] if beside is None else [speech, beside]


def all_relay_calls(exchange: Exchange, worker: int) -> list[RelayCall]:
    """Everything that a relay worker must know."""
    calls: list[RelayCall] = []
    for bridged in exchange.calls:
        session = exchange.node.sessions.get(bridged.key)
        if session is not None and session.worker == worker and bridged.cut is None:
            calls += relay_calls(bridged, session)
    return calls


def relay_let_go(
    exchange: Exchange, bridged: BridgedCall, session: RecordingSession
) -> list[Output]:
    beside = (beside_key(bridged.key),) if bridged.call.caller.pair_beside >= 0 else ()
    told: list[Output] = []
    for key in (*beside, bridged.key):
        exchange.relayed.pop(key, None)
        told.append(ToRelay(session.worker, RelayGone(call=key)))
    return told
