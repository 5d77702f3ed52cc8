"""What signalling is made of."""

from pathlib import Path

from capture.admission.capacity import Limits
from capture.endpoints.certificates import TlsFiles
from capture.endpoints.transports import TlsPlan
from capture.recording.session_timeouts import Timeouts
from capture.signalling.startup_plan import SignallingPlan, core_of, exchange_of
from capture.sip.flow import Address
from tests.capture.inline.stage import Stage

PLAN = SignallingPlan(
    node="0123456789abcdef",
    holder=Path("h"),
    link=Path("l"),
    relay_link=Path("r"),
    spool=Path("s"),
    capture_folder=Path("c"),
    sip=Address("192.0.2.9", 5060),
    rtp_address="192.0.2.9",
    first_port=10_000,
    workers=1,
    rest_s=1.0,
    sources=(),
    limits=Limits(max_calls=1, min_free_bytes=0, min_free_inodes=0),
    timeouts=Timeouts(media_s=1, hold_s=1, longest_s=1),
    tls=TlsPlan(
        address=Address("192.0.2.9", 5061), files=TlsFiles(certificate=Path("c"), key=Path("k"))
    ),
    status=Path("t"),
)


def test_targets_are_told_the_address_of_the_transport_by_which_they_are_called() -> None:
    """TLS has a port of its own."""
    exchange = exchange_of(PLAN, Stage().node)

    assert exchange.here["udp"].port == exchange.here["tcp"].port == 5060
    assert exchange.here["tls"].port == 5061


def test_tags_name_the_node_and_are_never_the_same() -> None:
    """A request inside a dialog must find the node that holds it."""
    core = core_of(PLAN)
    tags = {core.new_tag() for _ in range(100)}

    assert len(tags) == 100
    assert all(tag.startswith(b"01234567-") for tag in tags)


def test_random_numbers_have_no_more_bits_than_were_asked_for() -> None:
    """A sequence that begins in its upper half would roll over at once."""
    exchange = exchange_of(PLAN, Stage().node)
    drawn = [exchange.numbers(15) for _ in range(500)]

    assert max(drawn) < 1 << 15
    assert max(drawn) >= 1 << 12
