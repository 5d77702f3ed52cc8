"""A leg as it is answered."""

from zoneinfo import ZoneInfo

from api.web.http.legs import LegView
from archive.call.legs import Decided, LegStream
from archive.catalog.search.found_legs import FoundAgent, FoundLeg, FoundNumber, FoundWho

TOKYO = ZoneInfo("Asia/Tokyo")
LEG = FoundLeg(
    who=FoundWho(
        participant="p",
        name="田中",
        numbers=(
            FoundNumber(aor="sip:2001@x", raw="2001", e164=""),
            FoundNumber(aor="tel:0355501234", raw="0355501234", e164="+81355501234"),
        ),
    ),
    decided=Decided(side="agent", because="agent_table"),
    streams=(LegStream(0, "sends"), LegStream(1, "receives")),
    from_us=0,
    until_us=1_000_000,
    instead_of="q",
    agent=FoundAgent(agent_id="A17", name="", attributed_by="table", confidence="likely"),
)


def test_every_number_and_every_stream_of_a_leg_is_answered() -> None:
    """By each of them the call may be asked for."""
    shown = LegView.show(LEG, TOKYO)

    assert [each.number for each in shown.numbers] == ["2001", "+81355501234"]
    assert (shown.number, shown.speaks, shown.hears) == ("2001", [0], [1])
    assert (shown.instead_of, shown.side_because, shown.side_guessed) == ("q", "agent_table", False)
    assert shown.start_at.isoformat() == "1970-01-01T09:00:00+09:00"


def test_an_agent_without_a_name_of_the_table_has_that_of_the_call() -> None:
    """The table may know a seat and no name."""
    agent = LegView.show(LEG, TOKYO).agent

    assert agent is not None
    assert (agent.id, agent.name) == ("A17", "田中")
