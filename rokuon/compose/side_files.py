"""What an exported file does not say itself, as JSON beside it: its channels, and its notices.

Knows nothing of who exports, or how.
"""

import json
from pathlib import Path

from archive.disk import OBJECT_MODE, LocalDisk
from archive.notices import notices_in
from archive.reading.recording import RecordingReader
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
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    LocalDisk().write(side_file(file), (text.encode(),), OBJECT_MODE)


def _channels(reader: RecordingReader) -> list[Shown]:
    """Whose each one is, from the left on; of what we have played, to whom."""
    return [
        {"channel": number, "side": lane.side, "participant": lane.participant, "label": lane.label}
        for number, lane in enumerate(reader.timeline.lanes, start=1)
    ]
