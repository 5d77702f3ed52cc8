"""Fuzz target for rs-metadata: read, write, read again, merge, parties, who is told beside them.

Run `python -m tests.fuzz.fuzz_metadata -max_total_time=600 -rss_limit_mb=512`. The first byte
chooses: a document as it comes, or pieces picked by the bytes inside a recording. Only errors of
`capture` may come out.
"""

import sys
from contextlib import suppress

import atheris
import msgspec

from archive.call.mentions import MAX_MENTIONS

with atheris.instrument_imports(include=["capture"]):
    from capture.errors import CaptureError
    from capture.metadata.mentions import mentions_in
    from capture.metadata.partial_update import merge
    from capture.metadata.snapshot import MetadataSnapshot
    from capture.metadata.snapshot_reader import parse_metadata
    from capture.metadata.stream_parties import parties
    from capture.metadata.vendor_elements import extensions_of
    from tests.support.metadata import render_metadata

PIECES = (
    b"<datamode>partial</datamode>",
    b'<session session_id="c">',
    b"</session>",
    b'<participant participant_id="p">',
    b"</participant>",
    b'<nameID aor="sip:1@x"><name xml:lang="ja">',
    b"</name></nameID>",
    b'<stream stream_id="s" session_id="c"><label>1</label></stream>',
    b'<participantstreamassoc participant_id="p">',
    b"</participantstreamassoc>",
    b"<send>s</send>",
    b"<recv>s</recv>",
    b"<associate-time>2026-11-25T10:00:00Z</associate-time>",
    b"<disassociate-time>1970-01-01T00:00:60</disassociate-time>",
    b'<t:x xmlns:t="urn:t" t:a="&#10;">',
    b"</t:x>",
    b"<u:y/>",
    b"<acd><number>",
    b"</number></acd>",
    b"<callingPartyName>",
    b"</callingPartyName>",
    b'<header label="X-Queue" value="5"/>',
    b"+81311112222",
    b"&amp;",
    b"&#13;",
    b"<![CDATA[<>]]>",
    b"<!-- -->",
    b"<?pi?>",
    b"text \xe7\x94\xb0",
    b"&x;",
)


def document_of(data: bytes) -> bytes:
    """The input itself, or the pieces that its bytes pick."""
    if data[:1] == b"\x00":
        return data[1:]
    inside = b"".join(PIECES[byte % len(PIECES)] for byte in data[1:])
    return b'<recording xmlns="urn:ietf:params:xml:ns:recording:1">' + inside + b"</recording>"


def read_document(data: bytes) -> None:
    """One input; what is read survives writing and keeping."""
    with suppress(CaptureError):
        snapshot = parse_metadata(document_of(data))
        kept = msgspec.msgpack.encode(snapshot)
        assert msgspec.msgpack.decode(kept, type=MetadataSnapshot) == snapshot
        assert parse_metadata(render_metadata(snapshot)) == snapshot
        merged = merge(snapshot, snapshot)
        assert len(merged.participants) <= len(snapshot.participants)
        _ = parties(merged, ["1", None])
        for call in merged.sessions:
            found = mentions_in(extensions_of(merged, call.session_id))
            assert len(found) <= MAX_MENTIONS


def main() -> None:
    """Fuzz until told to stop by libFuzzer's options."""
    atheris.Setup(sys.argv, read_document)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
