"""Every way to tamper with a recording: flipped, cut, dropped, repeated, swapped, at random.

Three rules, checked after each change: `verify` raises; a read that touches the damage raises;
every other read is right. Nothing is ever read wrong.
"""

import random
from collections.abc import Iterable

import pytest

from archive.errors import RecordingDamaged
from archive.format.frames import Frame
from archive.format.header import PLAIN_BYTES, SEGMENT_BYTES
from archive.format.part_reader import PartReader
from tests.archive.examples import NODE_KEY, PARTS, data_key, long_writes, sealed_part
from tests.support.parts import MemorySource, read_plain

PUBLIC = NODE_KEY.public_key()
NUMBERS = range(len(PARTS))
# Every byte by `make thorough`; prime, so that each place in a segment is met sooner or later.
STRIDES = pytest.mark.parametrize("stride", [67, pytest.param(1, marks=pytest.mark.slow)])


def _reader(sealed: bytes | bytearray, part: int) -> PartReader:
    return PartReader(MemorySource(sealed), data_key(part))


def _blocks(sealed: bytes) -> list[bytes]:
    return [sealed[at : at + SEGMENT_BYTES] for at in range(0, len(sealed), SEGMENT_BYTES)]


class Original:
    """What a part holds before anybody tampers with it."""

    def __init__(self, sealed: bytes, part: int) -> None:
        reader = _reader(sealed, part)
        self.part = part
        self.sealed = sealed
        self.blocks = _blocks(sealed)
        self.plain = read_plain(reader, 0, reader.plain_bytes)
        self.frames = {frame.position: frame for frame in reader.frames()}

    def segment(self, position: int) -> bytes:
        """The plaintext of one segment."""
        return self.plain[position * PLAIN_BYTES : (position + 1) * PLAIN_BYTES]

    def check(self, changed: bytes | bytearray, *, untouched: Iterable[int] = ()) -> None:
        """The three rules; `untouched`: positions of segments that stand where they stood."""
        try:
            reader = _reader(changed, self.part)
        except RecordingDamaged:
            assert changed[:SEGMENT_BYTES] != self.blocks[0]
            return
        with pytest.raises(RecordingDamaged):
            reader.verify(PUBLIC)
        untouched = set(untouched)
        for position in range(len(self.blocks) - 1):
            self._check_segment(reader, position, untouched)
        self.check_frames(reader)

    def _check_segment(self, reader: PartReader, position: int, untouched: set[int]) -> None:
        expected = self.segment(position)
        if position in untouched:
            assert read_plain(reader, position * PLAIN_BYTES, len(expected)) == expected
        else:
            with pytest.raises(RecordingDamaged):
                read_plain(reader, position * PLAIN_BYTES, len(expected))

    def check_frames(self, reader: PartReader) -> None:
        """Frames read after damage are frames that were written, and damage is named."""
        items = list(reader.frames_with_damage())
        frames = [item for item in items if isinstance(item, Frame)]

        assert len(frames) < len(items)
        assert all(self.frames.get(frame.position) == frame for frame in frames)


ORIGINALS = [Original(sealed, part) for part, sealed in enumerate(PARTS)]


