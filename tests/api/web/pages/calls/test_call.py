"""The page of one call: what it says, to whom, and what nobody can make of it."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from api.permissions.roles import Role
from api.web.pages.calls.call_visit import GLASS_COOKIE, seal_reason
from api.words.request_flaw_words import SENTENCES
from api.words.values import WORDS
from archive.call.adoption import StreamGap, StreamReplay, StreamSound
from archive.call.events import (
    Attempted,
    CallEnded,
    Event,
    Flagged,
    Name,
    NameId,
    ParticipantChanged,
    PartiesJoined,
    RecordingBegan,
    RecordingPaused,
)
from archive.ids import ConversationId
from rokuon.messages.i18n import words_in
from tests.api.examples import CALL, OTHERS_CALL
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import (
    MINUTE_US,
    NOW_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    inline,
    notice_played,
    opened,
    party,
    recording_id,
    speaking,
    stream,
    unread,
    with_streams,
)
from tests.support.catalog.linking import HOUR_US, outbound
from tests.support.pages.call import EVIL, journal, taken
from tests.support.web.measures import RESTRICTING, suspend, take_over_at


def evil_call() -> tuple[Event, ...]:
    """A call of which every name, address and reason that others can fill is markup."""
    began = msgspec.structs.replace(opened(), mode="inline", source=EVIL, from_name=EVIL)
    joined = ParticipantChanged(
        at_us=STARTED_US,
        what="joined",
        participant="c",
        aor=f"sip:{EVIL}@carrier.example",
        name_ids=(NameId(aor=f"sip:{EVIL}@carrier.example", names=(Name(EVIL),)),),
    )
    notice = msgspec.structs.replace(notice_played(), wording=EVIL, prompt=EVIL, language=EVIL)
    paused = RecordingPaused(at_us=STARTED_US + 5, serial=0, by=EVIL, reason=EVIL)
    talks = party(0, f"sip:{EVIL}@carrier.example", "customer", names=(EVIL,))
    ended = CallEnded(at_us=STARTED_US + MINUTE_US, reason="bye")
    return (began, taken(evil=EVIL), stream(0), talks, joined, notice, paused, ended)


async def test_calls_that_seem_to_go_with_it_are_guesses_with_a_way_to_them(tmp_path: Path) -> None:
    """What she asked the first time stands in the other call."""
    began_us = STARTED_US + 2 * HOUR_US
    async with browser(tmp_path) as page:
        alone = await page.see(f"/calls/{CALL}")
        adopt(page.engine, adoption(2, outbound(began_us)))
        answer = await page.see(f"/calls/{CALL}")
        other = await page.see(f"/calls/{recording_id(2, began_us)}")

    assert "Related calls (likely)" not in alone.text
    assert f'<a href="/calls/{recording_id(2, began_us)}">' in answer.text
    assert "the call back ? a guess" in text_of(answer)
    assert "called back by this call ? a guess" in text_of(other)


async def test_a_call_is_shown_in_words_and_the_journal_has_it_first(tmp_path: Path) -> None:
    """Who, when, how long, in which state, how it ended."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls/{CALL}")

        assert [each.target for each in journal(page, "read")] == [CALL]
    text = text_of(answer)
    assert answer.status_code == 200
    for told in ("incoming", "complete", "田中 真由", "03-1234-7788", "hung up", CALL):
        assert told in text
    assert f'<audio controls preload="none" src="/calls/{CALL}/audio">' in answer.text


