"""`rokuon retention explain`."""

import json

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.calls import found


def test_why_a_call_is_kept_is_said_in_sentences(site: Installation) -> None:
    """The first question of who finds a call that is older than he thought."""
    call = str(found(site)[0]["call"])
    table = run_at(site, "retention", "explain", call, "--purpose", "case:D-1")
    rows = json.loads(run_at(site, "retention", "explain", call, "-o", "json").stdout)

    assert "It is kept; nothing says on which day it goes." in table.output
    assert "By rule default it never has to go." in table.output
    assert "The policy as shipped judges it: no other revision is for it." in table.output
    assert [each["revision"] for each in rows] == [0]
    # For which case somebody asked is a text of the journal itself.
    assert rows[0]["texts"]["count"] > 0
    assert "texts of the journal about it" in table.output
    assert rows[0]["audio"]["outcome"] == "keep"


def test_an_id_that_others_know_a_call_by_will_do(site: Installation) -> None:
    """As everywhere where a call is named."""
    told = run_at(site, "retention", "explain", "one@example")

    assert told.exception is None
    assert "It is kept" in told.output


def test_it_is_said_in_japanese(site: Installation) -> None:
    """Whoever answers for it reads Japanese."""
    call = str(found(site)[0]["call"])
    told = run_at(site, "--lang", "ja", "retention", "explain", call)

    assert "保存" in told.output
    assert "It is" not in told.output
