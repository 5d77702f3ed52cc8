"""The page of ranked calls: what is typed, what is understood, what may be meant, what is next."""

import re
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import quote

import httpx2
import msgspec
import pytest

from api.locate.column_keeper import ColumnsNotReady
from api.locate.question import Located, LocateQuery
from api.locate.ranked_search import Locate
from api.permissions.actor import Actor
from api.permissions.roles import Role
from api.services import Application
from archive.call.events import Event, RouteTaken
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
from tests.told import all_told

HOUR_US = 60 * MINUTE_US
NUMBER = "+81355501234"
SOUGHT = recording_id(20)
TEXT = "10月29日の夕方、田中か中田、1234"


def call(began_us: int, customer: str, agent: str) -> tuple[Event, ...]:
    taken = RouteTaken(
        at_us=began_us,
        route="main",
        target="pbx",
        mode="yes",
        queue="解約",
        controller="acme",
        tags=("苦情",),
    )
    own = inbound(
        began_us, customer=f"sip:{customer}@carrier.example", agent=f"sip:{agent}@pbx.example"
    )
    return (*own, taken)


def fill(page: Browser) -> None:
    """The call that is sought, another one of its party a day later, and many of others."""
    import_agents(page.engine, AGENTS_CSV.encode(), TOKYO, access())
    calls = [
        (20, STARTED_US, NUMBER, "2001"),
        (21, STARTED_US + 26 * HOUR_US, NUMBER, "2002"),
        *(
            (each, STARTED_US - each * HOUR_US, f"+8190123400{each}", "2002")
            for each in range(30, 50)
        ),
    ]
    adopt(
        page.engine,
        *(adoption(n, call(began, customer, agent)) for n, began, customer, agent in calls),
    )
    page.make_columns()


def at(text: str = "", **fields: str) -> str:
    more = "".join(f"&{name}={quote(value)}" for name, value in fields.items())
    return f"/calls?text={quote(text)}{more}"


def application_of(page: Browser) -> Application:
    """What the pages ask."""
    found: Application = page.client._transport.app.state.application  # type: ignore[attr-defined]
    return found


def found_by(page: Browser, locate: object) -> None:
    """Another use case stands behind the page."""
    app = page.client._transport.app  # type: ignore[attr-defined]
    app.state.application = replace(app.state.application, locate=locate)


def candidates(answer: httpx2.Response) -> list[str]:
    """Each with its markup, in their order."""
    return re.findall(r"<article.*?</article>", answer.text, re.DOTALL)


def links(answer: httpx2.Response, label: str) -> list[str]:
    """Where the links of that label lead."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', answer.text, re.DOTALL)
    return [unescape(to) for to, text in found if text_in(text).startswith(label)]


def text_in(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


async def test_the_call_that_is_remembered_is_first_with_the_reasons(tmp_path: Path) -> None:
    """In words, clue by clue; nobody else's call is among them."""
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(at(TEXT))

    first, *_ = candidates(answer)
    assert answer.status_code == 200
    assert f'href="/calls/{SOUGHT}"' in first
    for word in (
        "fits agent: 田中 or 中田 田中 真由",
        "fits number ends in 1234 the 4 digits are right",
    ):
        assert word in text_in(first)
    assert "2026-10-29 16:00–19:00 JST" in text_of(answer)
    assert OTHERS_CALL not in answer.text


async def test_what_was_not_used_and_what_is_odd_is_said(tmp_path: Path) -> None:
    """Nothing is left aside in silence."""
    async with browser(tmp_path) as page:
        fill(page)
        odd = await page.see(at("3/4、1234"))
        unused = await page.see(at("10月、その日は雨で、1234"))

    assert "the time that is told can be read in two ways; both are taken" in text_of(odd)
    assert "Not used: “雨”" in text_of(unused)


async def test_each_field_has_its_echo_and_keeps_what_was_typed(tmp_path: Path) -> None:
    """As a person reads it, with the zone."""
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(at(when="10/29 夕方", agent="田中", sure="agent"))

    assert 'name="when" type="text" value="10/29 夕方"' in answer.text
    echoes = map(text_in, re.findall(r'<p class="echo".*?</p>', answer.text, re.DOTALL))
    assert list(echoes) == ["= 2026-10-29 16:00–19:00 JST", "= agent: 田中 certain"]