async def test_the_player_has_a_button_that_tries_again_and_words_for_what_is_missing(
    tmp_path: Path,
) -> None:
    """Hidden until the sound does not open; silence that was sent is nothing that is missing."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls/{CALL}")

    assert '<button type="button" class="button small" data-do="again" hidden>' in answer.text
    assert "The sound cannot be opened just now." in answer.text
    assert [WORDS["blank"][each] for each in ("flat", "not_sent", "lost")] == [
        "silent",
        "not sent",
        "lost",
    ]


async def test_a_suspended_call_has_its_case_told_in_the_place_of_its_player(
    tmp_path: Path,
) -> None:
    """To legal, who may see that it is there; to a reviewer the page says that it may not."""
    async with browser(tmp_path, Role.LEGAL, Role.DISCLOSURE) as page:
        before = await page.see(f"/calls/{CALL}")
        suspend(page.engine)
        answer = await page.see(f"/calls/{CALL}")
        heard = await page.see(f"/calls/{CALL}/audio")
        kept = await page.see(f"/calls/{CALL}/kept")

    assert (answer.status_code, heard.status_code) == (200, 403)
    assert WORDS["limit"]["suspended"] in text_of(answer)
    assert f"/calls/{CALL}/audio" not in answer.text
    assert "<audio" not in answer.text
    assert "player.js" not in answer.text
    assert f'action="/calls/{CALL}/export"' in before.text
    assert f'action="/calls/{CALL}/export"' not in answer.text
    assert f'href="/calls/{CALL}/kept"' in answer.text
    assert "D-1" in text_of(kept)


async def test_a_restricted_call_asks_for_another_purpose(tmp_path: Path) -> None:
    """The page of a refusal has the form with which one goes on; a suspended call has none."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        take_over_at(page.engine, RESTRICTING)
        restricted = await page.see(f"/calls/{CALL}")
        suspend(page.engine)
        suspended = await page.see(f"/calls/{CALL}")

    assert (restricted.status_code, suspended.status_code) == (403, 403)
    assert 'name="purpose"' in restricted.text
    assert "few purposes" in text_of(restricted)
    assert "A case has stopped the use" in text_of(suspended)
    for number in ("+81312347788", "03-1234-7788"):
        assert number not in restricted.text + suspended.text


async def test_a_call_of_nobody_who_is_known_says_so(tmp_path: Path) -> None:
    """An empty table is taken for a broken one."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, (opened(), CallEnded(at_us=STARTED_US + 5, reason="bye"))))
        answer = await page.see(f"/calls/{recording_id(5)}")

    assert "Nobody is known to have taken part." in text_of(answer)


async def test_what_is_not_there_or_anothers_is_one_and_the_same_page(tmp_path: Path) -> None:
    """Nobody can tell which."""
    async with browser(tmp_path) as page:
        answers = [
            await page.see(f"/calls/{id}")
            for id in ("nonsense", recording_id(77), OTHERS_CALL, "%00" * 16)
        ]

    assert {each.status_code for each in answers} == {404}
    assert len({text_of(each) for each in answers}) == 1


async def test_nothing_that_a_caller_or_a_colleague_writes_is_markup(tmp_path: Path) -> None:
    """Names, addresses, notes, tags, reasons: everything that others can fill."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, evil_call()))
        evil = str(recording_id(5))
        fields = {"recording": evil}
        for what in ("note", "tag"):
            sent = await page.send(f"/calls/{evil}/{what}s", {**fields, what: EVIL})
            assert (sent.status_code, sent.headers["location"]) == (303, f"/calls/{evil}#notes")
        answer = await page.see(f"/calls/{evil}")
        found = await page.see(f"/journal/heard?id={evil}")

    assert answer.text.count("&lt;script&gt;alert") >= 8
    for each in (answer, found):
        assert "<script>alert" not in each.text
        assert "<img src=x" not in each.text


async def test_what_cannot_be_written_stands_beside_its_field(tmp_path: Path) -> None:
    """And what was typed is not lost."""
    async with browser(tmp_path) as page:
        long = "x" * 4_001
        answer = await page.send(f"/calls/{CALL}/notes", {"recording": CALL, "note": long})

    assert answer.status_code == 422
    assert f">{long}</textarea>" in answer.text
    assert 'aria-describedby="note-wrong"' in answer.text


