"""Which codec a payload type means, and when."""

import numpy as np
import pytest

from archive.call.events import Format, StreamChanged
from archive.reading.packets.alignment import UNTOLD_HZ
from archive.reading.sound.formats import STATIC, CodecUnavailable, FormatTable, is_silent, law_of
from capture.sdp.payloads import STATIC_PAYLOADS
from tests.archive.reading.scenes import DIGITS, OPUS, PCMA, PCMU, START_US, added


def names(table: FormatTable, stream: int, *asked: tuple[int, int]) -> list[str]:
    kinds, times = (np.array(column, dtype=np.int64) for column in zip(*asked, strict=True))
    resolved = table.resolve(stream, kinds, times)
    return [resolved.formats[n].encoding for n in resolved.which.tolist()]


def changed(at_us: int, *formats: Format) -> StreamChanged:
    return StreamChanged(at_us=at_us, stream=0, formats=formats, direction="recvonly")


def test_the_offer_in_force_at_arrival_counts() -> None:
    """A later offer says nothing of what came before it, an empty one says nothing at all."""
    table = FormatTable()
    table.note(added(0, Format(payload_type=96, encoding="PCMU", clock_rate_hz=8000), at_us=100))
    table.note(changed(150))
    table.note(changed(200, Format(payload_type=96, encoding="PCMA", clock_rate_hz=8000)))

    seen = names(table, 0, (96, 50), (96, 100), (96, 199), (96, 200), (96, 300))
    assert seen == ["PCMU", "PCMU", "PCMU", "PCMA", "PCMA"]


def test_a_type_that_the_offer_lost_keeps_its_meaning() -> None:
    """Packets of the old codec are still on their way when the new offer is in force."""
    table = FormatTable()
    table.note(added(0, PCMU, OPUS, at_us=100))
    table.note(changed(200, PCMA))

    assert names(table, 0, (111, 250)) == ["opus"]


def test_rfc_3551_names_what_no_offer_does_and_nothing_else() -> None:
    """Types below 96 mean the same everywhere; a type from 96 on means nothing by itself."""
    table = FormatTable()

    seen = names(table, 3, (0, 1), (8, 1), (18, 1), (97, 1))
    unknown = table.resolve(3, np.array([97, 0]), np.array([1, 1]))

    assert seen == ["PCMU", "PCMA", "G729", "payload type 97"]
    assert unknown.clock_rates().tolist() == [UNTOLD_HZ, 8000]


@pytest.mark.parametrize(
    ("form", "law"),
    [
        (PCMU, "PCMU"),
        (PCMA, "PCMA"),
        (Format(payload_type=97, encoding="pcmu", clock_rate_hz=8000), "PCMU"),
        (Format(payload_type=97, encoding="PCMU", clock_rate_hz=16000), None),
        (Format(payload_type=97, encoding="PCMA", clock_rate_hz=8000, channels=2), None),
        (OPUS, None),
    ],
)
def test_a_table_decodes_only_what_it_is_made_for(form: Format, law: str | None) -> None:
    """16 kHz played at 8 kHz is a slow giant, not a caller."""
    assert law_of(form) == law


def test_digits_are_silent_and_codecs_are_not() -> None:
    """What is not audio must not ask for a codec."""
    assert is_silent(DIGITS)
    assert not is_silent(OPUS)
    assert "opus" not in str(CodecUnavailable("opus"))
    assert added(0).at_us == START_US


def test_a_payload_type_outside_the_answer_is_named_as_the_rfcs_fix_it() -> None:
    """Nobody finds G.721 by "payload type 2"; capture and reading know the same table."""
    known = {number: each.encoding for number, each in STATIC_PAYLOADS.items()}

    assert {number: each.encoding for number, each in STATIC.items()} == known | {2: "G721"}
    assert all(STATIC[n].clock_rate_hz == each.clock_hz for n, each in STATIC_PAYLOADS.items())


@pytest.mark.parametrize(
    ("encoding", "extra", "told"),
    [
        ("G721", "", "G721 is none that can be decoded"),
        ("G729", "codecs", "G729 needs the extra 'codecs'"),
        ("X-Tanaka", "", "the codec is none that can be decoded"),
    ],
)
def test_what_cannot_be_decoded_is_named_and_led_to_its_packets(
    encoding: str, extra: str, told: str
) -> None:
    """The packets are all there; a name that a peer invented is shown to nobody."""
    message = str(CodecUnavailable(encoding, extra))

    assert message == f"{told}; calls export --format pcap has its packets"
