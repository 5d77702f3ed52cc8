"""Who it was: calls really recorded, as of then and as known now, and which go together.

SIPp signals, ffmpeg speaks. Each call is asked for by the command alone: what is certain, and what
is remembered, of which the answer is right as soon as the command before has ended.
"""

import json
from typing import Any

import pytest

from tests.scenarios import witness
from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.phones import sipp
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import now, until

pytestmark = pytest.mark.scenario

TABLE = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A17,田中 真由,タナカ マユ,,,2001,,
A18,中田 恵,ナカタ メグミ,,,2002,,
"""
TAKEN_OVER = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A17,田中 真由,タナカ マユ,,,2001,,{at}
A20,鈴木 一,スズキ ハジメ,,,2001,{at},
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

    both_of_them = {hers["call"], ours["call"]}
    (link,) = shown(server, hers)["inferred_links"]
    assert (link["call"], link["because"], link["shared"]) == (
        ours["call"], "called_back", ["agent"],
    )  # fmt: skip

    # Nakata sat there when the customer called; Tanaka called back.
    server.command(
        *(
            "agents",
            "assign",
            "A18",
            "2001",
            "--from",
            hers["started_at"],
            "--to",
            ours["started_at"],
        ),
        *("--reason", "free seating"),
    )
    assert agent_of(server, hers) == ("A18", "中田 恵", ["A17"])
    assert agent_of(server, ours) == ("A17", "田中 真由", [])
    assert found(server, "田中") == found(server, "A17") == {hers["call"], ours["call"]}
    assert found(server, "中田") == {hers["call"]}
    fit = [fitting(server, number, each) for each in ("田中", "中田")]
    assert fit == [both_of_them, {hers["call"]}]
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
    assert found(server, "田中") == found(server, "中田") == both_of_them
    assert fitting(server, number, "田中") == fitting(server, number, "中田") == both_of_them

    # Her name has changed; the table knows nothing of that day, who was named by hand stays.
    import_table(server, MARRIED)
    assert agent_of(server, ours) == ("A18", "高橋 恵", ["A17"])
    assert agent_of(server, hers) == ("A17", "田中 真由", ["A18"])
    assert found(server, "高橋") == found(server, "中田") == both_of_them
    assert fitting(server, number, "高橋") == fitting(server, number, "中田") == both_of_them


def test_whoever_had_the_extension_then_is_who_is_remembered(
    request: pytest.FixtureRequest,
) -> None:
    """It was taken over between the call and its call-back: each is found by its own agent."""
    stage: Stage = request.getfixturevalue("patient")
    server, number = stage.server, fresh_number()
    import_table(server, TABLE)
    hers = recorded(stage, number, "inbound")["call"]
    import_table(server, TAKEN_OVER.format(at=now().isoformat()))
    ours = recorded(stage, number, "outbound")["call"]

    assert fitting(server, number, "田中") == {hers}
    assert fitting(server, number, "鈴木") == {ours}
    assert fitting(server, number, extension="2001") == {hers, ours}
    assert fitting(server, number, happened="called_back") == {hers, ours}
    # As is known later, he had it all the time; as of then, she was who was told of.
    import_table(server, TAKEN_OVER.format(at="2026-01-01T00:00Z"))
    assert fitting(server, number, "田中") == {hers}
    assert fitting(server, number, "鈴木") == {hers, ours}


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


def fitting(server: Server, number: str, agent: str = "", **options: str) -> set[str]:
    """The calls that are as somebody remembers them: the end of the number, a name, an option.

    What is remembered excludes nothing, so both calls are candidates each time.
    """
    text = f"下4桁{number[-4:]}" + (f"、{agent}さん" if agent else "")
    more = [word for name, value in options.items() for word in (f"--{name}", value)]
    likely = ["--likely", "all"] if more else []
    asked = ("calls", "find", text, *more, *likely, "--zone", "Asia/Tokyo", "-o", "json")
    # There is no answer while columns are made.
    told = until(lambda: server.command(*asked, expected=None) or None, "the columns", within_s=30)
    candidates = json.loads(told)["candidates"]
    assert len(candidates) == 2
    return {
        str(each["conversation"])
        for each in candidates
        if {one["verdict"] for one in each["verdicts"]} == {"match"}
    }


_TODAY = ("--from", "-1d", "--to", "-0h", "--zone", "UTC")