async def test_a_clue_of_the_text_is_made_certain_by_a_link(tmp_path: Path) -> None:
    """Only what is certain narrows: calls of other agents are gone then."""
    async with browser(tmp_path) as page:
        fill(page)
        likely = await page.see(at("田中、10月"))
        (certain,) = [each for each in links(likely, "certain") if "sure=agent" in each]
        narrowed = await page.see(certain)
        (undone,) = links(narrowed, "not so certain")
        again = await page.see(undone)

    assert len(candidates(likely)) == len(candidates(again)) > len(candidates(narrowed)) == 2
    assert "certain: agent: 田中" in text_of(narrowed)


async def test_a_clue_is_left_aside_and_taken_again(tmp_path: Path) -> None:
    """It stays in sight."""
    async with browser(tmp_path) as page:
        fill(page)
        asked = await page.see(at(number="1234", agent="大野"))
        (aside,) = [each for each in links(asked, "ignore") if "aside=agent" in each]
        without = await page.see(aside)
        (again,) = links(without, "use again")

    assert "left aside: 大野" in text_of(without)
    assert "agent: 大野" not in "".join(map(text_in, candidates(without)))
    assert again == links(asked, "Likeliest first")[0]


async def test_a_call_that_is_not_the_one_is_out_until_it_is_taken_back(tmp_path: Path) -> None:
    """Whoever has listened to it goes on without it."""
    async with browser(tmp_path) as page:
        fill(page)
        asked = await page.see(at(number="1234"))
        (no,) = [each for each in links(asked, "Not this one") if str(SOUGHT) in each]
        without = await page.see(no)

    assert f'href="/calls/{SOUGHT}#player"' not in without.text
    assert links(without, "withdraw") == [links(asked, "Likeliest first")[0]]


async def test_the_next_question_is_answered_into_its_field(tmp_path: Path) -> None:
    """With all that was asked before, and it is not asked again where the caller does not know."""
    async with browser(tmp_path) as page:
        fill(page)
        asked = await page.see(at("10月下旬"))
        form = asked.text.partition('aria-labelledby="question"')[2].partition("</section>")[0]
        question = text_in(form.partition("</h2>")[0].partition(">")[2])
        field = re.findall(r'<input name="(\w+)" type="text"', form)
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
        (unknown,) = links(asked, "The caller does not know")
        other = await page.see(unknown)

    assert question == "Ask next What are the last four digits of the number you called from?"
    assert field == ["number"]
    assert hidden == [("text", "10月下旬"), ("asked", "last_digits")]
    assert question not in text_of(other)


async def test_calls_without_a_recording_and_destroyed_ones_are_among_them(tmp_path: Path) -> None:
    """With the reason, the hour, the certificate: for who may see the ledger."""
    caller = Mention(told_as="caller", address="sip:0355509999@carrier.example")
    async with browser(tmp_path) as page:
        fill(page)
        adopt(page.engine, ledger_page(60, msgspec.structs.replace(refused(1), mentions=(caller,))))
        destroyed(page.engine, "support")
        page.make_columns()
        mine = await page.see(at("10月29日の夕方、9999"))
        page.sessions.account = person(Role.REVIEWER)
        others = await page.see(at("10月29日の夕方、9999"))

    told = "".join(map(text_in, candidates(mine)))
    assert "was not recorded refused: as many calls as may were up" in told
    assert 'href="/plans/7"' in mine.text
    assert "in the hour of Thu 29 Oct 2026, 17:00" in told
    assert "0355509999" not in others.text
    assert 'href="/plans/7"' not in others.text


@dataclass
class Sure:
    """Finds what is found, and is sure of the first."""

    locate: Locate

    async def search(self, actor: Actor, query: LocateQuery) -> Located:
        found = await self.locate.search(actor, query)
        first, *others = found.candidates
        return replace(found, candidates=(replace(first, is_confirmed=True), *others))


async def test_a_confirmed_call_says_so_in_words(tmp_path: Path) -> None:
    """And what that means; no other one does."""
    async with browser(tmp_path) as page:
        fill(page)
        found_by(page, Sure(application_of(page).locate))
        answer = await page.see(at("03-5550-1234"))

    first, *others = map(text_in, candidates(answer))
    assert "Confirmed: at least two things that only this caller would know are right" in first
    assert others
    assert "Confirmed" not in " ".join(others)


