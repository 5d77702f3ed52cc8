"""Fuzz target for multipart bodies: split them, and find what a recording session needs.

Run `python -m tests.fuzz.fuzz_multipart -max_total_time=600 -rss_limit_mb=512`. The first byte
chooses: a Content-Type and a body as they come, or pieces picked by the bytes. Only errors of
`capture` may come out.
"""

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["capture"]):
    from capture.errors import CaptureError
    from capture.metadata.body_limits import MAX_PARTS
    from capture.metadata.message_bodies import find_bodies
    from capture.metadata.multipart import split_body

PIECES = (
    b"--b",
    b"--",
    b"\r\n",
    b"\n",
    b"\r\n\r\n",
    b"Content-Type:application/sdp\r\n",
    b"Content-Type: application/rs-metadata\r\n",
    b"Content-Type: multipart/mixed; boundary=bb\r\n",
    b'Content-Type: multipart/mixed; boundary="c',
    b"Content-Disposition: x;handling=required\r\n",
    b" folded\r\n",
    b"v=0\r\n",
    b"--bb\r\n",
    b"--b--\r\n",
    b"x",
)


def inputs_of(data: bytes) -> tuple[bytes, bytes]:
    """A Content-Type and a body."""
    if data[:1] == b"\x00":
        content_type, _, body = data[1:].partition(b"\n")
        return content_type, body
    body = b"".join(PIECES[byte % len(PIECES)] for byte in data[1:])
    return b"multipart/mixed;boundary=b", body


def read_body(data: bytes) -> None:
    """One input; every part's bytes come from the body, and what is found is one of the parts."""
    content_type, body = inputs_of(data)
    with suppress(CaptureError):
        parts = split_body(content_type, body)
        assert len(parts) <= MAX_PARTS
        assert all(part.body in body for part in parts)
        found = find_bodies(content_type, body)
        bodies = [part.body for part in parts]
        assert found.sdp is None or found.sdp in bodies
        assert found.metadata is None or found.metadata in bodies


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    atheris.Setup(sys.argv, read_body)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
