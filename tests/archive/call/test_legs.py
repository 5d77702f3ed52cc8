"""Who stayed in a recording, from when to when."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, strategies as st
from msgspec.structs import replace

from archive.call.events import (
    CallEnded,
    Event,
    Name,
    NameId,
    ParticipantChange,
    ParticipantChanged,
    Side,
    StreamAdded,
    StreamChanged,
    StreamRemoved,
)
from archive.call.legs import LegFacts, LegStream, legs_of
from tests.archive.catalog.examples import (
    AGENT,
    CUSTOMER,
    MINUTE_US,
    SECOND_US,
    STARTED_US,
    inbound,
    party,
    stream,
)

LAST_US = STARTED_US + 9 * MINUTE_US
LATER_US = STARTED_US + 3 * MINUTE_US


def legs(*events: Event) -> tuple[LegFacts, ...]:
    return legs_of(events, "JP", LAST_US)


def changed(
    what: ParticipantChange,
    who: str,
    *name_ids: NameId,
    at_us: int = STARTED_US,
    instead_of: str = "",
    speaks: tuple[int, ...] = (),
    hears: tuple[int, ...] = (),
) -> ParticipantChanged:
    return ParticipantChanged(
        at_us=at_us,
        what=what,
        participant=who,
        aor=name_ids[0].aor if name_ids else "",
        instead_of=instead_of,
        name_ids=name_ids,
        speaks=speaks,
        hears=hears,
    )


def numbers(found: tuple[LegFacts, ...]) -> list[list[str]]:
    return [[at.number.raw for at in leg.addresses] for leg in found]


def test_every_participant_of_a_mixed_stream_stays_in_a_leg_of_its_own() -> None:
    """One m-line, two or more participants: BroadWorks, Metaswitch, Webex, Avaya."""
    found = legs(
        stream(0),
        changed("joined", "a", NameId(CUSTOMER), speaks=(0,)),
        changed("joined", "b", NameId(AGENT), speaks=(0,)),
        replace(party(0, CUSTOMER, "unknown"), participant="a", also=("b",)),
    )

    assert numbers(found) == [["+81312347788"], ["2001"]]
    assert [leg.streams for leg in found] == [(LegStream(0, "sends"),)] * 2


def test_a_participant_without_a_stream_has_a_leg_too() -> None:
    """Recordings that are there say of the others on a mixed stream that they joined, no more."""
    found = legs(
        stream(0),
        changed("joined", "a", NameId(CUSTOMER)),
        changed("joined", "b", NameId(AGENT)),
        replace(party(0, CUSTOMER, "customer"), participant="a"),
    )

    assert numbers(found) == [["+81312347788"], ["2001"]]
    assert found[1].streams == ()


def test_all_addresses_and_names_of_a_participant_are_its_own() -> None:
    """RFC 7865 §6.5.1: a participant may have several nameIDs."""
    tanaka = (Name("田中 真由", "ja"), Name("Mayu Tanaka", "en"))
    found = legs(
        stream(0),
        changed("joined", "b", NameId(AGENT, tanaka), NameId("tel:+81355501234"), speaks=(0,)),
    )

    assert numbers(found) == [["2001", "+81355501234"]] or numbers(found[1:]) == [
        ["2001", "+81355501234"]
    ]
    assert found[-1].names == (("田中 真由", "ja"), ("Mayu Tanaka", "en"))


def test_what_a_participant_hears_is_told_beside_what_it_says() -> None:
    """The streams of a leg are none to many, each way."""
    (one,) = legs(changed("joined", "a", NameId(CUSTOMER), speaks=(0,), hears=(1, 2)))

    assert one.streams == (
        LegStream(0, "sends"),
        LegStream(1, "receives"),
        LegStream(2, "receives"),
    )


def test_who_takes_anothers_place_is_a_leg_that_says_whose() -> None:
    """After a transfer both are found, each in his time."""
    found = legs(
        stream(0),
        stream(1),
        changed("joined", "a", NameId(CUSTOMER)),
        changed("joined", "b", NameId(AGENT)),
        replace(party(0, CUSTOMER, "customer"), participant="a"),
        replace(party(1, AGENT, "agent"), participant="b"),
        changed("left", "b", at_us=LATER_US),
        changed("transferred", "c", NameId("sip:2002@pbx.example"), at_us=LATER_US, instead_of="b"),
        replace(party(1, "sip:2002@pbx.example", "agent", at_us=LATER_US), participant="c"),
        CallEnded(at_us=LAST_US, reason="bye"),
    )

    assert [(leg.participant, leg.from_us, leg.until_us, leg.instead_of) for leg in found] == [
        ("a", STARTED_US, LAST_US, ""),
        ("b", STARTED_US, LATER_US, ""),
        ("c", LATER_US, LAST_US, "b"),
    ]


def test_each_of_several_transfers_ends_the_stay_before_it() -> None:
    """An inline call says whose place was taken and nothing else."""
    at_us = [STARTED_US + n * MINUTE_US for n in (1, 2)]
    told: list[Event] = []
    for number, moment in enumerate(at_us, 2):
        told.append(
            replace(party(1, f"sip:200{number}@x", "agent", at_us=moment), participant=f"p{number}")
        )
        told.append(changed("transferred", f"p{number}", at_us=moment, instead_of=f"p{number - 1}"))
    first = replace(party(1, AGENT, "agent"), participant="p1")
    found = legs(stream(1), first, *told)

    assert [(leg.participant, leg.from_us, leg.until_us, leg.instead_of) for leg in found] == [
        ("p1", STARTED_US, at_us[0], ""),
        ("p2", at_us[0], at_us[1], "p1"),
        ("p3", at_us[1], LAST_US, "p2"),
    ]


def test_who_is_known_by_another_id_from_now_on_has_not_come_again() -> None:
    """Headers told him by his address, the metadata that came later has an id of its own."""
    (one,) = legs(
        changed("joined", CUSTOMER, NameId(CUSTOMER)),
        changed("joined", "a", NameId(CUSTOMER), at_us=LATER_US, instead_of=CUSTOMER),
    )

    assert (one.participant, one.from_us, one.until_us) == ("a", STARTED_US, LAST_US)


def test_another_party_on_a_stream_is_another_leg() -> None:
    """Where nobody says who comes and goes, the voice does."""
    later = party(1, "sip:2002@pbx.example", "agent", at_us=LATER_US)
    found = legs(*inbound()[:-1], later)

    assert [(each.addresses[0].number.raw, each.from_us, each.until_us) for each in found[1:]] == [
        ("2001", STARTED_US, LATER_US),
        ("2002", LATER_US, LAST_US),
    ]


def test_what_is_learnt_later_about_a_party_holds_for_its_whole_stay() -> None:
    """A metadata update corrects a name; nobody has come or gone."""
    later = party(1, AGENT, "agent", names=("田中",), at_us=STARTED_US + SECOND_US)
    agent = legs(*inbound(), later)[1]

    assert (agent.from_us, agent.names) == (STARTED_US, (("田中", ""),))


def test_who_is_named_late_was_there_since_the_stream_began() -> None:
    """Metadata may come after the first packets: before it, nobody is known, not another."""
    late = party(0, CUSTOMER, "customer", at_us=LATER_US)
    unnamed = replace(party(0, "", "customer", because="first_stream"), participant="")
    (one,) = legs(stream(0), unnamed, late)

    assert (one.from_us, one.decided.because) == (STARTED_US, "internal_domain")


def test_a_removed_stream_ends_the_stay_of_who_was_known_by_his_voice_alone() -> None:
    """Who hung up first was not there until the end."""
    found = legs(*inbound(), StreamRemoved(at_us=LATER_US, stream=0))

    assert [leg.until_us for leg in found] == [LATER_US, LAST_US]


def test_a_removed_stream_does_not_end_the_stay_of_who_is_still_there() -> None:
    """Port 0 is a hold; the metadata says who left."""
    (one,) = legs(
        stream(0),
        changed("joined", "a", NameId(CUSTOMER)),
        replace(party(0, CUSTOMER, "customer"), participant="a"),
        StreamRemoved(at_us=LATER_US, stream=0),
    )

    assert one.until_us == LAST_US


def test_a_refused_line_leaves_no_leg_of_nobody() -> None:
    """It was offered and answered with port 0: nobody ever spoke there."""
    refused = StreamAdded(
        at_us=STARTED_US, stream=2, label="v", local_port=1, formats=(), direction="recvonly"
    )
    found = legs(*inbound()[:-1], refused, StreamRemoved(at_us=STARTED_US + 1, stream=2))

    assert len(found) == 2


def test_a_stream_of_nobody_known_is_a_leg_all_the_same() -> None:
    """Without metadata there is a call, and a side that is guessed."""
    unnamed = replace(party(0, "", "customer", because="first_stream"), participant="")
    (one,) = legs(stream(0), unnamed)

    assert (one.participant, one.addresses, one.decided.side) == ("", (), "customer")


def test_who_is_named_with_the_first_sound_of_a_line_was_not_there_before() -> None:
    """A line is offered inactive until its callee answers: that was ringing, and nobody's stay."""
    inactive = replace(stream(1), direction="inactive")
    opened = StreamChanged(at_us=LATER_US, stream=1, formats=(), direction="recvonly")
    named = replace(party(1, AGENT, "agent"), at_us=LATER_US)
    early = replace(named, at_us=LATER_US - 1)
    (answered,) = legs(inactive, opened, named)
    (ringing,) = legs(inactive, early, opened)
    (nobody,) = legs(inactive, opened)

    assert [each.from_us for each in (answered, ringing, nobody)] == [
        LATER_US, LATER_US - 1, LATER_US,
    ]  # fmt: skip


