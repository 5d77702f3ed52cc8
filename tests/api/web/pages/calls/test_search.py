"""The page that finds calls: what was typed, what it means, what is shown."""

from pathlib import Path

import msgspec
import pytest

from api.permissions.roles import Role
from archive.call.events import Event, Name, StreamPartyKnown
from archive.call.mentions import Mention
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from rokuon.messages.i18n import words_in
from tests.api.actors import person
from tests.api.examples import OTHERS_CALL
from tests.api.web.pages.browser import Browser, browser, text_of
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    MINUTE_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    recording_id,
)
from tests.support.catalog.ledger import page as ledger_page, refused
from tests.support.web.destruction import destroyed
from tests.told import all_told, last_told

THAT_DAY = "range=dates&from=2026-10-29"


def actions(page: Browser) -> list[str]:
    """What the journal has."""
    with reading(page.engine) as connection:
        found = all_told(connection)
    return [each.entry.action for each in found if each.entry.action in ("searched", "found")]


async def test_a_call_is_found_with_its_parties_and_leads_to_its_page(tmp_path: Path) -> None:
    """And nobody else's is."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls?{THAT_DAY}")

    assert answer.status_code == 200
    assert 'href="/calls/' in answer.text
    assert OTHERS_CALL not in answer.text
    assert "incoming" in text_of(answer)
    assert actions(page)[:2] == ["searched", "found"]


def guessed_call() -> tuple[Event, ...]:
    """Nothing says which of the two is ours."""
    return tuple(
        msgspec.structs.replace(each, because="first_stream", names=(Name("佐藤"),))
        if isinstance(each, StreamPartyKnown)
        else each
        for each in inbound(agent="sip:0698765432@x")
    )


@pytest.mark.parametrize("asked", ["customer", "agent"])
async def test_a_guess_is_found_by_both_words_and_marked_by_form_and_word(
    tmp_path: Path, asked: str
) -> None:
    """Colour alone would tell some people nothing."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(9, guessed_call()))
        answer = await page.see(f"/calls?{THAT_DAY}&{asked}=佐藤")

    assert '<span class="mark guess"><span aria-hidden="true">?</span>佐藤 ' in answer.text
    assert "<small>a guess</small>" in answer.text
    assert "By a guess: nobody knows on which side who is asked for is" in text_of(answer)


async def test_a_search_for_a_direction_leads_to_those_that_it_left_out(tmp_path: Path) -> None:
    """Whoever searches for incoming calls may mean one of them."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(9, guessed_call()))
        answer = await page.see(f"/calls?{THAT_DAY}&direction=inbound")
        others = await page.see(f"/calls?{THAT_DAY}&direction=unknown")

    assert "Calls of unknown direction that were left out: 1" in text_of(answer)
    assert "direction=unknown" in answer.text
    assert "Calls on this page: 1" in text_of(others)


async def test_what_is_wrong_is_shown_and_nothing_is_journalled(tmp_path: Path) -> None:
    """The field keeps what was typed."""
    async with browser(tmp_path) as page:
        answer = await page.see("/calls?range=dates&from=soon")

    assert 'value="soon"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert actions(page) == []


async def test_what_is_wrong_is_named_as_its_field_is(tmp_path: Path) -> None:
    """By its label, for nobody knows how we call it; what is no field by what was sent."""
    async with browser(tmp_path) as page:
        answer = await page.see("/calls?from=soon&least=x&nonsense=1")

    told = answer.text.partition('id="errors"')[2].partition("</ul>")[0]
    assert '<a href="#from">From</a>' in told
    assert '<a href="#least">At least (minutes)</a>' in told
    assert '<a href="#nonsense">nonsense</a>' in told


async def test_a_name_that_is_markup_is_read_and_does_nothing(tmp_path: Path) -> None:
    """Whoever calls may call itself anything."""
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, inbound(STARTED_US - MINUTE_US, customer=f"sip:{evil}@x")))
        answer = await page.see(f"/calls?{THAT_DAY}&agent={evil}")
        listed = await page.see(f"/calls?{THAT_DAY}")

    for each in (answer, listed):
        assert "<script>alert" not in each.text
        assert "<img src=x" not in each.text


async def test_days_are_counted_with_a_table_beside_the_chart(tmp_path: Path) -> None:
    """A chart alone is seen by some."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls/days?{THAT_DAY}")

    assert "Recordings found: 1" in text_of(answer)
    assert ("<svg" in answer.text, "<table>" in answer.text) == (True, True)
    assert actions(page) == ["searched"]