@pytest.mark.parametrize(
    ("what", "typed", "source"),
    [
        ("note", "x" * 4_001, "it is too long; write at most {most} characters"),
        ("note", "", "it is empty; write something"),
        ("tag", "a\x07b", "it holds characters that cannot be shown; take those away"),
    ],
    ids=["long", "empty", "controls"],
)
async def test_why_it_cannot_be_written_has_words_in_every_language(
    tmp_path: Path, what: str, typed: str, source: str
) -> None:
    """The register has a word for it, and no sentence."""
    async with browser(tmp_path) as page:
        answer = await page.send(f"/calls/{CALL}/{what}s", {"recording": CALL, what: typed})

    assert answer.status_code == 422
    assert source.format(most=4_000) in text_of(answer)
    assert source in SENTENCES.values()
    assert words_in("ja", source) != source


async def test_what_the_roles_do_not_allow_is_not_offered(tmp_path: Path) -> None:
    """A button that leads to a refusal is a trap."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        page.sessions.purpose = "quality"
        answer = await page.see(f"/calls/{CALL}")

    assert "/audio" in answer.text
    for path in (f"{CALL}/export", f"{CALL}/ladder", "journal/heard"):
        assert f"/{path}" not in answer.text


async def test_a_call_of_another_purpose_says_so_and_how_to_go_on(tmp_path: Path) -> None:
    """By another purpose, or with a reason that raises an alarm."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(6, inline(taken(purpose="quality"))))
        call = str(recording_id(6))
        refused = await page.see(f"/calls/{call}")
        opened = await page.send(f"/calls/{call}/glass", {"reason": "警察からの照会"})
        seen = await page.see(f"/calls/{call}")
        heard = await page.see(f"/calls/{call}/audio")
        other = await page.see(f"/calls/{CALL}")
        broken = journal(page, "broke_glass")
        ended = await page.send(f"/calls/{call}/glass", {})
        after = await page.see(f"/calls/{call}")

    assert refused.status_code == 403
    assert f'action="/calls/{call}/glass"' in refused.text
    assert (opened.status_code, seen.status_code, heard.status_code) == (303, 200, 200)
    assert "警察からの照会" in text_of(seen)
    assert "警察からの照会" not in text_of(other)
    assert [each.detail["why"] for each in broken] == ["警察からの照会"] * 2
    assert (ended.status_code, after.status_code) == (303, 403)


async def test_a_reason_that_was_put_there_from_elsewhere_opens_nothing(tmp_path: Path) -> None:
    """A neighbouring host can set cookies; it has no key of our forms."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(6, inline(taken(purpose="quality"))))
        call = ConversationId(recording_id(6).raw)
        page.client.cookies.set(GLASS_COOKIE, seal_reason("x", "a key of others", call, NOW_US))
        answer = await page.see(f"/calls/{call}")

    assert answer.status_code == 403
    assert journal(page, "broke_glass") == []


async def test_from_where_audio_came_that_is_not_heard_stands_beside_its_flag(
    tmp_path: Path,
) -> None:
    """Whoever looks for why a call is silent looks at it first."""
    elsewhere = Flagged(at_us=STARTED_US, flag="other_sender", detail="192.0.2.9 4002")
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, (*inbound(), elsewhere)))
        told = text_of(await page.see(f"/calls/{recording_id(5)}"))

    assert "sends audio too, which is not heard: 192.0.2.9 4002" in told


async def test_how_much_came_a_second_time_and_whose_it_is_stands_beside_its_flag(
    tmp_path: Path,
) -> None:
    """Whoever hears it must know; it is nobody's attack for sure, so none is named."""
    again = StreamReplay(1, STARTED_US + 5, STARTED_US + 25, 40)
    copied = with_streams(adoption(5), replays=(again,))
    async with browser(tmp_path) as page:
        adopt(page.engine, copied)
        told = text_of(await page.see(f"/calls/{recording_id(5)}"))

    assert "came a second time, long after the first: it is heard once: 40 packets, " in told