def test_what_the_node_plays_is_nobodys_stay() -> None:
    """A notice is no participant."""
    prompt = replace(stream(2), direction="sendonly")
    played = party(2, "", "node", because="played")

    assert len(legs(*inbound()[:-1], prompt, played)) == 2


def test_who_comes_back_stays_twice() -> None:
    """Each stay has its own beginning and end."""
    found = legs(
        changed("joined", "a", NameId(CUSTOMER)),
        changed("left", "a", at_us=STARTED_US + SECOND_US),
        changed("joined", "a", NameId(CUSTOMER), at_us=LATER_US),
    )

    assert [(leg.from_us, leg.until_us) for leg in found] == [
        (STARTED_US, STARTED_US + SECOND_US),
        (LATER_US, LAST_US),
    ]


@pytest.mark.parametrize("aor", ["0312347788", "sip:0312347788", "<sip:0312347788@x;user=phone>"])
def test_a_number_is_read_however_it_stands_in_an_address(aor: str) -> None:
    """BroadWorks writes `sip:` and a number without a host, others the number alone."""
    (one,) = legs(changed("joined", "a", NameId(aor)))

    assert one.addresses[0].number.e164 == "+81312347788"


def test_a_guess_does_not_take_the_place_of_evidence() -> None:
    """The caller has left, and with him what told the sides apart: an agent stays an agent."""
    found = legs(
        stream(0),
        party(0, AGENT, "agent", because="call_type"),
        party(0, AGENT, "customer", because="first_stream", at_us=LATER_US),
    )

    assert [(leg.decided.side, leg.decided.because) for leg in found] == [("agent", "call_type")]


