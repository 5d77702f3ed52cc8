"""The forms in which a copy is taken away: what page, terminal and HTTP offer, and what it is.

Pure values, quick to load. Knows nothing of samples or packets.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from archive.ids import RecordingId


class ExportForm(StrEnum):
    WAV = "wav"
    FLAC = "flac"
    OPUS = "opus"
    PCAP = "pcap"  # the datagrams exactly as received


MEDIA_TYPES: Final[Mapping[ExportForm, str]] = {
    ExportForm.WAV: "audio/wav",
    ExportForm.FLAC: "audio/flac",
    ExportForm.OPUS: "audio/ogg",
    ExportForm.PCAP: "application/vnd.tcpdump.pcap",
}
# Container and coding of those that libsndfile encodes.
ENCODINGS: Final[Mapping[ExportForm, tuple[str, str]]] = {
    ExportForm.FLAC: ("FLAC", "PCM_16"),
    ExportForm.OPUS: ("OGG", "OPUS"),
}


def file_name(begun: datetime, recording: RecordingId, form: ExportForm) -> str:
    """What a copy is called: when the recording began, in the zone of `begun`, and its id.

    Nobody's name or number: it would be personal data on the disk of who took the copy.
    """
    return f"{begun:%Y-%m-%d_%H%M}_{recording}.{form.value}"
