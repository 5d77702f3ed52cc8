"""Every page and form, with every role, of somebody beyond whose reach something is planted.

The pages are those of the application, and where their links lead. Answers with and without what
is planted are the same to the byte: it is not shown, not counted, and its page is that of nothing.
"""

import html
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import httpx2
import pytest

from api.permissions.roles import Role
from api.web.app import BASE, application
from api.web.pages.cookies import SESSION
from archive.certificates.folder import CERTIFICATE, LIST
from tests.api.web.pages.browser import FORM, ORIGIN
from tests.api.web.planted import (
    DESTROYED,
    MATTER,
    OWN,
    OWN_MATTER,
    PLANTED,
    TOMBSTONE,
    TRACES,
    Person,
    Reached,
    reached,
)
from tests.archive.catalog.examples import recording_id
from tests.support.pages.walk import FIELDS

# What may stand in an address: what is planted, what lies within the reach, and what never was.
_CALLS = tuple(map(str, (OWN, *map(recording_id, (PLANTED[0], DESTROYED[0], TOMBSTONE, 77)))))
_NUMBERS = ("1", "2", "3")
VALUES = {
    "conversation": _CALLS,
    "recording": _CALLS,
    "wish": ("stop",),
    "language": ("en",),
    "number": _NUMBERS,
    "name": ("other", CERTIFICATE, LIST),
    "service": ("yamada",),
    "gift": ("1",),
    "token": ("1",),
    "os_name": ("other",),
}
AUTUMN = "range=dates&from=2026-10-01&to=2026-12-31"
ASKED = {
    "/calls": AUTUMN,
    "/calls/days": AUTUMN,
    "/calls/likeliest": "text=October",
    "/hold-draft": AUTUMN,
    "/tombstones": "from=2026-10-01&to=2026-12-31",
}
# Every page, and what of what is planted it would tell.
TELL = {
    "/calls": "recordings, and how many were destroyed",
    "/calls/days": "how many on each day",
    "/calls/likeliest": "calls that are ranked, and those without a recording",
    "/calls/agents": "agents of a team",
    "/calls/{conversation}": "a call",
    "/calls/{conversation}/ladder": "its messages",
    "/calls/{conversation}/quality": "its packets",
    "/calls/{conversation}/kept": "until when it is kept",
    "/calls/{conversation}/audio": "its sound",
    "/calls/{conversation}/waveform": "the same, drawn",
    "/live": "calls that are up",
    "/simulations/{number}": "how many recordings a policy lets go",
    "/simulations/{number}/recordings": "which",
    "/holds": "matters, and how many recordings each has",
    "/holds/{number}": "a matter, and its recordings",
    "/holds/{number}/recordings": "its recordings",
    "/holds/{number}/release": "how many fall due",
    "/hold-draft": "how many recordings a search finds",
    "/plans": "how many recordings go",
    "/plans/{number}": "how many, and by which rules",
    "/plans/{number}/apply": "how many",
    "/plans/{number}/approve": "that it waits to be approved",
    "/plans/{number}/recordings": "which",
    "/plans/{number}/certificate/{name}": "how many went, and when",
    "/plans/{number}/letter/{language}": "the same",
    "/overdue": "recordings that must go",
    "/due": "recordings that will have to go",
    "/due/table": "the same",
    "/jobs": "what somebody has begun, and how far it is",
    "/tombstones": "what is left of recordings",
    "/approvals": "what is proposed of recordings, and of the tenant",
    "/approvals/{number}": "the same",
    "/approvals/{number}/give": "the same",
}
NOTHING_OF_RECORDINGS = {
    "/": "it leads elsewhere",
    "/policies": "the rules",
    "/policies/{number}": "the rules",
    "/policies/{number}/text": "the rules",
    "/policy-draft": "the rules",
    "/people": "people and programs, which are of the whole tenant",
    "/people/{name}": "the same",
    "/people/{name}/disable": "the same",
    "/people/service:{service}": "the same",
    "/agents": "a form, and of an extension that is typed the agents within the reach",
    "/clock": "the clock of the machine",
    "/health": "the machine, its disks and its parts",
    "/live/room": "whether the machine takes calls",
    "/me": "who looks at it",
    "/sign-in": "nobody",
    "/sign-in/second": "nobody",
    "/enrol": "nobody",
    "/welcome": "nobody",
    "/assets/{name}": "files of the installation",
}
BY_RIGHT = {
    "/journal": "all of it: who reads it is to see what others did",
    "/journal/heard": "the same",
    "/journal/reach": "the same",
}
AGENTS = "/calls/agents"
# An answer without an end; what is in it is that of `/live`.
ENDLESS = {"/live/news"}