def test_the_first_guess_stays_until_evidence_comes() -> None:
    """Nobody turns round in mid-call: what comes later knows no more than the first did."""
    guesses = (
        stream(0),
        party(0, AGENT, "customer", because="first_stream"),
        party(0, AGENT, "agent", because="first_stream", at_us=LATER_US),
        party(0, AGENT, "agent", because="number_shape", at_us=LATER_US),
    )
    evidence = party(0, AGENT, "agent", because="call_type", at_us=LATER_US)

    assert [leg.decided.side for leg in legs(*guesses)] == ["customer"]
    assert [leg.decided.side for leg in legs(*guesses, evidence)] == ["agent"]


def guessed(what: ParticipantChange, who: str, side: Side, **more: object) -> ParticipantChanged:
    return replace(changed(what, who), side=side, because="first_stream", **more)


def test_who_comes_back_is_on_the_side_that_was_guessed_first() -> None:
    """Whatever m-line he then speaks on."""
    found = legs(
        guessed("joined", "a", "customer"),
        guessed("left", "a", "unknown", at_us=STARTED_US + SECOND_US),
        guessed("joined", "a", "agent", at_us=LATER_US),
    )

    assert [leg.decided.side for leg in found] == ["customer", "customer"]


def test_who_takes_the_place_of_another_is_guessed_to_be_on_his_side() -> None:
    """A transfer, and one who is known by another id from then on."""
    for what in ("transferred", "joined"):
        found = legs(
            guessed("joined", "a", "customer"),
            guessed("joined", "b", "agent"),
            guessed(what, "c", "customer", at_us=LATER_US, instead_of="b"),
        )

        assert {leg.participant: leg.decided.side for leg in found}["c"] == "agent"


