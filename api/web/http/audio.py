"""Audio as an HTTP answer: whole, a range or nothing, in pieces that are read when they are sent.

Knows nothing of grants or of how the audio is made.
"""

from collections.abc import AsyncIterator
from typing import Final

from fastapi.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from api.calls.recording_forms import RenderedFile
from api.web.http.ranges import RangeRefused, Slice, Unsatisfiable, Whole, choose

# One read: 64 segments, a quarter of a second of work at most, and bounded memory per listener.
PIECE_BYTES: Final = 256 * 1024
MEDIA_TYPE: Final = "audio/wav"


async def send(
    rendering: RenderedFile, name: str, range_header: str | None, if_range: str | None
) -> StreamingResponse:
    """The answer to a GET: 200 or 206 (RFC 9110 §15.3.7); raises `RangeRefused` (§15.5.17).

    The first piece is read before the status is chosen, so that damage found there is a problem
    and not a broken body.
    """
    total = rendering.total_bytes
    headers = _headers(rendering, name)
    match choose(range_header, if_range, total_bytes=total, etag=rendering.etag):
        case Unsatisfiable():
            raise RangeRefused({**headers, "Content-Range": f"bytes */{total}"})
        case Slice(start, stop):
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{total}"
            return await _stream(rendering, Slice(start, stop), 206, headers)
        case Whole():
            return await _stream(rendering, Slice(0, total), 200, headers)


def describe(rendering: RenderedFile, name: str) -> Response:
    """The answer to a HEAD: what a GET without a range would say (RFC 9110 §9.3.2)."""
    headers = _headers(rendering, name) | {"Content-Length": str(rendering.total_bytes)}
    return Response(headers=headers, media_type=MEDIA_TYPE)


def _headers(rendering: RenderedFile, name: str) -> dict[str, str]:
    return {
        "Accept-Ranges": "bytes",
        "Cache-Control": "no-store",
        "Content-Disposition": f'inline; filename="rokuon-{name}.wav"',
        "ETag": f'"{rendering.etag}"',
    }


async def _stream(
    rendering: RenderedFile, part: Slice, status: int, headers: dict[str, str]
) -> StreamingResponse:
    first = await _read(rendering, part.start, part.stop)
    return StreamingResponse(
        _pieces(rendering, part, first),
        status_code=status,
        headers=headers | {"Content-Length": str(part.stop - part.start)},
        media_type=MEDIA_TYPE,
    )


async def _pieces(rendering: RenderedFile, part: Slice, first: bytes) -> AsyncIterator[bytes]:
    yield first
    for start in range(part.start + PIECE_BYTES, part.stop, PIECE_BYTES):
        yield await _read(rendering, start, part.stop)


async def _read(rendering: RenderedFile, start: int, stop: int) -> bytes:
    """One piece, read in a thread: it waits for the key daemon and the disk."""
    return await run_in_threadpool(rendering.read, start, min(start + PIECE_BYTES, stop))