# Secrets that are shown once.
_SECRET = re.compile(r'<code class="secret">[^<]*')
# They end the session of who goes round; what they do is to nobody else's. The last one makes a
# hold, and what is made has a number, which counts what was made before (docs/access.md).
LEFT_OUT = {
    *("/sign-out", "/me/sessions/{session}/end", "/me/other-sessions/end"),
    *("/me/password", "/me/app", "/me/app/confirm", "/language", "/hold-draft"),
}
# What a form is answered with has the number of what was made, which counts what was before.
_NUMBERED = re.compile(
    r"(/(?:holds|simulations|policies|people)/|/approvals#proposal-|Proposal )\d+"
)
_FORM_KEY = re.compile(r'name="form_key" value="[^"]*"')
_LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')


def routes(method: str) -> Iterator[str]:
    """Every route of the application that is not of the HTTP interface."""
    for included in application().routes[1:]:
        for each in included.effective_route_contexts():
            if method in each.methods and not each.path.startswith(BASE):
                yield each.path


def addresses(path: str) -> Iterator[str]:
    """A path for each of what may stand in it."""
    names = re.findall(r"{(\w+)}", path)
    for values in product(*(VALUES[name] for name in names)):
        own = path.format(**dict(zip(names, values, strict=True)))
        yield f"{own}?{ASKED[path]}" if path in ASKED else own


PAGES = [each for each in routes("GET") if each not in ENDLESS]
FORMS = [each for each in routes("POST") if each not in LEFT_OUT]
Said = dict[tuple[Role, str, str], str]


def told(answer: httpx2.Response) -> str:
    """All that an answer says, without what is of the session."""
    text = _SECRET.sub("", _FORM_KEY.sub("", answer.text))
    headers = sorted(
        (name, _NUMBERED.sub(r"\1", value) if name == "location" else value)
        for name, value in answer.headers.items()
        if name not in {"set-cookie", "content-length"}
    )
    return f"{answer.status_code} {headers} {text}"


async def see(all_of_it: Reached, person: Person, path: str) -> httpx2.Response:
    """Open a page."""
    client = all_of_it.it.client
    client.cookies.clear()
    return await client.get(ORIGIN + path, headers={"Cookie": f"{SESSION}={person.session}"})


async def send(all_of_it: Reached, person: Person, path: str, form: str) -> httpx2.Response:
    """Send a form as a page of ours does; what it is about is planted."""
    client = all_of_it.it.client
    client.cookies.clear()
    fields = {**FIELDS.get(form, {}), "form_key": person.form_key}
    if "recording" in fields:
        fields["recording"] = str(recording_id(PLANTED[0]))
    headers = {**FORM, "Cookie": f"{SESSION}={person.session}"}
    return await client.post(ORIGIN + path, data=fields, headers=headers)


async def seen(folder: Path, kind: str, *, planted: bool) -> Said:
    """Every page, and where their links lead."""
    said: Said = {}
    async with reached(folder, kind, planted=planted) as all_of_it:
        for role, person in all_of_it.people.items():
            left = [(path, own) for path in PAGES for own in addresses(path)]
            known = {shape_of(own) for _, own in left}
            while left:
                path, own = left.pop(0)
                answer = await see(all_of_it, person, own)
                said[role, path, own] = told(answer)
                links = map(html.unescape, _LINK.findall(answer.text))
                for link in (each for each in links if leads_on(path, each)):
                    if shape_of(link) not in known:
                        known.add(shape_of(link))
                        left.append((f"a link of {path}", link))
    return said