async def test_who_is_not_heard_for_want_of_a_decoder_is_named_with_what_helps(
    tmp_path: Path,
) -> None:
    """A silent lane that says nothing is taken for somebody who said nothing."""
    until_us = STARTED_US + 9 * MINUTE_US
    unheard = StreamSound(0, "EVS", ((STARTED_US, until_us),))
    heard = StreamSound(1, "PCMA", ((STARTED_US, until_us),))
    async with browser(tmp_path) as page:
        own = replace(speaking((0, 1), STARTED_US, until_us), sounds=(unheard, heard))
        adopt(page.engine, replace(adoption(5), streams=own))
        told = text_of(await page.see(f"/calls/{recording_id(5)}"))

    assert "EVS cannot be decoded here; the packets are in the copy as pcap." in told
    assert "PCMA cannot" not in told
    assert "Nothing of this call can be heard here." not in told


async def test_where_nothing_can_be_decoded_there_is_no_player_but_the_reason(
    tmp_path: Path,
) -> None:
    """A player that asks to try again later is taken at its word."""
    until_us = STARTED_US + 9 * MINUTE_US
    unheard = (StreamSound(0, "EVS", ((STARTED_US, until_us),)),)
    async with browser(tmp_path) as page:
        own = replace(speaking((0,), STARTED_US, until_us), sounds=unheard)
        adopt(page.engine, replace(adoption(5), streams=own))
        answer = await page.see(f"/calls/{recording_id(5)}")
    told, player = text_of(answer), answer.text.partition('id="player"')[2].partition("</section>")

    assert "Nothing of this call can be heard here." in told
    assert "EVS cannot be decoded here; the packets are in the copy as pcap." in player[0]
    assert "<audio" not in answer.text
    assert "player.js" not in answer.text


async def test_what_is_no_partys_voice_is_told_as_what_it_is_and_a_guess_as_one(
    tmp_path: Path,
) -> None:
    """Music taken for the agent's words, or an announcement for his answer, would be wrong."""
    until_us = STARTED_US + MINUTE_US
    music = StreamSound(
        1, "PCMU", ((STARTED_US, until_us),), others=((until_us - 9_000_000, until_us - 2_000_000),)
    )
    rings = Attempted(at_us=STARTED_US + 1_000_000, target="pbx", outcome="sounded")
    events = inline(
        RecordingBegan(at_us=STARTED_US),
        msgspec.structs.replace(stream(0), label="caller"),
        msgspec.structs.replace(stream(1), label="callee"),
        party(1, "sip:201@pbx.example", "agent", names=("Tanaka",)),
        rings,
        msgspec.structs.replace(rings, at_us=STARTED_US + 4_000_000, outcome="answered"),
        PartiesJoined(at_us=STARTED_US + 4_000_000),
    )
    async with browser(tmp_path) as page:
        own = replace(speaking((0, 1), STARTED_US, until_us), sounds=(music,))
        adopt(page.engine, replace(adoption(5, events), streams=own))
        seen = await page.see(f"/calls/{recording_id(5)}")
    told = text_of(seen)

    assert 'audio#t=1.0" data-kind="early_media"' in seen.text
    assert 'audio#t=51.0" data-kind="hold_music"' in seen.text
    assert "Before Tanaka answered: ringing, an announcement or the like 3" in told
    assert "In the place of Tanaka: music on hold, probably ? a guess 7" in told
    assert "another sender for a while: music on hold, probably ? a guess Tanaka" in told


async def test_what_is_missing_is_told_with_its_place_its_length_and_why(tmp_path: Path) -> None:
    """Loss was taken for silence; where nobody knows, the page says that."""
    place = STARTED_US + 12_300_000
    loss = StreamGap(0, place, place + 400_000, 20, 400_000, "lost")
    torn = with_streams(adoption(5), gaps=(loss,))
    async with browser(tmp_path) as page:
        adopt(page.engine, torn, adoption(6))
        unread(page.engine, recording_id(6))
        known = await page.see(f"/calls/{recording_id(5)}")
        unknown = await page.see(f"/calls/{recording_id(6)}")

    assert 'audio#t=12.3" data-kind="gap"' in known.text
    assert "is missing: lost on the way to Rokuon 0.40 s, 20 packets" in text_of(known)
    assert "Whether sound is missing in it is not known" not in text_of(known)
    assert "Whether sound is missing in it is not known" in text_of(unknown)
