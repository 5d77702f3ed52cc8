"""A log line of each call that was turned away: findable, and without a number or a name."""

from collections import deque

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from archive.call.events import CallRefused
from capture.status.refusal_log import call_id_of, write_refusals


def refused(call_id: str = "7f3a@pbx", number: str = "0312345678") -> CallRefused:
    return CallRefused(
        at_us=1, source="pbx", transport="udp", peer="192.0.2.1", call_id=call_id,
        from_value=f'"Tanaka" <sip:{number}@pbx:45060>', to_value="<sip:srs@node>;tag=77777",
        status=400,
        reason="refused by SIP", detail="an angle bracket does not close",
        clause="RFC 3261 §25.1", header="Contact", excerpt=f"<sip:{number}@pbx",
    )  # fmt: skip


def test_a_line_names_the_call_and_what_was_wrong_with_it() -> None:
    """By its Call-ID the ledger and the trace show the rest."""
    with capture_logs() as logs:
        write_refusals(deque([refused()]))
    (line,) = logs

    wanted = {"call_id": "7f3a@pbx", "status": 400, "clause": "RFC 3261 §25.1", "header": "Contact"}
    assert wanted.items() <= line.items()
    assert not any(word in str(line) for word in ("0312345678", "Tanaka"))


@pytest.mark.parametrize(
    ("status", "event"),
    [(503, "call refused"), (0, "call refused"), (200, "call connected unrecorded")],
)
def test_a_line_says_what_became_of_the_call(status: int, event: str) -> None:
    """Who looks for calls that failed is not led to those that went through unrecorded."""
    with capture_logs() as logs:
        write_refusals(deque([replace(refused(), status=status)]))

    assert [line["event"] for line in logs] == [event]


def test_each_call_is_written_once() -> None:
    """What is not told yet waits for its turn, and is gone then."""
    unlogged = deque([refused(), refused("8@pbx")])
    with capture_logs() as logs:
        write_refusals(unlogged)
        write_refusals(unlogged)

    assert [line["call_id"] for line in logs] == ["7f3a@pbx", "8@pbx"]


@pytest.mark.parametrize(
    ("call_id", "shown"),
    [
        ("1795000000.4711@pbx", "1795000000.4711@pbx"),
        ("a84b4c76e66710@pbx", "a84b4c76e66710@pbx"),
        ("45060@pbx", "45060@pbx"),
        ("77777@pbx", "77777@pbx"),
        ("0312345678-1@pbx", "***-1@pbx"),
        ("x81312345678@pbx", "x***@pbx"),
    ],
)
def test_a_call_id_stays_but_for_the_number_of_a_party(call_id: str, shown: str) -> None:
    """Masked as a whole it would find nothing; some clients write who calls into it."""
    assert call_id_of(refused(call_id)) == shown


@pytest.mark.parametrize(
    ("call_id", "caller", "shown"),
    [
        ("0312345678-1@pbx", "<tel:+81-3-1234-5678>;tag=7", "***-1@pbx"),
        ("0312345678-1@pbx", "<sip:03(1234)5678@pbx>", "***-1@pbx"),
        ("20012-1@pbx", "<tel:20012>;tag=7", "***-1@pbx"),
        ("0312345678-1@pbx", '"Anonymous" <sip:anonymous@anonymous.invalid>', "***-1@pbx"),
        ("7f3a@pbx", '"Anonymous" <sip:anonymous@anonymous.invalid>', "7f3a@pbx"),
    ],
)
def test_a_number_is_masked_however_its_party_writes_or_withholds_it(
    call_id: str, caller: str, shown: str
) -> None:
    """Log lines carry no phone number, and go to more people than recordings do."""
    assert call_id_of(replace(refused(call_id), from_value=caller)) == shown
