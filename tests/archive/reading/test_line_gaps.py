"""Gaps on the time line of a recording."""

from pathlib import Path

from archive.call.gaps import KnownGap
from archive.reading.line_gaps import gaps_on
from archive.reading.recording import RecordingReader
from tests.archive.reading.scenes import PACKET_US, START_US, Shelf, Talk, added, party


def test_what_is_missing_between_two_parts_lies_between_them(tmp_path: Path) -> None:
    """As within a part: the sources' numbers say it."""
    sent = Talk(packets=200).sent()
    shelf = Shelf(folder=tmp_path)
    shelf.write([*sent[:40], *sent[45:100]], [added(0), party(0, "agent", "a")])
    shelf.write(sent[130:], [added(0)])

    with RecordingReader(shelf.parts) as reader:
        found = gaps_on(reader.timeline)

    assert found[0] == KnownGap(
        from_us=START_US + 40 * PACKET_US, until_us=START_US + 45 * PACKET_US, because="lost",
        stream=0, packets=5, absent_us=5 * PACKET_US, participant="a",
    )  # fmt: skip
    assert [(each.packets, each.because) for each in found] == [(5, "lost"), (30, "not_written")]
