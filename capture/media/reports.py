"""Receiver reports that a worker owes its streams, from the RTCP port of each, or the only one.

Every five seconds and stream, as a receiver of one source does (RFC 3550 §6.2). Decides and sends;
what is reported comes from `Statistics`.
"""

import os
import socket
from collections.abc import Iterable
from typing import Final

from capture.media.live import LiveRecording, LiveStream
from capture.media.rtcp import Reporter, receiver_report
from capture.media.statistics import Statistics

REPORT_EVERY_S: Final = 5.0
_SSRC_BYTES: Final = 4


class Reports:
    """Reports for all streams of a worker."""

    def __init__(self, statistics: Statistics, cname: bytes) -> None:
        self._statistics, self._cname = statistics, cname
        self._sockets: dict[int, socket.socket] = {}

    def begin(self, stream: LiveStream, now_s: float) -> None:
        """A stream begins: give us an SSRC towards it."""
        ssrc = int.from_bytes(os.urandom(_SSRC_BYTES), "big")
        stream.reporter = Reporter(ssrc, self._cname)
        stream.report_due_s = now_s + REPORT_EVERY_S
        own = stream.rtp if stream.wanted.is_muxed else stream.rtcp
        self._sockets[stream.wanted.pair] = socket.socket(fileno=os.dup(own[0]))

    def end(self, stream: LiveStream) -> None:
        sock = self._sockets.pop(stream.wanted.pair, None)
        if sock is not None:
            sock.close()

    def send_due(self, batch: Iterable[LiveRecording], now_s: float, now_us: int) -> None:
        for recording in batch:
            for stream in recording.streams.values():
                if now_s >= stream.report_due_s:
                    stream.report_due_s = now_s + REPORT_EVERY_S
                    self._send(stream, now_us)

    def _send(self, stream: LiveStream, now_us: int) -> None:
        reception = self._statistics.of(stream.wanted.pair)
        if not reception.packets or not stream.wanted.rtcp_to or stream.reporter is None:
            return
        report: bytes | None = receiver_report(stream.reporter, reception, now_us)
        if report is not None and stream.secrecy is not None:
            report = stream.secrecy.seal_report(report, now_us)
        if report is None:
            return
        target = (stream.wanted.rtcp_to, stream.wanted.rtcp_port)
        try:
            self._sockets[stream.wanted.pair].sendto(report, target)
        except OSError:
            # A report is a courtesy: the next one is due in five seconds.
            return