async def test_what_is_counted_by_a_guess_says_so(tmp_path: Path) -> None:
    """The chart is no more sure than the table below it."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(9, guessed_call()))
        by_name = await page.see(f"/calls/days?{THAT_DAY}&agent=佐藤")
        by_number = await page.see(f"/calls/days?{THAT_DAY}&number=0698765432")

    assert "Recordings found: 1 · of these by a guess of sides: 1" in text_of(by_name)
    assert "by a guess" not in text_of(by_number)


async def test_who_may_not_search_is_told_and_the_journal_has_it(tmp_path: Path) -> None:
    """In words, with what to do; not as an empty list."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        page.sessions.purpose = "quality"
        answer = await page.see("/calls")
        with reading(page.engine) as connection:
            last = last_told(connection).entry

    assert answer.status_code == 403
    assert "Your roles do not allow this" in text_of(answer)
    assert last.action == "refused"


async def test_agents_are_offered_in_the_order_of_their_readings_to_who_may_see_them(
    tmp_path: Path,
) -> None:
    """田中 (たなか) before 中田 (なかた), and 大野 (おおの) before both; from a file: no markup."""
    evil = '"><script>alert(1)</script>'
    table = AGENTS_CSV + f'A20,"{evil.replace(chr(34), chr(34) * 2)}",ワ,,,2009,,\n'
    async with browser(tmp_path, Role.REVIEWER) as page:
        import_agents(page.engine, table.encode(), TOKYO, access())
        form, answer = await page.see("/calls"), await page.see("/calls/agents")

    assert "田中 真由" not in form.text
    offered = answer.text.partition('<datalist id="agents">')[2].partition("</datalist>")[0]
    places = [offered.index(name) for name in ("大野 守", "田中 真由", "中田 恵", "alert(1)")]
    assert places == sorted(places)
    assert "<script>alert" not in answer.text


async def test_what_was_destroyed_of_that_time_and_queue_is_counted(tmp_path: Path) -> None:
    """Nobody must think that there never was such a call."""
    said = "Recordings of that time that were destroyed: 1"
    async with browser(tmp_path) as page:
        destroyed(page.engine, "support")
        every = await page.see(f"/calls?{THAT_DAY}")
        of_queue = await page.see(f"/calls?{THAT_DAY}&queue=support")
        of_other = await page.see(f"/calls?{THAT_DAY}&queue=sales")
        before = await page.see("/calls?range=dates&from=2026-10-20&to=2026-10-21")

    assert said in text_of(every)
    assert "Recordings of that time and queue that were destroyed: 1" in text_of(of_queue)
    for each in (of_other, before):
        assert "destroyed" not in text_of(each)


async def test_a_number_is_told_as_people_write_it_with_what_was_looked_for_marked(
    tmp_path: Path,
) -> None:
    """Beside the name; who reads it aloud to a customer reads no +81."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls?{THAT_DAY}&number=7788")

    assert "03-1234-<mark>7788</mark>" in answer.text
    assert ">+81312347788" not in answer.text


async def test_a_search_for_a_number_leads_to_its_calls_without_a_recording(
    tmp_path: Path,
) -> None:
    """For who may see the ledger; nobody else is told."""
    caller = Mention(told_as="caller", address="sip:0355501234@carrier.example")
    told = msgspec.structs.replace(refused(1), mentions=(caller,))
    async with browser(tmp_path) as page:
        adopt(page.engine, ledger_page(60, told, refused(2)))
        mine = await page.see(f"/calls?{THAT_DAY}&number=0355501234")
        before = actions(page)
        page.sessions.account = person(Role.REVIEWER)
        others = await page.see(f"/calls?{THAT_DAY}&number=0355501234")
    line = "Calls of that time with this number or name that have no recording: 1"

    assert line in text_of(mine)
    assert '<a href="#missing">' in mine.text
    assert (
        '<td class="prose">0<mark>3-5550-1234</mark></td>' in mine.text.partition('id="missing"')[2]
    )
    assert mine.text.partition('id="missing"')[2].count('<tr><th scope="row"') == 1
    assert before == ["searched", "found", "found"]
    assert line not in text_of(others)
    assert 'id="missing"' not in others.text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("number withheld", "payphone")), ("ja", ("番号非通知", "公衆電話"))],
)
async def test_a_number_that_is_not_shown_is_told_in_words_of_the_reader(
    tmp_path: Path, language: str, words: tuple[str, str]
) -> None:
    """In list, ranking and the call itself; `Coin line/payphone` is what an operator writes."""
    ids = []
    async with browser(tmp_path, language=language, words=words_in) as page:
        for number, who in ((20, "anonymous"), (21, "payphone")):
            began_us = STARTED_US + number * MINUTE_US
            customer = f"sip:{who}@carrier.example"
            adopt(page.engine, adoption(number, inbound(began_us, customer=customer)))
            ids.append(recording_id(number, began_us))
        page.make_columns()
        listed = text_of(await page.see(f"/calls?{THAT_DAY}"))
        ranked = text_of(await page.see("/calls?text=非通知"))
        calls = [text_of(await page.see(f"/calls/{each}")) for each in ids]

    for shown in (listed, ranked, *calls):
        assert "anonymous" not in shown
        assert "payphone" not in shown or "payphone" in words
    assert all(each in listed and each in ranked for each in words)
    assert all(word in call for word, call in zip(words, calls, strict=True))
