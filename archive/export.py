"""Exports of a recording: audio files by libsndfile, and its datagrams as pcap.

Writes files whole or not at all. Knows nothing of rights, journals or who asked.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import numpy as np
import soundfile

from archive import pcap
from archive.disk import OBJECT_MODE, LocalDisk, draft_of, publish
from archive.errors import ArchiveError
from archive.events import SipMessage, StreamAdded
from archive.packets import Packets
from archive.reading.recording import ALL_LANES, RecordingReader, Rendering
from archive.reading.rtp import Mask
from archive.trace import capture_file

AudioFormat = Literal["wav", "flac", "opus"]
Progress = Callable[[int, int], None]
_SUBTYPES: Final = {"flac": ("FLAC", "PCM_16"), "opus": ("OGG", "OPUS")}
# The FLAC format and Ogg Opus's common mapping end here; WAV has no such limit.
MAX_PACKED_CHANNELS: Final = 8
# Frames of other streams may follow whose packets came earlier, but a sweep is a write: after
# 900 ms at most. A successor's repetition may be later; then the file's order is not that of time.
SETTLED_US: Final = 5_000_000


class TooManyLanes(ArchiveError):
    """The format holds fewer channels than lanes were asked for."""


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


def export_audio(
    recording: RecordingReader,
    path: Path,
    form: AudioFormat,
    *,
    lanes: Sequence[int] = ALL_LANES,
    progress: Progress = no_progress,
) -> None:
    """Write lanes to an audio file; `progress` hears samples done and samples in all.

    Raises what `Rendering.read` raises, `NoSuchLane`, `TooManyLanes`, `OSError`; then no file of
    that name is made, and one that was there stays.
    """
    if form == "wav":
        export_wav(recording, path, lanes=lanes, progress=progress)
    else:
        _export_packed(recording, path, form, lanes=lanes, progress=progress)


def export_wav(
    recording: RecordingReader,
    path: Path,
    *,
    lanes: Sequence[int] = ALL_LANES,
    progress: Progress = no_progress,
) -> None:
    """Write lanes as WAV, PCM of 16 bits: the bytes that a range request gets."""
    rendering = recording.rendering(lanes)

    def chunks() -> Iterator[bytes]:
        done = 0
        for block in rendering.blocks():
            yield block
            done += len(block) // rendering.shape.frame_bytes
            progress(min(done, rendering.samples), rendering.samples)

    _publish(path, chunks())


def export_flac(
    recording: RecordingReader,
    path: Path,
    *,
    lanes: Sequence[int] = ALL_LANES,
    progress: Progress = no_progress,
) -> None:
    """Write lanes as FLAC of 16 bits: the samples of the WAV in fewer bytes."""
    _export_packed(recording, path, "flac", lanes=lanes, progress=progress)


def export_opus(
    recording: RecordingReader,
    path: Path,
    *,
    lanes: Sequence[int] = ALL_LANES,
    progress: Progress = no_progress,
) -> None:
    """Write lanes as Ogg Opus: small, lossy, for listening only."""
    _export_packed(recording, path, "opus", lanes=lanes, progress=progress)


def export_pcap(
    recording: RecordingReader, path: Path, *, progress: Progress = no_progress
) -> None:
    """Write every datagram exactly as it was received, RTP and RTCP, repetitions dropped.

    Address and port of the sender are as seen, our port is the stream's (+ 1 for RTCP), our
    address stands for itself (`pcap.OWN_V4`). `progress` hears datagrams done, twice.
    """
    _publish(path, _pcap_chunks(recording, progress))


def export_trace(messages: Iterable[SipMessage], path: Path) -> None:
    """Write SIP messages of a recording, secrets masked, as a capture file."""
    _publish(path, capture_file(messages))


def _publish(path: Path, chunks: Iterator[bytes]) -> None:
    disk = LocalDisk()
    try:
        publish(disk, path, chunks)
    finally:
        disk.unlink(draft_of(path))


def _export_packed(
    recording: RecordingReader,
    path: Path,
    form: Literal["flac", "opus"],
    *,
    lanes: Sequence[int],
    progress: Progress,
) -> None:
    rendering = recording.rendering(lanes)
    if rendering.channels > MAX_PACKED_CHANNELS:
        raise TooManyLanes(f"{form} holds {MAX_PACKED_CHANNELS} lanes at most")
    disk, draft = LocalDisk(), draft_of(path)
    try:
        disk.write(draft, (), OBJECT_MODE)
        _encode(rendering, draft, form, progress)
        disk.sync_file(draft)
        disk.rename(draft, path)
        disk.sync_folder(path.parent)
    finally:
        disk.unlink(draft)


def _encode(
    rendering: Rendering, draft: Path, form: Literal["flac", "opus"], progress: Progress
) -> None:
    container, subtype = _SUBTYPES[form]
    with soundfile.SoundFile(
        draft,
        "w",
        samplerate=rendering.sample_rate,
        channels=rendering.channels,
        format=container,
        subtype=subtype,
    ) as file:
        done = 0
        for block in rendering.audio_blocks():
            file.write(block)
            done += len(block)
            progress(done, rendering.samples)


def _pcap_chunks(recording: RecordingReader, progress: Progress) -> Iterator[bytes]:
    ports = {
        e.stream: e.local_port for e in recording.timeline.events if isinstance(e, StreamAdded)
    }
    yield pcap.file_header()
    waiting: list[tuple[int, int, bytes]] = []
    newest = oldest = done = 0
    for packets, fresh in recording.packets():
        port = ports.get(packets.stream, 0) + (1 if packets.rtcp and packets.stream in ports else 0)
        waiting.extend(_records(packets, fresh, port))
        newest = max(newest, int(packets.arrivals_us.max()))
        if newest - oldest > 2 * SETTLED_US:
            waiting.sort()
            settled = bisect_left(waiting, (newest - SETTLED_US,))
            yield b"".join(record for _, _, record in waiting[:settled])
            done += settled
            progress(done, done)
            del waiting[:settled]
            oldest = newest - SETTLED_US
    waiting.sort()
    yield b"".join(record for _, _, record in waiting)
    progress(done + len(waiting), done + len(waiting))


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
