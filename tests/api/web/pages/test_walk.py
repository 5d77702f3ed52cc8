"""Every page with every role, and every form as it must not come. What there is tells the walk."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from fastapi.routing import APIRoute

from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from api.web.app import PAGES
from api.web.pages.navigation import WAYS
from archive.catalog.accounts.persons import add_service
from archive.catalog.database.engine import writing
from tests.api.examples import CALL
from tests.api.web.pages.browser import FORM, browser
from tests.api.web.pages.real import RealBrowser, new_person, new_session, real_browser
from tests.archive.catalog.examples import author
from tests.support.pages.walk import FIELDS

# Of signing in, and what needs nobody: their own tests walk them.
BEFORE_SESSION = frozenset({"/sign-in", "/welcome", "/language", "/assets/{name}"})
STEPS = ("/sign-in", "/enrol", "/welcome")
# An endless answer, or one that is opened at a call.
ENDLESS = frozenset({"/live/news"})
# Which of these verbs opens a page; what is not here is everybody's.
NEEDED: dict[str, frozenset[Verb]] = {
    "/calls": frozenset({Verb.SEARCH}),
    "/calls/days": frozenset({Verb.SEARCH}),
    "/calls/agents": frozenset({Verb.AGENTS_READ}),
    "/calls/likeliest": frozenset({Verb.SEARCH}),
    "/calls/{conversation}": frozenset({Verb.READ}),
    "/calls/{conversation}/ladder": frozenset({Verb.TRACE}),
    "/calls/{conversation}/quality": frozenset({Verb.LISTEN}),
    "/calls/{conversation}/kept": frozenset({Verb.READ}),
    "/calls/{conversation}/audio": frozenset({Verb.LISTEN}),
    "/calls/{conversation}/waveform": frozenset({Verb.LISTEN}),
    "/live": frozenset({Verb.LIVE}),
    "/live/room": frozenset({Verb.LIVE}),
    "/health": frozenset({Verb.HEALTH}),
    "/journal": frozenset({Verb.JOURNAL}),
    "/journal/heard": frozenset({Verb.JOURNAL}),
    "/journal/reach": frozenset({Verb.JOURNAL}),
    "/policies": frozenset({Verb.POLICY_READ}),
    "/policies/{number}": frozenset({Verb.POLICY_READ}),
    "/policies/{number}/text": frozenset({Verb.POLICY_READ}),
    "/policy-draft": frozenset({Verb.POLICY_READ}),
    "/simulations/{number}": frozenset({Verb.POLICY_READ}),
    "/simulations/{number}/recordings": frozenset({Verb.SEARCH}),
    "/holds": frozenset({Verb.HOLD_READ}),
    "/holds/{number}": frozenset({Verb.HOLD_READ}),
    "/holds/{number}/recordings": frozenset({Verb.HOLD_READ}),
    "/holds/{number}/release": frozenset({Verb.HOLD_READ}),
    "/hold-draft": frozenset({Verb.HOLD_PLACE}),
    "/plans": frozenset({Verb.DESTRUCTION_READ}),
    "/plans/{number}": frozenset({Verb.DESTRUCTION_READ}),
    "/plans/{number}/apply": frozenset({Verb.DESTRUCTION_READ}),
    "/plans/{number}/approve": frozenset({Verb.DESTRUCTION_READ}),
    "/plans/{number}/recordings": frozenset({Verb.DESTRUCTION_READ}),
    "/plans/{number}/certificate/{name}": frozenset({Verb.POLICY_READ}),
    "/plans/{number}/letter/{language}": frozenset({Verb.POLICY_READ}),
    "/overdue": frozenset({Verb.DESTRUCTION_READ}),
    "/due": frozenset({Verb.DESTRUCTION_READ}),
    "/due/table": frozenset({Verb.DESTRUCTION_READ}),
    "/clock": frozenset({Verb.DESTRUCTION_READ}),
    "/jobs": frozenset({Verb.JOB_READ}),
    "/tombstones": frozenset({Verb.DESTRUCTION_READ}),
    "/people": frozenset({Verb.PEOPLE_READ}),
    "/people/service:{service}": frozenset({Verb.PEOPLE_READ}),
    "/people/{name}": frozenset({Verb.PEOPLE_READ}),
    "/people/{name}/disable": frozenset({Verb.PEOPLE_READ}),
    "/agents": frozenset({Verb.AGENTS_READ}),
    "/approvals": frozenset({Verb.APPROVE, Verb.PROPOSE}),
    "/approvals/{number}": frozenset({Verb.APPROVE, Verb.PROPOSE}),
    "/approvals/{number}/give": frozenset({Verb.APPROVE, Verb.PROPOSE}),
}
EVERYBODYS = frozenset({"/", "/me"})
# The same for forms, and what has to stand in one so that it is understood.
FORMS_NEED: dict[str, frozenset[Verb]] = {
    "/calls/{conversation}/notes": frozenset({Verb.CORRECT}),
    "/calls/{conversation}/tags": frozenset({Verb.CORRECT}),
    "/calls/{conversation}/tags/take": frozenset({Verb.CORRECT}),
    "/calls/{conversation}/corrections": frozenset({Verb.CORRECT}),
    "/calls/{conversation}/played": frozenset({Verb.LISTEN}),
    "/calls/{conversation}/export": frozenset({Verb.EXPORT}),
    "/live/{recording}/{wish}": frozenset({Verb.CONTROL}),
    "/policies/{number}/call-back": frozenset({Verb.POLICY_MANAGE}),
    "/policy-draft/check": frozenset({Verb.POLICY_READ}),
    "/policy-draft/simulate": frozenset({Verb.POLICY_READ}),
    "/policy-draft": frozenset({Verb.POLICY_MANAGE}),
    "/holds/{number}/release": frozenset({Verb.HOLD_PLACE}),
    "/holds/{number}/cancel": frozenset({Verb.HOLD_PLACE}),
    "/holds/{number}/resume": frozenset({Verb.HOLD_PLACE}),
    "/hold-draft/check": frozenset({Verb.HOLD_PLACE}),
    "/hold-draft": frozenset({Verb.HOLD_PLACE}),
    "/plans": frozenset({Verb.DESTRUCTION_MANAGE}),
    "/clock/confirm": frozenset({Verb.DESTRUCTION_MANAGE}),
    "/jobs/{number}/cancel": frozenset({Verb.JOB_CANCEL}),
    "/simulations/{number}/cancel": frozenset({Verb.JOB_CANCEL}),
    "/plans/standing/end": frozenset({Verb.DESTRUCTION_MANAGE, Verb.APPROVE}),
    "/plans/{number}/approve": frozenset({Verb.APPROVE}),
    "/plans/{number}/apply": frozenset({Verb.DESTRUCTION_MANAGE}),
    "/plans/{number}/stop": frozenset({Verb.DESTRUCTION_MANAGE, Verb.APPROVE}),
    "/plans/{number}/withdraw": frozenset({Verb.APPROVE}),
    "/agents/assign": frozenset({Verb.AGENTS_WRITE}),
    "/people": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/services": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/service:{service}/tokens": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/service:{service}/tokens/{token}/revoke": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/roles": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/roles/{gift}/take": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/os-names": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/os-names/{os_name}/take": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/sign-in-code": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/tokens/{token}/revoke": frozenset({Verb.PEOPLE_MANAGE}),
    "/people/{name}/disable": frozenset({Verb.PEOPLE_MANAGE}),
    "/me/tokens": frozenset({Verb.OWN_TOKENS}),
    "/me/tokens/{token}/revoke": frozenset({Verb.OWN_TOKENS}),
    "/approvals/confirm/{name}": frozenset({Verb.APPROVE}),
    "/approvals/{number}/give": frozenset({Verb.APPROVE}),
    "/approvals/{number}/reject": frozenset({Verb.APPROVE}),
    "/approvals/{number}/comment": frozenset({Verb.APPROVE, Verb.PROPOSE}),
    "/approvals/{number}/withdraw": frozenset({Verb.APPROVE, Verb.PROPOSE}),
}
EVERYBODYS_FORMS = frozenset(
    {
        "/purpose",
        "/sign-out",
        "/sign-in/second",
        "/enrol/password",
        "/enrol/app",
        "/enrol/without-app",
        "/me/zone",
        "/me/password",
        "/me/app",
        "/me/app/confirm",
        "/me/sessions/{session}/end",
        "/me/other-sessions/end",
        # It opens nothing by itself.
        "/calls/{conversation}/glass",
    }
)
ROLES = [None, *Role]


@dataclass(frozen=True)
class Route:
    """A page or a form: its method and path."""

    method: str
    path: str

    @property
    def address(self) -> str:
        """It, for something that there is or may be."""
        values = {
            "recording": CALL, "call": CALL, "id": CALL, "conversation": CALL, "wish": "stop",
            "name": "tanaka", "service": "crm", "gift": "1", "os_name": "tanaka", "token": "1",
            "number": "1", "session": "1", "language": "en",
        }  # fmt: skip
        return self.path.format_map(values)


def furnish(it: RealBrowser) -> None:
    """What the addresses name."""
    new_person(it.engine, "tanaka")
    with writing(it.engine) as connection:
        add_service(connection, author(), "crm")


def routes(method: str) -> Iterator[Route]:
    """Every one of the pages, as the application has it."""
    for page in PAGES:
        for each in page.router.routes:
            assert isinstance(each, APIRoute)
            if method in each.methods and each.path not in BEFORE_SESSION | ENDLESS:
                yield Route(method, each.path)


GETS = [each for each in routes("GET") if not each.path.startswith(STEPS)]
POSTS = list(routes("POST"))


def test_the_walk_knows_who_may_see_each_page() -> None:
    """A page that is new is in one of the two, or this fails."""
    assert {each.path for each in GETS} == EVERYBODYS | set(NEEDED)


@pytest.mark.parametrize("role", ROLES)
async def test_a_page_is_shown_to_who_may_see_it_and_to_nobody_else(
    tmp_path: Path, role: Role | None
) -> None:
    """Offered in the navigation, too, or not; a refusal is a page with words."""
    verbs = frozenset[Verb]() if role is None else VERBS[role]
    async with real_browser(tmp_path, *([] if role is None else [role])) as it:
        furnish(it)
        seen = {each.path: await it.see(each.address) for each in GETS}

    for path, answer in seen.items():
        may = path in EVERYBODYS or bool(NEEDED[path] & verbs)
        assert answer.status_code in ((200, 303, 404) if may else (403,)), path
        assert (">To the first page<" in answer.text) is (answer.status_code in {403, 404}), path
    told = seen["/journal"].text.partition("</header>")[0]
    for path in NEEDED:
        way = next((each for each in WAYS if each.path == path), None)
        if way is not None:
            assert (f'href="{path}"' in told) is (way.verb in verbs), path


def test_the_walk_knows_who_may_send_each_form() -> None:
    """A form that is new is in one of the two, or this fails."""
    assert {each.path for each in POSTS} == EVERYBODYS_FORMS | set(FORMS_NEED)


@pytest.mark.parametrize("role", ROLES)
async def test_a_form_is_taken_from_who_may_and_from_nobody_else(
    tmp_path: Path, role: Role | None
) -> None:
    """And the journal says who was refused what; nothing is a fault of ours."""
    verbs = frozenset[Verb]() if role is None else VERBS[role]
    async with real_browser(tmp_path, *([] if role is None else [role])) as it:
        furnish(it)
        for each in POSTS:
            it.hold(new_session(it.engine, "yamada"))
            before = len(it.journal("refused"))
            answer = await it.send(each.address, FIELDS.get(each.path, {}))
            may = each.path in EVERYBODYS_FORMS or bool(FORMS_NEED[each.path] & verbs)
            refused = it.journal("refused")[before:]
            assert answer.status_code < 500, each
            is_refused = [entry.detail["why"] for entry in refused] == ["not_permitted"]
            assert is_refused is not may, (each, answer.status_code)


async def refused_of(it: RealBrowser, fields: dict[str, str], **headers: str) -> list[Route]:
    """The forms that were taken all the same."""
    taken = []
    for each in POSTS:
        answer = await it.page.client.post(each.address, data=fields, headers={**FORM, **headers})
        if not is_form_refused(answer):
            taken.append(each)
    return taken


def is_form_refused(answer: httpx2.Response) -> bool:
    """Whether the form itself is refused, whatever stands in it."""
    return answer.status_code == 403 and "form_refused" in answer.text


@pytest.mark.parametrize("kind", ["none", "empty", "of another session", "of another person"])
async def test_no_form_is_taken_without_the_key_of_its_session(tmp_path: Path, kind: str) -> None:
    """A page of somebody else's cannot know it."""
    async with real_browser(tmp_path, *Role) as it:
        new_person(it.engine, "other", *Role)
        of = {"of another session": "yamada", "of another person": "other"}
        key = new_session(it.engine, of[kind]).key if kind in of else ""
        before = len(it.journal("signed_out", "credential_set", "user_added", "role_given"))
        taken = await refused_of(it, {} if kind == "none" else {"form_key": key})
        after = len(it.journal("signed_out", "credential_set", "user_added", "role_given"))

    assert taken == []
    assert after == before


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
    ],
)
async def test_no_form_is_taken_from_another_origin(
    tmp_path: Path, headers: dict[str, str]
) -> None:
    """Also with the right key, which might have leaked."""
    async with real_browser(tmp_path, *Role) as it:
        taken = await refused_of(it, {"form_key": it.session.key}, **headers)

    assert taken == []


async def test_who_is_not_signed_in_is_led_to_that(tmp_path: Path) -> None:
    """From every page and every form; nothing of it is shown."""
    async with browser(tmp_path, signed_in=False) as page:
        for each in (*GETS, *POSTS):
            headers = FORM if each.method == "POST" else {}
            answer = await page.client.request(each.method, each.address, headers=headers)
            is_led = answer.headers.get("location", "").startswith("/sign-in")
            assert is_led or is_form_refused(answer), each


async def test_every_page_has_its_rules_for_the_browser_and_is_kept_by_none(
    tmp_path: Path,
) -> None:
    """Also a page of somebody who was signed out since."""
    async with real_browser(tmp_path, *Role) as it:
        answers = [await it.see(each.address) for each in GETS]

    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
