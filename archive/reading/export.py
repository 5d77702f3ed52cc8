"""Exports of a recording, piece by piece: audio by libsndfile, and its datagrams as pcap.

Writes no file. Knows nothing of rights, journals or who asked.
"""

import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import numpy as np
import soundfile

from archive.call.events import StreamAdded
from archive.errors import ArchiveError
from archive.format import pcap
from archive.format.packets import Packets
from archive.reading.export_forms import ENCODINGS, ExportForm
from archive.reading.packets.rtp import Mask
from archive.reading.recording import ALL_LANES, RecordingReader, Rendering
from archive.reading.undecoded import refuse_unheard

# The FLAC format and Ogg Opus's common mapping end here; WAV has no such limit.
MAX_PACKED_CHANNELS: Final = 8
# Frames of other streams may follow whose packets came earlier, but a sweep is a write: after
# 900 ms at most. A successor's repetition may be later; then the file's order is not that of time.
SETTLED_US: Final = 5_000_000
PIECE_BYTES: Final = 1 << 18


class TooManyLanes(ArchiveError):
    """The format holds fewer channels than lanes were asked for."""


def export(recording: RecordingReader, form: ExportForm) -> Iterator[bytes]:
    """Yield the bytes of a copy of the whole recording; raises what its form raises."""
    return export_pcap(recording) if form is ExportForm.PCAP else export_audio(recording, form)


def export_audio(
    recording: RecordingReader, form: ExportForm, *, lanes: Sequence[int] = ALL_LANES
) -> Iterator[bytes]:
    """Yield the bytes of an audio file with these lanes; of WAV those that a range request gets.

    WAV is PCM of 16 bits, FLAC its samples in fewer bytes, Ogg Opus small, lossy, for listening
    only. Raises what `Rendering.read` raises, `NoSuchLane`, `TooManyLanes`; `CodecUnavailable`
    before the first byte where none of these lanes can be decoded.
    """
    rendering = recording.rendering(lanes)
    refuse_unheard([(recording.timeline, lanes)])
    if form is ExportForm.WAV:
        yield from rendering.blocks()
        return
    if rendering.channels > MAX_PACKED_CHANNELS:
        raise TooManyLanes(f"{form} holds {MAX_PACKED_CHANNELS} lanes at most")
    # Its head is written last, so it is encoded whole before it goes: in memory, never on a disk.
    with os.fdopen(os.memfd_create("export", os.MFD_CLOEXEC), "w+b") as file:
        _encode(rendering, file, form)
        file.seek(0)
        while piece := file.read(PIECE_BYTES):
            yield piece


def export_pcap(recording: RecordingReader) -> Iterator[bytes]:
    """Yield a capture file of every datagram as received, RTP and RTCP, repetitions dropped.

    Address and port of the sender are as seen, our port is the stream's (+ 1 for RTCP), our
    address stands for itself (`pcap.OWN_V4`).
    """
    ports = {
        e.stream: e.local_port for e in recording.timeline.events if isinstance(e, StreamAdded)
    }
    yield pcap.file_header()
    waiting: list[tuple[int, int, bytes]] = []
    newest = oldest = 0
    for packets, fresh in recording.packets():
        port = ports.get(packets.stream, 0) + (1 if packets.rtcp and packets.stream in ports else 0)
        waiting.extend(_records(packets, fresh, port))
        newest = max(newest, int(packets.arrivals_us.max()))
        if newest - oldest > 2 * SETTLED_US:
            waiting.sort()
            settled = bisect_left(waiting, (newest - SETTLED_US,))
            yield b"".join(record for _, _, record in waiting[:settled])
            del waiting[:settled]
            oldest = newest - SETTLED_US
    waiting.sort()
    yield b"".join(record for _, _, record in waiting)


def _encode(rendering: Rendering, file: BinaryIO, form: ExportForm) -> None:
    container, subtype = ENCODINGS[form]
    with soundfile.SoundFile(
        file,
        "w",
        samplerate=rendering.sample_rate,
        channels=rendering.channels,
        format=container,
        subtype=subtype,
    ) as sound:
        for block in rendering.audio_blocks():
            sound.write(block)


def _records(packets: Packets, fresh: Mask, port: int) -> Iterator[tuple[int, int, bytes]]:
    """(arrival, ring sequence, record) of a frame's packets, source by source."""
    for index, source in enumerate(packets.sources):
        own = np.flatnonzero(fresh & (packets.source_index == index))
        if len(own):
            arrivals_us = packets.arrivals_us[own]
            built = pcap.records(
                pcap.Datagrams(
                    source=source,
                    local_port=port,
                    arrivals_us=arrivals_us,
                    starts=packets.starts[own],
                    lengths=packets.lengths[own],
                    data=np.frombuffer(packets.data, np.uint8),
                )
            )
            yield from zip(arrivals_us.tolist(), packets.serials[own].tolist(), built, strict=True)
