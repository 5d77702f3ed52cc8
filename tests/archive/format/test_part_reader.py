"""A part as it is read: by range, by frame, after damage, and verified as a whole."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import (
    FrameDamaged,
    HeaderDamaged,
    RecordingCut,
    RecordingDamaged,
    SegmentDamaged,
    SignatureWrong,
)
from archive.format.floe import FloeMessage
from archive.format.frames import HEAD_BYTES, WHOLE_RECORDING, Frame, FrameKind, encode_frame
from archive.format.header import PLAIN_BYTES, SEGMENT_BYTES
from archive.format.part_reader import PartReader, Signature
from archive.format.runs import FrameRun, run_of
from tests.archive.examples import (
    NODE_KEY,
    PARTS,
    data_key,
    event_frame,
    header,
    long_writes,
    packets_frame,
    plain_of,
    sealed_part,
)
from tests.support.parts import MemorySource, read_plain, valid_prefix_segments

WRITES = long_writes(60)
LONG = sealed_part(WRITES)
FRAMES = [frame for write in WRITES for frame in write]


def _reader(sealed: bytes | bytearray, part: int = 0) -> PartReader:
    return PartReader(MemorySource(sealed), data_key(part))


def _flipped(sealed: bytes | bytearray, segment: int) -> bytearray:
    changed = bytearray(sealed)
    changed[SEGMENT_BYTES * (1 + segment) + 100] ^= 0x40
    return changed


def test_frames_read_back_as_they_were_written() -> None:
    """Every frame, over segment borders, in order; padding is no frame."""
    reader = _reader(LONG)
    frames = list(reader.frames())

    assert plain_of(frames[:-1]) == plain_of(FRAMES)
    assert frames[-1].kind is FrameKind.END
    assert reader.header == header()


def test_reading_goes_on_from_any_head() -> None:
    """A seek takes a position from the time map and needs nothing before it."""
    reader = _reader(LONG)
    frames = list(reader.frames())
    middle = frames[len(frames) // 2]

    assert list(reader.frames(middle.position)) == frames[len(frames) // 2 :]
    assert list(reader.frames(0, middle.position)) == frames[: len(frames) // 2]


def test_a_range_opens_only_its_own_segments() -> None:
    """Damage elsewhere does not keep anybody from hearing the rest."""
    whole = read_plain(_reader(LONG), 0, _reader(LONG).plain_bytes)
    reader = _reader(_flipped(LONG, 7))
    before, behind = 7 * PLAIN_BYTES, 8 * PLAIN_BYTES

    assert read_plain(reader, 0, before) == whole[:before]
    assert read_plain(reader, behind, reader.plain_bytes - behind) == whole[behind:]
    with pytest.raises(SegmentDamaged, match="segment 7"):
        read_plain(reader, before - 1, 2)


@pytest.mark.parametrize(("offset", "length"), [(-1, 1), (0, 1 << 40), (1 << 40, 1)])
def test_a_range_beyond_the_file_is_a_cut(offset: int, length: int) -> None:
    """Whoever asks for audio that is not there must not get less without a word."""
    with pytest.raises(RecordingCut):
        read_plain(_reader(LONG), offset, length)


def test_after_damage_reading_goes_on_at_the_next_sync_word() -> None:
    """One bad segment costs the frames that lie in it, and those are named."""
    reader = _reader(_flipped(LONG, 7))
    items = list(reader.frames_with_damage())
    damage = [item for item in items if isinstance(item, RecordingDamaged)]
    frames = [item for item in items if isinstance(item, Frame)]
    expected = [
        frame
        for frame in _reader(LONG).frames()
        if (frame.position + 32 + len(frame.payload) - 1) // PLAIN_BYTES < 7
        or frame.position // PLAIN_BYTES > 7
    ]

    assert frames == expected
    assert [str(item) for item in damage] == ["segment 7: the tag does not verify"]
    with pytest.raises(SegmentDamaged):
        list(reader.frames())


def test_several_bad_segments_in_a_row_are_one_stretch_of_damage() -> None:
    """Where the next head is found, reading goes on."""
    changed = _flipped(_flipped(LONG, 7), 8)
    items = list(_reader(changed).frames_with_damage())

    assert sum(isinstance(item, RecordingDamaged) for item in items) == 1
    assert isinstance(items[-1], Frame)


def test_a_verified_part_reports_what_is_in_it() -> None:
    """The counts that `verify` shows and adoption stores."""
    report = _reader(PARTS[0]).verify(NODE_KEY.public_key())

    assert report.header == header()
    assert (report.packets, report.events, report.end.reason) == ({0: 62}, 1, "bye")
    assert report.signature is Signature.VERIFIED
    assert report.end == _reader(PARTS[0]).end()


def test_rtcp_is_not_counted_as_packets() -> None:
    """END counts what is audio."""
    assert _reader(PARTS[1], 1).verify().packets == {0: 45}
    assert _reader(PARTS[1], 1).verify().signature is Signature.NOT_CHECKED


def test_a_part_of_another_node_does_not_verify() -> None:
    """Who has the data key alone cannot make a part in a node's name."""
    with pytest.raises(SignatureWrong):
        _reader(PARTS[0]).verify(Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key())