def test_a_swap_by_metadata_puts_nobody_on_anothers_stream() -> None:
    """What capture once wrote: each is told with the stream that the other one speaks on."""
    at_us = LATER_US
    found = legs(
        stream(0),
        stream(1),
        changed("joined", "a", speaks=(0,)),
        changed("joined", "b", speaks=(1,)),
        replace(party(0, CUSTOMER, "customer"), participant="a"),
        replace(party(1, AGENT, "agent"), participant="b"),
        changed("joined", "a", speaks=(1,), at_us=at_us),
        changed("joined", "b", speaks=(0,), at_us=at_us),
        StreamRemoved(at_us=at_us, stream=0),
        stream(2, at_us),
        replace(party(2, AGENT, "agent", at_us=at_us), participant="b"),
        StreamRemoved(at_us=at_us, stream=1),
        stream(3, at_us),
        replace(party(3, CUSTOMER, "customer", at_us=at_us), participant="a"),
    )

    assert {leg.participant: leg.streams for leg in found} == {
        "a": (LegStream(0, "sends"), LegStream(3, "sends")),
        "b": (LegStream(1, "sends"), LegStream(2, "sends")),
    }


@dataclass
class Told:
    """What a reader of these events may believe: lines spoken on, first guesses, who has left."""

    events: list[Event] = field(default_factory=lambda: [stream(0), stream(1), stream(2)])
    speaker: dict[int, str] = field(default_factory=dict)
    spoke: set[tuple[str, int]] = field(default_factory=set)
    guess: dict[str, Side] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)

    def tell(self, what: str, who: str, line: int, side: Side) -> None:
        at_us = STARTED_US + len(self.events)
        if what == "left":
            self.events.append(guessed("left", who, "unknown", at_us=at_us))
            self.gone.add(who)
            self.speaker = {at: other for at, other in self.speaker.items() if other != who}
            return
        if what == "joined":
            self.events.append(guessed("joined", who, side, at_us=at_us, speaks=(line,)))
            self.gone.discard(who)
            self.speaker.setdefault(line, who)
        else:
            spoken = party(line, f"sip:{who}@x", side, because="first_stream", at_us=at_us)
            self.events.append(replace(spoken, participant=who))
            if who not in self.gone:
                self.speaker[line] = who
        if who not in self.gone:
            self.guess.setdefault(who, side)
        if self.speaker.get(line) == who:
            self.spoke.add((who, line))


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["joined", "left", "speaks"]),
            st.sampled_from("abcd"),
            st.integers(0, 2),
            st.sampled_from(["customer", "agent"]),
        ),
        max_size=24,
    )
)
def test_whatever_is_told_nobody_speaks_on_anothers_stream_and_guesses_stay(
    steps: list[tuple[str, str, int, Side]],
) -> None:
    """Up to four people on three streams, who come, leave and change places."""
    told = Told()
    for step in steps:
        told.tell(*step)
    found = [leg for leg in legs(*told.events) if leg.participant]

    spoke = {(leg.participant, each.stream) for leg in found for each in leg.streams}
    assert spoke <= told.spoke
    assert all(leg.decided.side == told.guess[leg.participant] for leg in found)


def test_who_has_left_does_not_stay_because_his_stream_still_bears_his_name() -> None:
    """The client describes him otherwise once he is gone, and nobody else speaks there."""
    who = f"participant of {AGENT}"
    found = legs(
        stream(0),
        changed("joined", who, NameId(AGENT), speaks=(0,)),
        party(0, AGENT, "customer"),
        changed("left", who, at_us=LATER_US),
        party(0, AGENT, "agent", at_us=LATER_US),
    )

    assert [leg.until_us for leg in found] == [LATER_US]