async def test_where_nothing_fits_what_is_certain_a_link_drops_a_clue(tmp_path: Path) -> None:
    """With the count that it gives."""
    async with browser(tmp_path) as page:
        fill(page)
        nothing = await page.see(
            f"{at(number='1234', agent='大野')}&sure=number&sure=agent&when=2026-10-01&sure=when"
        )
        (without,) = links(nothing, "without “2026-10-01 JST”")
        found = await page.see(without)

    assert "No call fits all that is certain" in text_of(nothing)
    assert candidates(nothing) == []
    assert len(candidates(found)) == 1


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "no call fits both “number ends in 3444” and “agent: 大野”"),
        ("ja", "「番号の末尾 3444」と「担当: 大野」の両方に合う通話はありません"),
    ],
)
async def test_which_two_that_are_certain_exclude_each_other_is_said(
    tmp_path: Path, language: str, told: str
) -> None:
    """In the words that stand under the fields; either is dropped by a link."""
    asked = at(agent="大野", number="3444") + "&sure=agent&sure=number"
    async with browser(tmp_path, language=language, words=words_in) as page:
        fill(page)
        began_us = STARTED_US + HOUR_US
        other = call(began_us, "+81355503444", "2001")
        adopt(page.engine, adoption(60, other))
        page.make_columns()
        answer = await page.see(asked)

    relaxed = answer.text.partition('id="relaxed"')[2].partition("</ul>")[0]
    assert told in text_in(unescape(relaxed))
    assert relaxed.count("<a href") == 2


