"""What a verification found, for people and for programs."""

import json
from collections import Counter

import pytest

from archive.reading.unproved import UnprovedPacket
from archive.verification.faults import Fault, Finding
from archive.verification.openings import Compared
from archive.verification.signatures import Signed
from archive.verification.walk import Unproved, Verified
from rokuon.cli.operation.verification_words import show_verified
from rokuon.cli.terminal.output import Output

PACKET = UnprovedPacket(
    stream=0, is_report=False, serial=7, arrived_us=1_795_000_000_000_000, ssrc=7, sequence=9
)


@pytest.mark.parametrize("fault", Fault)
def test_each_finding_is_said_in_words(fault: Fault, capsys: pytest.CaptureFixture[str]) -> None:
    """Beside its code, with what is known of it, once."""
    found = Finding("p", fault, "somewhere")
    show_verified(Verified(parts=1, findings=[found, found]), Output.TABLE)

    said = capsys.readouterr().out.splitlines()[1].split(maxsplit=2)
    assert said[:2] == ["p", fault.value]
    assert len(said[2]) > len("somewhere") or fault is Fault.PART_DAMAGED


def test_the_summary_counts_signatures(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of nodes and of the keeper apart."""
    counts = Counter({Signed.NODE: 2, Signed.KEEPER: 1})

    show_verified(Verified(parts=3, signatures=counts), Output.TABLE)

    said = capsys.readouterr().out
    assert "3 part(s): whole" in said
    assert "2 of nodes, 1 of the keeper" in said


def test_the_summary_counts_openings(capsys: pytest.CaptureFixture[str]) -> None:
    """Those that nothing can be compared with apart."""
    openings = Compared(opened=5, unopened=2)

    show_verified(Verified(parts=3, openings=openings), Output.TABLE)
    said = capsys.readouterr().out
    show_verified(Verified(parts=3, openings=openings), Output.JSON)

    assert "opened keys: 5, and none: 2" in said
    told = json.loads(capsys.readouterr().out)["openings"]
    assert told == {"opened": 5, "unopened": 2}


def test_the_summary_counts_what_was_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    """Who reads "whole" must know of what."""
    verified = Verified(parts=3, waiting=2)
    show_verified(verified, Output.TABLE)
    said = capsys.readouterr().out
    show_verified(verified, Output.JSON)

    assert "2 recording(s) whose rows are about to be made anew" in said
    told = json.loads(capsys.readouterr().out)
    assert told["waiting"] == 2


def test_packets_that_no_key_proves_are_no_findings(capsys: pytest.CaptureFixture[str]) -> None:
    """They came so."""
    show_verified(Verified(parts=1, unproved=[Unproved("p", (PACKET,), 3)]), Output.JSON)

    said = json.loads(capsys.readouterr().out)
    assert said["findings"] == []
    assert [row["packet"] for row in said["unproved"]] == ["RTP 9", "3 more"]
    assert said["unproved"][0]["arrived"].endswith("+00:00")
