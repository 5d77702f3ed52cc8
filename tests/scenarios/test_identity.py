"""Who it was: calls really recorded, as of then and as known now, and which go together.

SIPp signals, ffmpeg speaks. Each call is asked for by the command alone.
"""

from typing import Any

import pytest

from tests.scenarios import witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.phones import sipp
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage, fresh_number

pytestmark = pytest.mark.scenario

TABLE = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A17,田中 真由,タナカ マユ,,,2001,,
A18,中田 恵,ナカタ メグミ,,,2002,,
"""
MARRIED = TABLE.replace("中田 恵,ナカタ メグミ", "高橋 恵,タカハシ メグミ")


@pytest.fixture(autouse=True)
def _peers() -> None:
    """SIPp, ffmpeg and tcpdump, or a reason why not."""
    if why := sipp.why_not() or witness.why_not():
        pytest.skip(why)


def test_both_answers_on_calls_really_recorded(request: pytest.FixtureRequest) -> None:
    """Called back, free seating, corrected, a changed name; before and after a rebuild."""
    stage: Stage = request.getfixturevalue("patient")
    server = stage.server
    import_table(server, TABLE)
    number = fresh_number()
    hers, ours = recorded(stage, number, "inbound"), recorded(stage, number, "outbound")

    (link,) = shown(server, hers)["inferred_links"]
    assert (link["call"], link["because"], link["shared"]) == (
        ours["call"], "called_back", ["agent"],
    )  # fmt: skip

    # Nakata sat there when the customer called; Tanaka called back.
    until = ours["started_at"]
    server.command(
        *("agents", "assign", "A18", "2001", "--from", hers["started_at"], "--to", until),
        *("--reason", "free seating"),
    )
    assert agent_of(server, hers) == ("A18", "中田 恵", ["A17"])
    assert agent_of(server, ours) == ("A17", "田中 真由", [])
    assert found(server, "田中") == found(server, "A17") == {hers["call"], ours["call"]}
    assert found(server, "中田") == {hers["call"]}
    assert shown(server, hers)["inferred_links"] == []

    # It was Nakata who called back, too.
    server.command(
        *("calls", "correct", ours["call"], "agent", "A18", "--side", "agent"),
        *("--reason", "heard it"),
    )
    assert agent_of(server, ours) == ("A18", "中田 恵", ["A17"])
    assert [each["shared"] for each in shown(server, hers)["inferred_links"]] == [["agent"]]

    before = [shown(server, each) for each in (hers, ours)]
    server.command("index", "rebuild")
    assert [shown(server, each) for each in (hers, ours)] == before
    assert found(server, "田中") == found(server, "中田") == {hers["call"], ours["call"]}

    # Her name has changed; the table knows nothing of that day, who was named by hand stays.
    import_table(server, MARRIED)
    assert agent_of(server, ours) == ("A18", "高橋 恵", ["A17"])
    assert agent_of(server, hers) == ("A17", "田中 真由", ["A18"])
    assert found(server, "高橋") == found(server, "中田") == {hers["call"], ours["call"]}


def recorded(stage: Stage, number: str, call_type: str) -> dict[str, Any]:
    """A call of this customer with extension 2001, as its row has it."""
    told = metadata(number).replace(
        '"/>', f'"><callType xmlns="urn:scenario">{call_type}</callType></session>', 1
    )
    with stage.call("call", both(description(), told)) as call:
        customer, agent = call.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        call.hang_up()
    row = recorded_of(call.scene, "--number", number).row
    assert row["direction"] == call_type
    return row


def import_table(server: Server, table: str) -> None:
    """As a site does."""
    file = server.folder / "agents.csv"
    file.write_text(table)
    server.command("agents", "import", str(file))


def shown(server: Server, row: dict[str, Any]) -> dict[str, Any]:
    """All that is known of a call."""
    return dict(server.value("calls", "show", row["call"]))


def agent_of(server: Server, row: dict[str, Any]) -> tuple[str, str, list[str]]:
    """Whose the call is, and who was said to be it before."""
    (recording,) = shown(server, row)["recordings"]
    (leg,) = (each for each in recording["legs"] if each["side"] == "agent")
    return leg["agent_id"], leg["agent"], leg["was"]


def found(server: Server, agent: str) -> set[str]:
    """The calls that a search for an agent finds."""
    return {str(row["call"]) for row in server.rows("calls", "find", *_TODAY, "--agent", agent)}


_TODAY = ("--from", "-1d", "--to", "-0h", "--zone", "UTC")