async def test_no_count_and_no_list_ends_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where counting stops, what the pages do not list, which lost calls are not shown."""
    monkeypatch.setattr("api.locate.ranked_answer.MOST_COUNTED", 5)
    monkeypatch.setattr("archive.locate.answer.candidates.MOST_COUNTED", 5)
    monkeypatch.setattr("api.locate.ranked_page.MAX_LOST", 1)
    async with browser(tmp_path) as page:
        fill(page)
        adopt(page.engine, ledger_page(60, refused(1)))
        destroyed(page.engine, "support")
        page.make_columns()
        answer = await page.see(at("10月"))
        both = f"{at(queue='解約', agent='大野')}&sure=queue&sure=agent&when=2026-10-01&sure=when"
        nothing = await page.see(both)

    assert "Calls that may match 5+" in text_of(answer)
    assert "Less likely calls are not listed" in text_of(answer)
    assert "may be meant: 2; shown, the likeliest: 1." in text_of(answer)
    assert "without “2026-10-01 JST”: 5 calls or more" in text_of(nothing)


async def test_what_is_counted_has_a_table_beside_each_chart(tmp_path: Path) -> None:
    """And a value or a day that is chosen narrows."""
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(at("10月"))
        (agent,) = links(answer, "田中 真由")[:1]
        narrowed = await page.see(agent)
        day = await page.see(links(answer, "Thu 29 Oct 2026")[-1])

    assert answer.text.count("<svg aria-hidden") >= 2
    for word in ("Candidates by day", "Candidates by weekday and hour"):
        twin = answer.text.partition(word)[2].partition("</section>")[0]
        assert ("<svg" in twin, "<table" in twin) == (True, True)
    assert "sure=agent" in agent
    assert len(candidates(narrowed)) == 2
    assert "certain: 2026-10-29 JST" in text_of(day)


async def test_the_next_page_goes_on_counting(tmp_path: Path) -> None:
    """No candidate is on both."""
    async with browser(tmp_path) as page:
        fill(page)
        first = await page.see(at("10月"))
        second = await page.see(links(first, "Less likely ones")[0])

    shown = [re.findall(r'href="/calls/(\w{32})#player"', each.text) for each in (first, second)]
    assert set(shown[0]) & set(shown[1]) == set()
    assert f'<ol class="candidates" start="{len(shown[0]) + 1}">' in second.text


async def test_a_page_of_another_search_is_begun_anew(tmp_path: Path) -> None:
    """And is not shown as if it were of this one."""
    async with browser(tmp_path) as page:
        fill(page)
        first = await page.see(at("10月"))
        (following,) = links(first, "Less likely ones")
        other = await page.see(following.replace(quote("10月"), quote("9月")))
        nonsense = await page.see(at("10月", cursor="nonsense"))

    for each in (other, nonsense):
        assert each.status_code == 409
        assert candidates(each) == []
    assert links(other, "Start over") == [at("9月")]


@pytest.mark.parametrize(
    ("language", "heading"),
    [("en", "calls are found by the rest"), ("ja", "読み取れない条件があります。残りの条件で")],
)
@pytest.mark.parametrize("sure", ["", "&sure=extension"])
async def test_one_field_that_is_not_understood_is_named_and_the_rest_is_used(
    tmp_path: Path, language: str, heading: str, sure: str
) -> None:
    """Also where it was to be certain: who asks sees it; every link keeps what was typed."""
    typed = at(agent="田中", extension="たくさん", number="1234") + sure
    async with browser(tmp_path, language=language, words=words_in) as page:
        fill(page)
        answer = await page.see(typed)
        rest = await page.see(at(agent="田中", number="1234"))

    shown = re.compile(r'href="/calls/(\w{32})#player"')
    assert answer.status_code == 200
    assert shown.findall(answer.text) == shown.findall(rest.text) != []
    assert heading in text_of(answer)
    beside = answer.text.partition('id="clue-extension"')[2].partition("</div>")[0]
    assert 'aria-invalid="true"' in beside
    assert 'class="wrong"' in beside
    assert 'value="たくさん"' in beside
    assert '<a href="#clue-extension">' in answer.text.partition('id="errors"')[2]
    certain = re.findall(r'href="(/calls\?[^"]*sure=agent[^"]*)"', answer.text)
    assert certain
    assert all(quote("たくさん") in each for each in certain)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        (at("あ" * 501), "#text"),
        (at("それはそれは"), "#text"),
        (at(when="xyzzy"), "#clue-when"),
        (at(agent="田中", extension="1" * 501), "#clue-extension"),
    ],
)
async def test_where_nothing_is_understood_it_is_said_beside_its_field(
    tmp_path: Path, asked: str, place: str
) -> None:
    """With what to write instead; nothing is searched, and what was typed stays."""
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(asked)
        with reading(page.engine) as connection:
            actions = {each.entry.action for each in all_told(connection)}

    assert answer.status_code == 422
    assert f'<a href="{place}">' in answer.text.partition('id="errors"')[2]
    assert f'id="{place[1:]}"' in answer.text
    assert "searched" not in actions


class NotReady:
    """Columns of which some are made."""

    async def search(self, _actor: Actor, _query: LocateQuery) -> None:
        raise ColumnsNotReady(3, 12)


async def test_while_the_columns_are_made_it_says_how_far_and_asks_again(tmp_path: Path) -> None:
    """With a script by itself, without one by a link; what is typed stays in the form."""
    async with browser(tmp_path) as page:
        app = page.client._transport.app  # type: ignore[attr-defined]
        app.state.application = replace(app.state.application, locate=NotReady())
        answer = await page.see(at("10月", when="夕方"))
        itself = re.findall(r'hx-get="(/calls/likeliest\?[^"]*)"', answer.text)
        again = await page.see(unescape(itself[0]))

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
    assert "3 of 12 months can be searched" in text_of(answer)
    assert 'value="夕方"' in answer.text
    assert links(answer, "Refresh") == [at("10月", when="夕方")]
    assert again.status_code == 503


async def test_with_nothing_typed_the_list_by_time_stands(tmp_path: Path) -> None:
    """An empty form finds the newest calls, as before."""
    async with browser(tmp_path) as page:
        fill(page)
        empty = await page.see("/calls?text=&when=&number=&agent=&direction=&not=")
        nothing = await page.see("/calls")

    assert empty.status_code == 200
    assert text_of(empty) == text_of(nothing)
    assert 'name="text"' in nothing.text


async def test_names_and_texts_that_are_markup_do_nothing(tmp_path: Path) -> None:
    """Whoever types or calls may say anything."""
    evil = '"><script>alert(1)</script>'
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(at(f"{evil} 田中", agent=evil, gist=evil, queue=evil))

    assert "<script>alert" not in answer.text


async def test_no_line_of_the_log_has_what_was_typed_or_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """The address has it, and stands in no log."""
    async with browser(tmp_path) as page:
        fill(page)
        answer = await page.see(at(TEXT))
        await page.see(at(when="xyzzy", number="1234"))
    printed = capsys.readouterr()
    logged = printed.out + printed.err + caplog.text

    assert answer.status_code == 200
    assert "month made" in logged  # or nothing was caught
    for secret in ("田中", "中田", "1234", quote("田中"), "xyzzy"):
        assert secret not in logged


async def test_what_is_hardly_meant_lies_behind_a_line_that_counts_it(tmp_path: Path) -> None:
    """The likely ones are on top; where none is likely all are shown."""
    async with browser(tmp_path) as page:
        fill(page)
        told = await page.see(at(TEXT))
        vague = await page.see(at("10月"))
    (count,) = re.findall(r"<summary>Unlikely calls: (\d+)</summary>", told.text)
    shown, _, hidden = told.text.partition("Unlikely calls")

    assert 0 < shown.count("<article") < len(candidates(told))
    assert hidden.count("<article") == int(count)
    assert "Unlikely calls" not in vague.text
