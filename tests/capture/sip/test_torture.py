"""RFC 4475: what each of its torture messages does to us, as one table.

`parsed` is the verdict of `parse_message`: "ok" or the status that a request is answered with.
`put out` is what the whole machine does with the datagram.
"""

import pytest

from capture.errors import PeerBrokeProtocol
from capture.sip.build import serialize
from capture.sip.parser import split_message
from capture.sip.user_agent import SipCore
from tests import ROOT
from tests.capture.sip.scenes import UDP, said
from tests.support.sip import parse_message

VECTORS = ROOT / "tests/vectors/rfc4475"

CALL = "InviteReceived"
ASKED = "OptionsReceived"
BROKEN = "MalformedReceived"
REFUSED = "RequestRefused"

# fmt: off
# (file, section, parsed, put out)
TABLE = [
    # Valid messages.
    ("wsinv",      "3.1.1.1",  "ok", ["481 INVITE", REFUSED]),       # To has a tag we never made
    ("intmeth",    "3.1.1.2",  "ok", ["501 !interesting-Method0123456789_*+`.%indeed'~", REFUSED]),
    ("esc01",      "3.1.1.3",  "ok", [CALL]),
    ("escnull",    "3.1.1.4",  "ok", ["405 REGISTER", REFUSED]),
    ("esc02",      "3.1.1.5",  "ok", ["501 RE%47IST%45R", REFUSED]),  # % is no escape in a method
    ("lwsdisp",    "3.1.1.6",  "ok", [ASKED]),
    ("longreq",    "3.1.1.7",  "ok", [CALL]),
    ("dblreq",     "3.1.1.8",  "ok", ["405 REGISTER", REFUSED]),      # what follows it is ignored
    ("semiuri",    "3.1.1.9",  "ok", [ASKED]),
    ("transports", "3.1.1.10", "ok", [ASKED]),
    ("mpart01",    "3.1.1.11", "ok", ["405 MESSAGE", REFUSED]),
    ("unreason",   "3.1.1.12", "ok", []),                             # a response to none of ours
    ("noreason",   "3.1.1.13", "ok", []),
    # Invalid messages.
    ("badinv01",   "3.1.2.1",  400,  ["400 INVITE", BROKEN]),
    ("clerr",      "3.1.2.2",  400,  ["400 INVITE", BROKEN]),
    ("ncl",        "3.1.2.3",  400,  ["400 INVITE", BROKEN]),
    ("scalar02",   "3.1.2.4",  400,  ["400 REGISTER", BROKEN]),
    ("scalarlg",   "3.1.2.5",  400,  [BROKEN]),                       # responses are dropped
    ("quotbal",    "3.1.2.6",  400,  ["400 INVITE", BROKEN]),
    ("ltgtruri",   "3.1.2.7",  400,  ["400 INVITE", BROKEN]),
    ("lwsruri",    "3.1.2.8",  400,  ["400 INVITE", BROKEN]),
    ("lwsstart",   "3.1.2.9",  400,  ["400 INVITE", BROKEN]),
    ("trws",       "3.1.2.10", 400,  ["400 OPTIONS", BROKEN]),
    ("escruri",    "3.1.2.11", "ok", [CALL]),                         # its URI headers are ignored
    ("baddate",    "3.1.2.12", "ok", [CALL]),                         # Date is not looked at
    ("regbadct",   "3.1.2.13", 400,  ["400 REGISTER", BROKEN]),
    ("badaspec",   "3.1.2.14", "ok", [ASKED]),                        # spaces inside <> tolerated
    ("baddn",      "3.1.2.15", 400,  ["400 OPTIONS", BROKEN]),        # and no empty line at its end
    ("badvers",    "3.1.2.16", 505,  ["505 OPTIONS", BROKEN]),
    ("mismatch01", "3.1.2.17", 400,  ["400 INVITE", BROKEN]),
    ("mismatch02", "3.1.2.18", 400,  ["400 INVITE", BROKEN]),
    ("bigcode",    "3.1.2.19", 400,  [BROKEN]),
    # Transaction layer.
    ("badbranch",  "3.2.1",    "ok", [ASKED]),                        # matched as by RFC 2543
    # Application layer.
    ("insuf",      "3.3.1",    400,  ["400 INVITE", BROKEN]),
    ("unkscm",     "3.3.2",    "ok", ["416 OPTIONS", REFUSED]),
    ("novelsc",    "3.3.3",    "ok", ["416 OPTIONS", REFUSED]),
    ("unksm2",     "3.3.4",    "ok", ["405 REGISTER", REFUSED]),
    ("bext01",     "3.3.5",    "ok", ["420 OPTIONS", REFUSED]),
    ("invut",      "3.3.6",    "ok", [CALL]),                         # 415 is the layer above's
    ("regaut01",   "3.3.7",    "ok", ["405 REGISTER", REFUSED]),
    ("multi01",    "3.3.8",    400,  ["400 INVITE", BROKEN]),
    ("mcl01",      "3.3.9",    400,  ["400 OPTIONS", BROKEN]),
    ("bcast",      "3.3.10",   "ok", []),                             # two Vias: not for us
    ("zeromf",     "3.3.11",   "ok", [ASKED]),                        # we are where it ends
    ("cparam01",   "3.3.12",   "ok", ["405 REGISTER", REFUSED]),
    ("cparam02",   "3.3.13",   "ok", ["405 REGISTER", REFUSED]),
    ("regescrt",   "3.3.14",   "ok", ["405 REGISTER", REFUSED]),
    ("sdp01",      "3.3.15",   "ok", [CALL]),                         # 406 is the layer above's
    # Backward compatibility.
    ("inv2543",    "3.4.1",    "ok", [CALL]),
    # Of the archive of the draft, without a section: neither version nor Via.
    ("test",       "-",        400,  [BROKEN]),
]
# fmt: on


