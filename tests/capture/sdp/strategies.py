"""Session descriptions that a peer could have sent, for property tests."""

from hypothesis import strategies as st

LINES = st.sampled_from(
    [
        b"v=0",
        b"o=- 1 2 IN IP4 192.0.2.1",
        b"o=- one",
        b"s=",
        b"c=IN IP4 0.0.0.0",
        b"c=IN IP6 2001:db8::1",
        b"c=IN",
        b"t=0 0",
        b"m=audio 6000 RTP/AVP 0 8 101",
        b"m=audio 6000/2 RTP/SAVP 0",
        b"m=video 0 RTP/AVP 99",
        b"a=rtpmap:101 telephone-event/8000",
        b"a=rtpmap:101",
        b"a=fmtp:101 0-15",
        b"a=label:1",
        b"a=inactive",
        b"a=sendonly",
        b"a=rtcp:53020 IN IP4 192.0.2.2",
        b"a=ptime:20",
        b"a=x-vendor:\xff\x00",
        b"b=AS:64",
        b"",
    ]
)
END = st.sampled_from([b"\r\n", b"\n"])
DESCRIPTIONS = st.lists(st.tuples(LINES, END), max_size=30).map(
    lambda lines: b"v=0\n" + b"".join(line + end for line, end in lines)
)
