"""The file of a prepared prompt."""

import re

import pytest

from capture.prompts.prompt_file import (
    HEAD,
    HEAD_BYTES,
    MAGIC,
    MAX_FRAME_BYTES,
    MAX_FRAMES,
    Prompt,
    PromptBroken,
    encode_prompt,
    parse_prompt,
)
from tests import ROOT

DOCUMENT = ROOT / "docs/inline.md"


def prompt(*frames: bytes) -> Prompt:
    return Prompt(clock_hz=48_000, packet_ms=20, stamp_step=960, frames=frames)


@pytest.mark.parametrize(
    "frames", [(b"a" * 160, b"b" * 160), (b"a", b"bb", b"ccc")], ids=["common", "variable"]
)
def test_a_prompt_is_read_as_it_was_written(frames: tuple[bytes, ...]) -> None:
    """Frames of a codec with a fixed rate need no table."""
    made = prompt(*frames)

    assert parse_prompt(encode_prompt(made)) == made
    assert made.whole_ms == 20 * len(frames)


@pytest.mark.parametrize("frames", [(b"ab", b"cd"), (b"a", b"bcd")], ids=["common", "variable"])
def test_a_prompt_cut_at_any_byte_is_none(frames: tuple[bytes, ...]) -> None:
    """Half a notice must not pass for one."""
    data = encode_prompt(prompt(*frames))

    for cut in range(len(data)):
        with pytest.raises(PromptBroken):
            parse_prompt(data[:cut])
    with pytest.raises(PromptBroken):
        parse_prompt(data + b"x")


@pytest.mark.parametrize(
    "head",
    [
        (b"RIFF", 1, 8000, 20, 160, 1, 1),
        (MAGIC, 2, 8000, 20, 160, 1, 1),
        (MAGIC, 1, 0, 20, 160, 1, 1),
        (MAGIC, 1, 8000, 0, 160, 1, 1),
        (MAGIC, 1, 8000, 20, 0, 1, 1),
        (MAGIC, 1, 8000, 20, 160, 0, 1),
        (MAGIC, 1, 8000, 20, 160, MAX_FRAMES + 1, 1),
        (MAGIC, 1, 8000, 20, 160, 1, MAX_FRAME_BYTES + 1),
    ],
)
def test_a_head_that_cannot_be_is_refused(head: tuple[object, ...]) -> None:
    """It comes from a disk, not from us."""
    with pytest.raises(PromptBroken):
        parse_prompt(HEAD.pack(*head) + b"x")


def test_a_frame_without_bytes_is_refused() -> None:
    """There is no packet to send for it."""
    data = HEAD.pack(MAGIC, 1, 8000, 20, 160, 2, 0) + b"\0\1\0\0" + b"x"

    with pytest.raises(PromptBroken):
        parse_prompt(data)


def test_the_document_says_how_the_head_lies() -> None:
    """Whoever prepares prompts reads it there."""
    text = DOCUMENT.read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (\d+) \| ", text.partition("### Prepared prompts")[2], re.M)

    assert HEAD.size == HEAD_BYTES == 64
    assert [(int(at), int(size)) for at, size in rows] == [
        (0, 4), (4, 2), (6, 2), (8, 4), (12, 2), (14, 2), (16, 4), (20, 4), (24, 2), (26, 38),
    ]  # fmt: skip
