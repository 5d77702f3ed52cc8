"""What an exported file does not say itself, as JSON beside it: channels, notices, silences.

Knows nothing of who exports, or how.
"""

import json
from pathlib import Path

from archive.disk import OBJECT_MODE, LocalDisk
from archive.notices import notices_in
from archive.reading.lanes import Lane
from archive.reading.recording import RecordingReader
from archive.reading.silences import Silence, silences_in
from archive.reading.steps import MICRO
from rokuon.choices import AudioForm
from rokuon.compose.notices import Shown, notice_row


def side_file(file: Path) -> Path:
    """Where it lies: `call.wav.json` beside `call.wav`."""
    return file.with_name(f"{file.name}.json")


def write_side_file(reader: RecordingReader, file: Path, form: AudioForm) -> None:
    """Write it for this export of a recording; of datagrams there are no channels."""
    told = {
        "file": file.name,
        "recording": str(reader.recording),
        "channels": [] if form is AudioForm.PCAP else _channels(reader),
        "notices": [notice_row(each) for each in notices_in(reader.timeline.events)],
        "silences": [_silence(each) for each in silences_in(reader.timeline)],
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    LocalDisk().write(side_file(file), (text.encode(),), OBJECT_MODE)


def _channels(reader: RecordingReader) -> list[Shown]:
    """Whose each one is, from the left on; of what we have played, to whom."""
    return [
        _channel(number, reader.timeline.lanes[lane])
        for number, lane in enumerate(reader.timeline.channels, start=1)
    ]


def _channel(number: int, lane: Lane) -> Shown:
    return {
        "channel": number,
        "side": lane.side,
        "participant": lane.participant,
        "also": list(lane.also),
        "mixed": lane.is_mixed,
        "label": lane.label,
    }


def _silence(silence: Silence) -> Shown:
    return {
        "from_s": _seconds(silence.from_us),
        "until_s": _seconds(silence.until_us),
        "because": silence.because,
        "channels": [number + 1 for number in silence.channels],
        "participant": silence.participant,
    }


def _seconds(us: int) -> float:
    return round(max(us, 0) / MICRO, 3)
