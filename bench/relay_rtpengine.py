"""rtpengine under the load of relayed calls: with and without pcap, with and without SRTP.

Speaks its ng protocol through `bench.rtpengine`. Knows nothing of our recorder.
"""

from bench.chorus import HOST, ChorusEngine, singing
from bench.inline_keys import new_keys
from bench.inline_sdp import Party, Told, parties, told_by
from bench.probe import Probe, probe_sockets
from bench.processes import dropped_since, drops_by_port
from bench.relay_run import RelayRun, Subject, measure
from bench.rtpengine import Rtpengine, running


def connect(peer: Rtpengine, number: int, caller: Party, callee: Party) -> tuple[Told, Told]:
    """Set a call up; where caller and callee are to send."""

    def answer(offer: bytes) -> bytes:
        return callee.describe(told_by(offer, callee.suite).tag)

    answered, offered = peer.connect(number, caller.describe(), answer)
    return told_by(answered, caller.suite), told_by(offered, callee.suite)


def _fill(peer: Rtpengine, engine: ChorusEngine, calls: int) -> list[int]:
    """Set calls up and let them speak; the server's ports that they use."""
    ends, ports = parties([engine.port] * 2, engine.keys), []
    for number in range(calls):
        for voice, told in enumerate(connect(peer, number, *ends)):
            engine.add(voice, told.host, told.port)
            ports.append(told.port)
    return ports


def run_rtpengine(calls: int, seconds: float, *, secure: bool, recording: bool) -> RelayRun:
    """`calls` of two streams each, and the probe's; raises `PeerRefused`."""
    keys = new_keys(secure=secure)
    with (
        running(recording=recording) as peer,
        singing(keys, max_streams=2 * calls) as engine,
        probe_sockets(HOST) as socks,
    ):
        before = drops_by_port()
        ports = _fill(peer, engine, calls)
        own = new_keys(secure=secure)
        ends = parties([sock.getsockname()[1] for sock in socks], own)
        told = connect(peer, calls, *ends)
        subject = Subject(
            server="rtpengine",
            secure=secure,
            recording=recording,
            calls=calls,
            pids=[peer.pid],
            start_probe=lambda lasting_s: Probe(socks, told, own, lasting_s),
        )
        run = measure(subject, engine, seconds)
        run.dropped = dropped_since(before, [*ports, *(each.port for each in told)])
        run.recorded_bytes = peer.recorded_bytes()
        return run
