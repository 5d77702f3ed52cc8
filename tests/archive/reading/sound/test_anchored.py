"""Codecs with a memory: the right sound at the right place, whatever range is asked for."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from archive.call.events import StreamChanged
from archive.reading.sound import g711
from archive.reading.sound.anchored import BRIDGE_MS
from archive.reading.sound.resample import resample
from tests.archive.reading.scenes import PACKET, PCMU, START_US, Shelf, Talk, added
from tests.archive.reading.vectors import (
    FIRST_TIMESTAMP,
    NAMES,
    Call,
    alike,
    at_rate,
    form_of,
    heard,
    heard_from,
    pyav,
    reference,
)

__all__ = ["pyav"]
LEAST = 0.95
QUIET_FIRST = 400_000


def shelved(folder: Path, name: str) -> Shelf:
    """A call of one vector that begins 400 ms into the recording."""
    call = Call(name=name, begin_us=START_US + QUIET_FIRST)
    return Shelf(folder=folder).write(call.sent(), [added(0, form_of(name))])


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", NAMES)
def test_each_codec_sounds_as_its_encoders_own_decoder_has_it(tmp_path: Path, name: str) -> None:
    """In the right place to 1 ms, from the begin and from the middle."""
    samples, rate = heard(shelved(tmp_path, name).parts)
    expected = at_rate(*reference(name), rate)
    begin = rate * QUIET_FIRST // 1_000_000

    assert not samples[:begin].any()
    for at in (rate // 20, rate * 16 // 10, rate * 32 // 10, rate * 46 // 10):
        found, late = alike(expected, samples[begin:], at=at, size=rate, reach=rate // 100)
        assert found >= LEAST, (name, at)
        assert abs(late) <= rate // 1000, (name, at)


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", NAMES)
def test_every_range_is_what_the_whole_has_there(tmp_path: Path, name: str) -> None:
    """A player that seeks and one that does not must not hear two recordings."""
    parts = shelved(tmp_path, name).parts
    whole, rate = heard(parts)
    for first, size in (
        (0, 10),
        (rate * 5 // 2, rate),
        (rate * 22 // 10, 3),
        (rate * 23 // 10, rate * 3),
    ):
        assert np.array_equal(heard_from(parts, first, first + size), whole[first : first + size])


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", [name for name in NAMES if name != "g729b"])
def test_seams_between_segments_are_not_heard(tmp_path: Path, name: str) -> None:
    """In the 60 ms after an anchor the fresh decoder says what the one before would have said."""
    samples, rate = heard(shelved(tmp_path, name).parts)
    expected = at_rate(*reference(name), rate)
    begin = rate * QUIET_FIRST // 1_000_000

    for anchor in (2 * rate, 4 * rate):
        found, _ = alike(expected, samples[begin:], at=anchor, size=rate * 60 // 1000, reach=8)
        assert found >= LEAST, anchor


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize("name", ["g729", "amr", "amr-wb", "gsm", "opus-silk"])
def test_lost_packets_move_nothing(tmp_path: Path, name: str) -> None:
    """What comes behind a gap lies where it lay; a minute late, both parties would talk at once."""
    call = Call(name=name)
    packets = call.sent()
    del packets[100:103]
    parts = Shelf(folder=tmp_path).write(packets, [added(0, form_of(name))]).parts
    samples, rate = heard(parts)
    expected = at_rate(*reference(name), rate)

    for at in (rate // 10, rate * 5 // 2, rate * 45 // 10):
        found, late = alike(expected, samples, at=at, size=rate, reach=rate // 100)
        assert (found >= LEAST, abs(late) <= rate // 1000) == (True, True)


@pytest.mark.usefixtures("pyav")
@pytest.mark.parametrize(("name", "is_bridged"), [("g729", True), ("amr", True), ("gsm", False)])
def test_a_gap_is_bridged_where_the_decoder_knows_how(
    tmp_path: Path, name: str, is_bridged: bool
) -> None:
    """For as long as a listener takes it for speech; what is lost beyond that is silence."""
    packets = Call(name=name).sent()
    form = form_of(name)
    lost, back = packets[70], packets[170]
    kept = [p for p in packets if not lost.arrival_us <= p.arrival_us < back.arrival_us]
    samples, rate = heard(Shelf(folder=tmp_path).write(kept, [added(0, form)]).parts)
    first, end = (rate * (p.arrival_us - START_US) // 1_000_000 for p in (lost, back))
    bridged = rate * BRIDGE_MS // 1000

    assert samples[first : first + rate // 50].any() == is_bridged
    assert not samples[first + bridged : end].any()


@pytest.mark.usefixtures("pyav")
def test_packets_that_come_late_and_twice_are_decoded_once_and_in_order(tmp_path: Path) -> None:
    """A decoder with a memory that hears a word twice stumbles."""
    packets = Call(name="g729").sent()
    late = [
        replace(p, arrival_us=packets[n + 3].arrival_us + 1)
        for n, p in enumerate(packets[40:50], 40)
    ]
    twice = [replace(p, arrival_us=p.arrival_us + 5_000) for p in packets[60:80]]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    events = [added(0, form_of("g729"))]
    spoiled = Shelf(folder=tmp_path / "a").write(
        [*packets[:40], *late, *packets[50:], *twice], events
    )
    clean = Shelf(folder=tmp_path / "b").write(packets, events)

    assert np.array_equal(heard(spoiled.parts)[0], heard(clean.parts)[0])


@pytest.mark.usefixtures("pyav")
def test_g711_beside_a_wide_codec_is_the_same_sound_at_twice_the_rate(tmp_path: Path) -> None:
    """One party on a desk phone, the other in a browser; seams of segments are not heard."""
    talk = Talk(stream=1, packets=300)
    call = Call(name="opus-celt")
    events = [added(0, form_of("opus-celt")), added(1, PCMU)]
    parts = Shelf(folder=tmp_path).write([*call.sent(), *talk.sent()], events).parts
    samples, rate = heard(parts, lane=1)
    spoken = g711.decode(talk.payloads().reshape(-1), "PCMU")

    assert rate == 16_000
    assert np.array_equal(samples, resample(spoken, 8_000, 16_000))


@pytest.mark.usefixtures("pyav")
def test_a_codec_that_changes_in_mid_call_changes_nothing_but_the_codec(tmp_path: Path) -> None:
    """The same source goes on with the other payload type, byte for byte where it is G.711."""
    talk, call = Talk(packets=150), Call(name="g729")
    begin = call.sent()[:100]
    head = [
        replace(p, datagram=p.datagram[:8] + talk.ssrc.to_bytes(4, "big") + p.datagram[12:])
        for p in begin
    ]
    turned = Talk(
        packets=150,
        begin_us=START_US + 2_000_000,
        sequence=(65_500 + 100) % 65_536,
        timestamp=(FIRST_TIMESTAMP + 16_000) % (1 << 32),
    )
    parts = (
        Shelf(folder=tmp_path)
        .write([*head, *turned.sent()], [added(0, form_of("g729"), PCMU)])
        .parts
    )
    samples, rate = heard(parts)

    assert rate == 8_000
    found, late = alike(reference("g729")[0], samples, at=400, size=8_000, reach=80)
    assert (found >= LEAST, late) == (True, 0)
    assert np.array_equal(samples[16_000:], g711.decode(turned.payloads().reshape(-1), "PCMU"))


@pytest.mark.usefixtures("pyav")
def test_an_offer_that_is_repeated_disturbs_no_decoder(tmp_path: Path) -> None:
    """Clients refresh their sessions every few minutes; nobody must hear it."""
    form, packets = form_of("opus-hybrid"), Call(name="opus-hybrid").sent()
    for folder in ("once", "again"):
        (tmp_path / folder).mkdir()
    once = Shelf(folder=tmp_path / "once").write(packets, [added(0, form)])
    refreshed = StreamChanged(
        at_us=START_US + 3_000_000, stream=0, formats=(form,), direction="recvonly"
    )
    again = Shelf(folder=tmp_path / "again").write(packets, [added(0, form), refreshed])

    assert np.array_equal(heard(once.parts)[0], heard(again.parts)[0])


def test_comfort_noise_fills_a_pause_at_its_level_and_gives_way_to_speech(tmp_path: Path) -> None:
    """A line that goes dead between words sounds as if it were cut; needs no decoder of others."""
    talk = Talk(packets=150)
    packets = talk.sent()
    level = 50
    noise = [
        replace(p, datagram=p.datagram[:1] + bytes([13]) + p.datagram[2:12] + bytes([level]))
        for p in packets[50:60:10]
    ]
    parts = Shelf(folder=tmp_path).write([*packets[:50], *noise, *packets[60:]], [added(0)]).parts
    samples, _ = heard(parts)
    spoken = g711.decode(talk.payloads().reshape(-1), "PCMU")
    pause = samples[50 * PACKET : 60 * PACKET]

    assert np.array_equal(samples[: 50 * PACKET], spoken[: 50 * PACKET])
    assert np.array_equal(samples[60 * PACKET :], spoken[60 * PACKET :])
    assert pause.astype(float).std() == pytest.approx(32_768 * 10 ** (-level / 20), rel=0.1)
    assert np.array_equal(
        heard_from(parts, 55 * PACKET, 56 * PACKET), pause[5 * PACKET : 6 * PACKET]
    )


@pytest.mark.usefixtures("pyav")
def test_the_pauses_of_g729_are_as_quiet_as_their_encoder_has_them(tmp_path: Path) -> None:
    """Annex B sends two bytes now and then: noise, not a hole and not a roar."""
    samples, rate = heard(shelved(tmp_path, "g729b").parts)
    expected, _ = reference("g729b")
    first, end = rate * 5 // 2, rate * 7 // 2
    ours = samples[first + rate * QUIET_FIRST // 1_000_000 :][: end - first].astype(float)

    assert 0 < ours.std() < 4 * expected[first:end].astype(float).std() + 4
