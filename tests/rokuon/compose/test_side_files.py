"""What lies beside an export."""

import json
from pathlib import Path

import pytest

from archive.reading.recording import RecordingReader
from rokuon.choices import AudioForm
from rokuon.compose.side_files import side_file, write_side_file
from tests.archive.catalog.examples import notice_played, notice_reported
from tests.archive.reading.scenes import RECORDING, Shelf, Talk, added, party, played


@pytest.mark.parametrize("form", [AudioForm.WAV, AudioForm.PCAP])
def test_it_says_whose_each_channel_is_and_what_was_told_to_whom(
    tmp_path: Path, form: AudioForm
) -> None:
    """Two channels of the node are alike to the eye; which one the callee heard is said here."""
    folder = tmp_path / "parts"
    folder.mkdir()
    told = (notice_played("callee"), notice_reported(0, "callee"))
    events = [added(0), party(0, "agent"), *played(1, "caller"), *played(2, "callee"), *told]
    file = tmp_path / "call.wav"
    with RecordingReader(Shelf(folder=folder).write(Talk().sent(), events).parts) as reader:
        write_side_file(reader, file, form)

    said = json.loads(side_file(file).read_text("utf-8"))
    labels = [each["label"] for each in said["channels"]]
    assert (said["file"], said["recording"]) == ("call.wav", str(RECORDING))
    assert labels == ([] if form is AudioForm.PCAP else ["", "0", "to caller", "to callee"])
    assert [(each["to"], each["outcome"]) for each in said["notices"]] == [("callee", "complete")]
    assert side_file(file).name == "call.wav.json"
