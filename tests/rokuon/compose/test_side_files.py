"""What lies beside an export."""

import json
from pathlib import Path

import msgspec
import pytest

from archive.events import RecordingPaused, RecordingResumed, StreamChanged
from archive.reading.recording import RecordingReader
from rokuon.choices import AudioForm
from rokuon.compose.side_files import side_file, write_side_file
from tests.archive.catalog.examples import notice_played, notice_reported
from tests.archive.reading.scenes import RECORDING, START_US, Shelf, Talk, added, party, played


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


def test_silence_with_a_reason_is_told_at_its_place_in_the_file(tmp_path: Path) -> None:
    """A hold that SDP alone told, and a pause: in seconds from the begin."""
    second = 1_000_000
    held, back = (
        StreamChanged(at_us=START_US + at * second, stream=0, formats=(), direction=way)
        for at, way in ((1, "inactive"), (2, "recvonly"))
    )
    paused = RecordingPaused(at_us=START_US + 3 * second, serial=0, by="yamada")
    resumed = RecordingResumed(at_us=START_US + 4 * second, serial=0, by="", because="limit")
    events = [added(0), party(0, "agent", "a"), held, back, paused, resumed]
    file = tmp_path / "call.wav"
    with RecordingReader(Shelf(folder=tmp_path).write(Talk().sent(), events).parts) as reader:
        write_side_file(reader, file, AudioForm.WAV)

    said = json.loads(side_file(file).read_text("utf-8"))
    assert said["silences"] == [
        {"from_s": 1.0, "until_s": 2.0, "because": "hold", "channels": [2], "participant": "a"},
        {"from_s": 3.0, "until_s": 4.0, "because": "pause", "channels": [1, 2], "participant": ""},
    ]


def test_a_mixed_channel_names_all_who_speak_there(tmp_path: Path) -> None:
    """It is heard on both sides, and cannot be muted for one of them."""
    mixed = msgspec.structs.replace(party(0, "unknown", "a"), also=("b",))
    file = tmp_path / "call.wav"
    with RecordingReader(
        Shelf(folder=tmp_path).write(Talk().sent(), [added(0), mixed]).parts
    ) as reader:
        write_side_file(reader, file, AudioForm.WAV)

    channels = json.loads(side_file(file).read_text("utf-8"))["channels"]
    assert [(each["channel"], each["mixed"], each["also"]) for each in channels] == [
        (1, True, ["b"]), (2, True, ["b"]),
    ]  # fmt: skip