def shape_of(address: str) -> tuple[str, tuple[str, ...]]:
    """Of links that differ in what is asked alone, one is enough.

    A ranking leads to rankings that ask for more, without an end: they are of one shape.
    """
    path, _, query = address.partition("?")
    names = tuple(each.partition("=")[0] for each in query.split("&"))
    return path, names[:1] if names[0] == "text" else names


def leads_on(path: str, link: str) -> bool:
    """Not from what is open to all, nor to that or to a file of the installation."""
    is_told = path not in BY_RIGHT and path != AGENTS
    return is_told and not link.startswith(("/assets/", "/live/news", *BY_RIGHT))


async def sent(folder: Path, kind: str, *, planted: bool) -> Said:
    """Every form."""
    said: Said = {}
    async with reached(folder, kind, planted=planted) as all_of_it:
        for role, person in all_of_it.people.items():
            for form in FORMS:
                for own in addresses(form):
                    answer = await send(all_of_it, person, own, form)
                    said[role, form, own] = told(answer)
    return said


def compared(said: Said, kind: str) -> Said:
    """Without what is told by right, of the same tenant."""
    # An agent may be in a call of any queue, controller or number: a reach leaves nobody out.
    left_out = {AGENTS} if kind in {"queue", "controller", "number"} else set[str]()
    left_out |= set[str]() if kind == "tenant" else set(BY_RIGHT)
    return {each: text for each, text in said.items() if each[1] not in left_out}


def named_in(said: Said) -> set[tuple[str, str, str]]:
    """Traces of what is planted, without those that stand in the address."""
    return {
        (form, own, trace)
        for (_, form, own), text in said.items()
        for trace in TRACES
        if trace in text and trace not in own
    }


def test_every_page_is_known_by_what_it_tells() -> None:
    """One that is new has no entry: it is put where it belongs, and what it tells is planted."""
    assert set(PAGES) == set(TELL) | set(NOTHING_OF_RECORDINGS) | set(BY_RIGHT)


@pytest.mark.parametrize("kind", ["tenant", "queue", "team"])
async def test_a_page_is_the_same_with_what_is_planted_beyond_the_reach_and_without(
    tmp_path: Path, kind: str
) -> None:
    """To every role: that of a thing that lies beyond is the page of what never was."""
    without = compared(await seen(tmp_path / "without", kind, planted=False), kind)
    beyond = compared(await seen(tmp_path / "planted", kind, planted=True), kind)

    assert {each for each in beyond if beyond[each] != without.get(each)} == set()
    assert named_in(beyond) == set()


@pytest.mark.parametrize("kind", ["tenant", "queue"])
async def test_a_form_about_what_lies_beyond_the_reach_is_answered_as_about_nothing(
    tmp_path: Path, kind: str
) -> None:
    """To every role, whatever is guessed."""
    without = compared(await sent(tmp_path / "without", kind, planted=False), kind)
    beyond = compared(await sent(tmp_path / "planted", kind, planted=True), kind)

    different = {each for each in beyond if beyond[each] != without.get(each)}
    assert different == set()
    assert named_in(beyond) == set()


async def test_who_reaches_all_of_the_tenant_sees_what_is_planted(tmp_path: Path) -> None:
    """Else the pages would tell nothing of it for another reason."""
    without = await seen(tmp_path / "without", "all", planted=False)
    beyond = await seen(tmp_path / "planted", "all", planted=True)

    different = {
        path
        for role, path, own in beyond
        if beyond[role, path, own] != without.get((role, path, own))
    }
    assert set(TELL) <= different
    assert {str(OWN), OWN_MATTER, MATTER} <= {
        trace
        for text in beyond.values()
        for trace in (str(OWN), OWN_MATTER, MATTER)
        if trace in text
    }