@STRIDES
@pytest.mark.parametrize("part", NUMBERS)
def test_a_flip_in_any_byte_shows_and_costs_only_its_segment(part: int, stride: int) -> None:
    """Bit rot, or somebody who changes one sample."""
    original, changed = ORIGINALS[part], bytearray(PARTS[part])
    segments = set(range(len(original.blocks) - 1))
    for at in range(0, len(changed), stride):
        changed[at] ^= 1 << at % 8
        original.check(changed, untouched=segments - {at // SEGMENT_BYTES - 1})
        changed[at] ^= 1 << at % 8


@STRIDES
@pytest.mark.parametrize("part", NUMBERS)
def test_a_cut_at_any_byte_shows_and_costs_only_what_is_gone(part: int, stride: int) -> None:
    """A lost tail, or somebody who lets a call end early."""
    original = ORIGINALS[part]
    for length in range(0, len(original.sealed), stride):
        whole = max(0, length // SEGMENT_BYTES - 1)
        original.check(original.sealed[:length], untouched=range(whole))


@pytest.mark.parametrize("part", NUMBERS)
def test_a_dropped_block_shows(part: int) -> None:
    """Somebody who takes out a sentence."""
    original = ORIGINALS[part]
    for at in range(len(original.blocks)):
        rest = original.blocks[:at] + original.blocks[at + 1 :]
        original.check(b"".join(rest), untouched=range(at - 1))


@pytest.mark.parametrize("part", NUMBERS)
def test_a_repeated_block_shows_wherever_it_is_put(part: int) -> None:
    """Somebody who lets a party say something twice."""
    original = ORIGINALS[part]
    for repeated in original.blocks:
        for at in range(len(original.blocks) + 1):
            blocks = [*original.blocks[:at], repeated, *original.blocks[at:]]
            changed = b"".join(blocks)
            same = range(min(len(original.blocks), len(blocks) - 1) - 1)
            original.check(
                changed,
                untouched=[
                    position
                    for position in same
                    if changed[SEGMENT_BYTES * (position + 1) :][:SEGMENT_BYTES]
                    == original.sealed[SEGMENT_BYTES * (position + 1) :][:SEGMENT_BYTES]
                ],
            )


@pytest.mark.parametrize("part", NUMBERS)
def test_two_swapped_blocks_show_also_across_parts(part: int) -> None:
    """Somebody who puts sentences into another order, or into another call."""
    original = ORIGINALS[part]
    everything = [(number, at) for number in NUMBERS for at in range(len(ORIGINALS[number].blocks))]
    for here in range(len(original.blocks)):
        for number, there in everything:
            blocks = list(original.blocks)
            blocks[here] = ORIGINALS[number].blocks[there]
            if number == part:
                blocks[there] = original.blocks[here]
            touched = {here, there} if number == part else {here}
            if (number, there) != (part, here):
                original.check(
                    b"".join(blocks),
                    untouched=_still_there(blocks, touched),
                )


def _still_there(blocks: list[bytes], touched: set[int]) -> set[int]:
    offsets = [sum(map(len, blocks[:at])) for at in range(len(blocks))]
    return {
        at - 1
        for at in range(1, len(blocks))
        if at not in touched and offsets[at] == at * SEGMENT_BYTES
    }


MUTATIONS = 2_500
LONG = Original(sealed_part(long_writes(48)), 0)


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 4))]
)
def test_random_mutations_are_never_read_wrong(seed: int) -> None:
    """Runs of bytes, cuts, moves and repeats together, anywhere in a longer part."""
    chance = random.Random(seed)  # noqa: S311 - a seed makes a failure come again
    for _ in range(MUTATIONS):
        changed = _mutated(LONG.sealed, chance)
        try:
            reader = _reader(changed, 0)
        except RecordingDamaged:
            continue
        with pytest.raises(RecordingDamaged):
            reader.verify(PUBLIC)
        _check_some_range(reader, chance)


def _check_some_range(reader: PartReader, chance: random.Random) -> None:
    offset = chance.randrange(len(LONG.plain))
    length = chance.randrange(1, 3 * PLAIN_BYTES)
    try:
        read = read_plain(reader, offset, length)
    except RecordingDamaged:
        return
    assert read == LONG.plain[offset : offset + length]


def _mutated(sealed: bytes, chance: random.Random) -> bytes:
    """The part after one to three changes; never the part itself."""
    changed = bytearray(sealed)
    while changed == sealed:
        for _ in range(chance.randrange(1, 4)):
            _mutate(changed, chance)
    return bytes(changed)


def _mutate(changed: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(changed) + 1), chance.choice([1, 7, 100, 4096, 9000])
    match chance.randrange(6):
        case 0:
            changed[at : at + 1] = chance.randbytes(1)
        case 1:
            changed[at : at + length] = chance.randbytes(len(changed[at : at + length]))
        case 2:
            del changed[at:]
        case 3:
            del changed[at : at + length]
        case 4:
            changed[at:at] = changed[at : at + length]
        case _:
            first, second = (chance.randrange(len(changed) // 4096 + 1) * 4096 for _ in range(2))
            block = bytes(changed[first : first + 4096])
            changed[first : first + 4096] = changed[second : second + 4096]
            changed[second : second + 4096] = block
