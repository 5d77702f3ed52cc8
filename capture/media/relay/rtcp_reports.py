"""RTCP of inline calls: ours to both ends, theirs read (RFC 3550 §6).

What is heard of an end is what the other end was sent of it. Knows nothing of calls' signalling.
"""

import hashlib
import random
from collections.abc import Callable
from typing import Final

from capture.holder.relay_table import RelayTable
from capture.links.relay_messages import Latch, Reported
from capture.media.relay.kernel_addresses import NO_KEY, Target
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.outgoing_stream import NO_SOURCE, PROMPT
from capture.media.relay.srtp import SrtpSealer
from capture.media.rtcp import (
    Reporter,
    SentPackets,
    blocks_of,
    discard_rate_of,
    full_report,
    goodbye,
    sender_report,
)
from capture.media.statistics import Reception

EVERY_S: Final = 5.0
# Signalling keeps the last word of an end on what it was sent; more often would be noise.
TELL_EVERY_S: Final = 4.0
_CNAME_BYTES: Final = 12


class RelayReports:
    """Reports of a relay; `say` tells signalling."""

    def __init__(
        self, table: RelayTable, say: Callable[[Reported], None], wall_us: Callable[[], int]
    ) -> None:
        self._table, self._say, self._wall_us = table, say, wall_us
        self._luck = random.Random()  # noqa: S311 — spreads reports, hides nothing

    def heard(self, end: RelayEnd, compound: bytes, now_s: float) -> None:
        """A compound packet of an end: its clock, and what it says of what we send to it."""
        end.reports_s = now_s
        if end.call.wanted.is_raw:
            if end.may_pass():
                self._send(end.other, compound)
            return
        if end.opener is not None:
            compound = end.opener.open_report(compound)
        report = sender_report(compound)
        if report is not None:
            end.reports.middle_ntp, end.reports.at_us = report.middle_ntp, self._wall_us()
        for block in blocks_of(compound):
            if block.ssrc != end.voice.ssrc:
                continue
            said = (block.highest_sequence, block.lost)
            if said != end.told_report and now_s - end.reported_s >= TELL_EVERY_S:
                end.told_report, end.reported_s = said, now_s
                self._say(
                    Reported(
                        call=end.call.wanted.call,
                        side=end.side,
                        highest_sequence=end.voice.received(block.highest_sequence),
                        lost=block.lost,
                        jitter=block.jitter,
                        at_us=self._wall_us(),
                        discards=discard_rate_of(compound, block.ssrc),
                    )
                )

    def send_due(self, end: RelayEnd, now_s: float) -> None:
        """Send a report where it is due; the interval is random by a half (RFC 3550 §6.3.1)."""
        if now_s < end.report_due_s or end.call.wanted.is_raw:
            return
        end.report_due_s = now_s + EVERY_S * self._luck.uniform(0.5, 1.5)
        voice = end.voice
        sent = None
        if voice.packets:
            stamp = voice.next_stamp(now_s) if now_s > voice.at_s else voice.stamp
            sent = SentPackets(timestamp=stamp, packets=voice.packets, octets=voice.octets)
        self._send(end, full_report(_reporter(end), sent, _reception(end), self._wall_us()))

    def say_bye(self, end: RelayEnd) -> None:
        """The call is over."""
        if end.voice.packets:
            self._send(end, goodbye(_reporter(end)))

    def _send(self, end: RelayEnd, report: bytes) -> None:
        target = _target(end)
        if target is None:
            return
        if end.sealer is not None:
            report = self._sealed(end, end.sealer, report)
            if not report:
                return
        try:
            (end.rtp if end.wanted.is_muxed else end.rtcp).sendto(report, target)
        except OSError:  # a report is a courtesy: the next one is due in five seconds
            return

    def _sealed(self, end: RelayEnd, sealer: SrtpSealer, report: bytes) -> bytes:
        """Under an index that is used up, also for a successor, before it has left (§9.1)."""
        pair, following = end.wanted.pair, self._table.next_report
        index = sealer.report_index(int(following[pair]), self._wall_us())
        following[pair] = index + 1
        return sealer.seal_report(report, index)


def _target(end: RelayEnd) -> Target | None:
    """Where reports go: with the audio, to where they come from behind NAT, or as SDP says."""
    if end.wanted.is_muxed:
        return end.target
    if end.reports.key != NO_KEY and end.wanted.latch is not Latch.SIGNALLED:
        return end.places.target(end.places.place(end.reports.key))
    place = end.wanted.reports_to
    if place is None or not end.places.accepts(place):
        return None
    return end.places.target(place)


def _reporter(end: RelayEnd) -> Reporter:
    """Our name is another one in each call, and says nothing of us."""
    name = hashlib.sha256(b"cname" + end.call.wanted.call).hexdigest()[: 2 * _CNAME_BYTES]
    return Reporter(end.voice.ssrc, name.encode(), end.reports.middle_ntp, end.reports.at_us)


def _reception(end: RelayEnd) -> Reception | None:
    """What has come of an end's present source, from the numbers under which it went on."""
    voice = end.other.voice
    if voice.source in (NO_SOURCE, PROMPT):
        return None
    expected = voice.next_index - voice.source_index
    packets = min(expected, voice.packets - voice.source_packets)
    first = (voice.source_index - voice.sequence_shift) & 0xFFFF
    return Reception(
        ssrc=voice.source,
        packets=packets,
        lost=expected - packets,
        jitter_units=int(end.arrivals.jitter),
        highest_sequence=first + expected - 1,
    )