def datagram(name: str) -> bytes:
    return (VECTORS / f"{name}.dat").read_bytes()


def test_the_table_has_a_line_for_every_file() -> None:
    """A message that nobody decided about proves nothing."""
    assert sorted(name for name, *_ in TABLE) == sorted(path.stem for path in VECTORS.iterdir())


@pytest.mark.parametrize(("name", "parsed"), [(name, parsed) for name, _, parsed, _ in TABLE])
def test_each_message_parses_or_is_refused_as_the_rfc_says(name: str, parsed: object) -> None:
    """What is valid must not be refused, and what leaves doubt must not be guessed."""
    try:
        parse_message(datagram(name))
    except PeerBrokeProtocol as broken:
        verdict: object = broken.answer_with
    else:
        verdict = "ok"
    assert verdict == parsed


def put_out(data: bytes) -> list[str]:
    """What the machine says to one datagram; a CSeq that cannot be read is shown from its line."""
    core = SipCore(node=b"n1", tokens=lambda: b"t1", options=frozenset({b"siprec"}))
    words = []
    for output in core.receive(data, UDP, 0.0):
        try:
            words.append(said(output))
        except PeerBrokeProtocol:
            answer = split_message(output.data)  # type: ignore[union-attr]  # a SendMessage
            method = (answer.value(b"cseq") or b"").split()[-1]
            words.append(f"{answer.status} {method.decode()}")  # type: ignore[union-attr]
    return words


@pytest.mark.parametrize(("name", "expected"), [(name, out) for name, _, _, out in TABLE])
def test_each_message_gets_its_answer(name: str, expected: list[str]) -> None:
    """What the sender of the torture sees on its own screen."""
    assert put_out(datagram(name)) == expected


@pytest.mark.parametrize("name", [name for name, _, parsed, _ in TABLE if parsed == "ok"])
def test_each_valid_message_is_kept_byte_for_byte(name: str) -> None:
    """Folds, spaces, compact names and odd bytes all come out as they went in."""
    data = datagram(name)
    assert data.startswith(serialize(parse_message(data)))


def test_an_unknown_requirement_is_named_back() -> None:
    """RFC 4475 §3.3.5: both of Require, none of Proxy-Require."""
    core = SipCore(node=b"n1", tokens=lambda: b"t1")
    answer = core.receive(datagram("bext01"), UDP, 0.0)[0]
    unsupported = b"\r\nUnsupported: nothingSupportsThis, nothingSupportsThisEither\r\n"

    assert unsupported in answer.data  # type: ignore[union-attr]  # a SendMessage