def test_another_data_key_does_not_open() -> None:
    """The header commits to the key."""
    with pytest.raises(HeaderDamaged):
        _reader(PARTS[0], part=1)


def test_bytes_behind_the_final_segment_are_a_cut() -> None:
    """Nothing can be hung behind a recording, neither into its last block nor after it."""
    for junk in (b"x", bytes(5000), PARTS[0][4096:8192]):
        with pytest.raises(RecordingDamaged):
            _reader(PARTS[0] + junk).verify()


def test_a_live_part_is_readable_up_to_its_last_write() -> None:
    """Whoever listens to a running call reads whole writes; the end is not there yet."""
    live = LONG[: SEGMENT_BYTES * 20 + 100]
    reader = _reader(live)

    assert (reader.sealed, reader.segments) == (False, 19)
    assert reader.end() is None
    assert valid_prefix_segments(reader) == 19
    assert list(reader.frames(0, 5 * PLAIN_BYTES)) == list(_reader(LONG).frames(0, 5 * PLAIN_BYTES))
    with pytest.raises(RecordingDamaged):
        list(reader.frames())
    with pytest.raises(RecordingDamaged):
        reader.verify()


def test_a_part_without_its_end_never_looks_complete() -> None:
    """All writes are whole and verify, and still nobody knows whether there was more."""
    reader = _reader(PARTS[0][: len(PARTS[0]) // SEGMENT_BYTES * SEGMENT_BYTES])
    frames: list[Frame] = []

    with pytest.raises(RecordingCut):
        frames.extend(reader.frames())
    assert isinstance(list(reader.frames_with_damage())[-1], RecordingCut)
    with pytest.raises(RecordingCut):
        reader.verify()


@pytest.mark.parametrize(
    "change", [{"packets": {0: 61}}, {"packets": {}}, {"packets": {0: 62, 1: 1}}, {"segments": 4}]
)
def test_an_end_that_counts_otherwise_does_not_verify(
    change: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Signed or not, the account must be that of the frames."""
    end = _reader(PARTS[0]).end()
    assert end is not None
    wrong = msgspec.structs.replace(end, **change)
    monkeypatch.setattr("archive.format.frame_counts.End.decode", lambda *_: wrong)

    with pytest.raises(RecordingCut, match="counts other"):
        _reader(PARTS[0]).verify()


def test_only_a_recovered_part_may_hold_an_unfinished_frame() -> None:
    """A writer that lives finishes its frames; anything else is a bug that must show."""
    sync = _reader(sealed_part([])).sync
    hidden = bytes(PLAIN_BYTES - HEAD_BYTES) + encode_frame(sync, event_frame(0, 0))
    frame = Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 0, 0, hidden)

    with pytest.raises(FrameDamaged, match="without its end"):
        _reader(sealed_part([[frame]])).verify()


def test_the_valid_prefix_ends_before_the_first_hole() -> None:
    """What a later segment holds does not make an earlier one whole."""
    assert valid_prefix_segments(_reader(_flipped(LONG, 7))) == 7


@pytest.mark.parametrize(
    "frame",
    [
        Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 0, 0, b"{}"),
        Frame(FrameKind.GAP, 0, 0, 0, 0, b"short"),
        Frame(FrameKind.CLOCK, 0, 0, 0, 0, b"short"),
        Frame(FrameKind.PAD, 0, 0, 0, 0, b""),
        Frame(FrameKind.END, 0, 0, 0, 0, b"{}"),
    ],
)
def test_a_payload_that_is_not_what_its_kind_says_does_not_verify(frame: Frame) -> None:
    """A writer's bug must show at adoption and not years later."""
    with pytest.raises(FrameDamaged):
        _reader(sealed_part([[frame, event_frame(0, 0)]])).verify()


def test_a_long_payload_may_run_over_many_segments() -> None:
    """A metadata document of a large conference is one event."""
    frames = [packets_frame(0, 3000), packets_frame(3000, 1)]
    reader = _reader(sealed_part([frames]))

    assert plain_of(list(reader.frames())[:-1]) == plain_of(frames)
    assert reader.verify().packets == {0: 3001}


def test_closing_ends_reading() -> None:
    """The API holds a key as long as a request lasts."""
    with _reader(LONG) as reader:
        read_plain(reader, 0, 1)

    with pytest.raises(AssertionError):
        read_plain(reader, PLAIN_BYTES, 1)


@pytest.mark.parametrize("hit", [(), (0,), (7,), (7, 8), (20, 40), (59,)])
def test_reading_in_one_sweep_gives_what_reading_step_by_step_gives(
    monkeypatch: pytest.MonkeyPatch, hit: tuple[int, ...]
) -> None:
    """The quick way for what is whole must leave everything else to the careful one."""
    changed: bytes | bytearray = LONG
    for segment in hit:
        changed = _flipped(changed, segment)
    quick = list(_reader(changed).frames_with_damage())
    monkeypatch.setattr(PartReader, "_run", lambda _self, position: (run_of([]), position))
    careful = list(_reader(changed).frames_with_damage())

    def told(items: list[Frame | RecordingDamaged]) -> list[Frame | str]:
        return [item if isinstance(item, Frame) else str(item) for item in items]

    assert told(quick) == told(careful)
    assert any(isinstance(item, RecordingDamaged) for item in quick) == bool(hit)


def test_reading_all_of_a_part_opens_its_segments_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keeper does nothing else all day; what overlaps is one segment a run."""
    long = sealed_part(long_writes(1_000))
    frames, reader, opened = list(_reader(long).frames()), _reader(long), list[int]()
    really = FloeMessage.open_internals

    def counting(message: FloeMessage, position: int, segments: bytes) -> bytes:
        opened.append(len(really(message, position, segments)) // PLAIN_BYTES)
        return really(message, position, segments)

    monkeypatch.setattr(FloeMessage, "open_internals", counting)
    runs = [run for run in reader.runs_with_damage() if isinstance(run, FrameRun)]

    assert sum(map(len, runs)) == len(frames)
    assert len(runs) <= 2 + reader.segments // 255
    assert sum(opened) < reader.segments + 20


def test_a_part_that_is_cut_while_it_is_read_is_damage_in_its_place() -> None:
    """What was read before is kept, and who reads on is told."""

    class Shrinking(MemorySource):
        def read_at(self, offset: int, length: int) -> bytes:
            behind = 20 * SEGMENT_BYTES < offset < len(LONG) - 2 * SEGMENT_BYTES
            return b"" if behind else super().read_at(offset, min(length, 16 * SEGMENT_BYTES))

    items = list(PartReader(Shrinking(LONG), data_key()).frames_with_damage())
    told = [item for item in items if isinstance(item, RecordingDamaged)]

    assert isinstance(told[0], RecordingCut)
    assert len([item for item in items if isinstance(item, Frame)]) > 10


def test_an_unfinished_frame_is_left_out_by_the_quick_way_too() -> None:
    """What comes behind it is another frame, not its audio."""
    sync = _reader(sealed_part([])).sync
    behind = encode_frame(sync, event_frame(0, 1))
    claimed = bytes(PLAIN_BYTES - HEAD_BYTES) + behind + bytes(PLAIN_BYTES - len(behind))
    frame = Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, 0, 0, claimed)
    reader = _reader(sealed_part([[event_frame(0, 0)], [frame], [event_frame(0, 2)]]))

    kinds = [item.payload for item in reader.frames_with_damage() if isinstance(item, Frame)]
    assert event_frame(0, 1).payload in kinds
    assert claimed not in kinds
