"""Each output reaches the part of the shell that it is for."""

from typing import Any

import pytest
from structlog.testing import capture_logs

from capture.links.recorder_messages import Everything
from capture.links.relay_messages import RelayEverything
from capture.recording.outputs import Complain, Deafen, Find, Listen, Output, ToRelay, ToWorker
from capture.signalling.output_runner import OutputRunner
from capture.sip.events import SendMessage
from capture.sip.flow import Address, Flow

FLOW = Flow(transport="udp", local=Address("192.0.2.9", 5060), remote=Address("192.0.2.1", 5060))


class Part:
    """A part of the shell that notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *given: self.asked.append((name, given))


def test_a_target_that_asks_for_a_password_is_named_in_the_log() -> None:
    """It is the operator who has to mend it."""
    parts = {name: Part() for name in ("sockets", "workers", "relays", "lookup", "transports")}
    with capture_logs() as logs:
        OutputRunner(**parts).do(Complain("pbx"))  # type: ignore[arg-type]  # parts that only note

    assert [(each["event"], each["target"]) for each in logs] == [
        ("target asks for a password", "pbx")
    ]


@pytest.mark.parametrize(
    ("output", "part", "asked"),
    [
        (Listen((1, 2)), "sockets", ("open", ((1, 2),))),
        (Deafen((1, 2)), "sockets", ("close", ((1, 2),))),
        (ToWorker(1, Everything()), "workers", ("tell", (1, Everything()))),
        (ToRelay(1, RelayEverything()), "relays", ("tell", (1, RelayEverything()))),
        (Find(b"k", b"u", b"w"), "lookup", ("find", (Find(b"k", b"u", b"w"),))),
        (
            SendMessage(flow=FLOW, data=b"x"),
            "transports",
            ("send", (SendMessage(flow=FLOW, data=b"x"),)),
        ),
    ],
)
def test_an_output_is_one_parts_business(
    output: Output, part: str, asked: tuple[str, tuple[Any, ...]]
) -> None:
    """And nobody else's."""
    parts = {name: Part() for name in ("sockets", "workers", "relays", "lookup", "transports")}
    OutputRunner(**parts).do(output)  # type: ignore[arg-type]  # parts that only note

    assert {name: each.asked for name, each in parts.items() if each.asked} == {part: [asked]}
