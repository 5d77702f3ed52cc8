"""Audio over HTTP: statuses, headers and bytes."""

from pathlib import Path

import pytest

from api.web.http.audio import PIECE_BYTES
from archive.errors import (
    KeyUnavailable,
    RecordingLost,
    RecordingMissing,
    RecordingUnreadable,
    SegmentDamaged,
)
from archive.reading.sound.formats import CodecUnavailable
from tests.api.examples import CALL, ETAG, SOUND, scene

TOTAL = len(SOUND)


@pytest.mark.parametrize(
    ("headers", "status", "body", "content_range"),
    [
        ({}, 200, SOUND, None),
        ({"Range": "bytes=0-43"}, 206, SOUND[:44], f"bytes 0-43/{TOTAL}"),
        ({"Range": "bytes=1000-"}, 206, SOUND[1000:], f"bytes 1000-{TOTAL - 1}/{TOTAL}"),
        ({"Range": "bytes=-4"}, 206, SOUND[-4:], f"bytes {TOTAL - 4}-{TOTAL - 1}/{TOTAL}"),
        ({"Range": "bytes=0-1,4-5"}, 200, SOUND, None),
        ({"Range": "bytes=5-1"}, 200, SOUND, None),
        ({"Range": "bytes=0-1", "If-Range": f'"{ETAG}"'}, 206, SOUND[:2], f"bytes 0-1/{TOTAL}"),
        ({"Range": "bytes=0-1", "If-Range": '"older"'}, 200, SOUND, None),
        ({"Range": "bytes=0-1", "If-Range": f'W/"{ETAG}"'}, 200, SOUND, None),
        ({"Range": f"bytes={TOTAL}-"}, 416, None, f"bytes */{TOTAL}"),
        ({"Range": f"bytes={TOTAL}-", "If-Range": '"older"'}, 200, SOUND, None),
    ],
)
@pytest.mark.parametrize("route", ["calls", "recordings"])
async def test_each_request_gets_exactly_its_bytes(
    tmp_path: Path,
    route: str,
    headers: dict[str, str],
    status: int,
    body: bytes | None,
    content_range: str | None,
) -> None:
    """A player that seeks must get the bytes it asked for, and be told which they are."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/{route}/{CALL}/audio", headers=headers)

    assert answer.status_code == status
    assert answer.headers.get("content-range") == content_range
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["etag"] == f'"{ETAG}"'
    if body is not None:
        assert answer.content == body
        assert answer.headers["content-length"] == str(len(body))
        assert answer.headers["content-type"] == "audio/wav"
    else:
        assert answer.json()["code"] == "range_not_satisfiable"


@pytest.mark.parametrize("route", ["calls", "recordings"])
async def test_head_tells_the_length_and_reads_nothing(tmp_path: Path, route: str) -> None:
    """A player asks for the length first; a Range does not apply to HEAD (RFC 9110 §14.2)."""
    async with scene(tmp_path) as it:
        answer = await it.client.head(f"/{route}/{CALL}/audio", headers={"Range": "bytes=0-1"})

        assert (answer.status_code, answer.content) == (200, b"")
        assert answer.headers["content-length"] == str(TOTAL)
        assert answer.headers["etag"] == f'"{ETAG}"'
        assert it.source.rendering.reads == []


async def test_a_range_reads_only_itself(tmp_path: Path) -> None:
    """Each read opens segments; bytes that nobody asked for stay sealed."""
    async with scene(tmp_path) as it:
        await it.client.get(f"/calls/{CALL}/audio", headers={"Range": "bytes=100-199"})

        assert it.source.rendering.reads == [(100, 200)]


async def test_a_long_recording_is_sent_in_bounded_pieces(tmp_path: Path) -> None:
    """Three hours of audio for many listeners must not lie in memory."""
    sound = bytes(2 * PIECE_BYTES + 1)
    async with scene(tmp_path, sound=sound) as it:
        answer = await it.client.get(f"/calls/{CALL}/audio")

        assert answer.content == sound
        assert it.source.rendering.reads == [
            (0, PIECE_BYTES),
            (PIECE_BYTES, 2 * PIECE_BYTES),
            (2 * PIECE_BYTES, 2 * PIECE_BYTES + 1),
        ]


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (SegmentDamaged(7), 500, "recording_damaged"),
        (RecordingUnreadable("EIO"), 500, "recording_unreadable"),
        (RecordingMissing("missing"), 409, "recording_missing"),
        (RecordingLost("damaged"), 409, "recording_lost"),
        (CodecUnavailable("opus"), 501, "codec_unavailable"),
        (KeyUnavailable("no key daemon"), 503, "unavailable"),
    ],
)
async def test_damage_is_a_problem_and_never_a_body(
    tmp_path: Path, failure: SegmentDamaged | KeyUnavailable, status: int, code: str
) -> None:
    """An answer that begins with 200 and breaks off could be taken for the whole call."""
    async with scene(tmp_path, fails_with=failure) as it:
        answer = await it.client.get(f"/calls/{CALL}/audio")

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code
