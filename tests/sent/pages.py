"""Every page in both languages, every form as it is and as it must not be filled in.

Knows addresses from the application, and nothing of what stands on a page.
"""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any, Final

from api.web.app import BASE, application
from api.web.pages.cookies import SESSION
from archive.certificates.folder import CERTIFICATE
from tests.api.web.pages.browser import FORM, ORIGIN
from tests.api.web.planted import DESTROYED, OWN, PLANTED, Person
from tests.archive.catalog.examples import recording_id
from tests.sent.scene import Asked, planted
from tests.support.pages.walk import FIELDS

_CALLS: Final = tuple(map(str, (recording_id(PLANTED[0]), OWN, recording_id(DESTROYED[0]))))
_VALUES: Final = {
    **dict.fromkeys(("conversation", "recording"), _CALLS),
    **{"number": ("1", "2", "4711"), "name": ("other", CERTIFICATE), "service": ("yamada",)},
    **dict.fromkeys(("gift", "token", "session"), ("1",)),
    **{"wish": ("stop",), "language": ("en", "ja"), "os_name": ("other",)},
}
_AUTUMN: Final = "range=dates&from=2026-10-01&to=2026-12-31"
# What may stand behind an address, right and wrong.
_QUERIES: Final = {
    "/calls": (_AUTUMN, f"{_AUTUMN}&agent=田中&queue=解約&number=7788&tag=vip&zone=UTC", "from=soon"
               "&least=x&number=abc"),
    "/calls/days": (_AUTUMN, "from=soon"),
    "/calls/likeliest": ("text=10月29日の夕方、田中か中田、7788、天気は雨",
                         "text=&when=xyzzy&extension=x",
                         "text=夕方&when=10月&agent=田中&sure=agent&aside=when&queue=解約"),
    "/hold-draft": (_AUTUMN, "from=soon"),
    "/tombstones": ("from=2026-10-01&to=2026-12-31", "from=soon"),
    "/journal": ("from=soon&to=never", "action=broke_glass"),
    "/journal/heard": (f"id={_CALLS[0]}", "id=nonsense"),
    "/journal/reach": ("account=other&from=-90d", "account=other&from=soon"),
    "/due": ("days=90",),
    "/agents": ("extension=2001",),
}  # fmt: skip
# Without an end, or of files.
_LEFT_OUT: Final = frozenset({"/live/news", "/assets/{name}"})
# Whoever sends one is signed out: the last ones.
_ENDING: Final = ("/me/", "/sign-out")


def _addresses(method: str) -> Iterator[tuple[str, str]]:
    """Every address with what may stand in it, by its pattern."""
    for included in application().routes[1:]:
        for each in included.effective_route_contexts():  # type: ignore[attr-defined]  # FastAPI's own
            own = each.path
            if method not in each.methods or own.startswith(BASE) or own in _LEFT_OUT:
                continue
            names = re.findall(r"{(\w+)}", own)
            for values in product(*(_VALUES[name] for name in names)):
                yield own, own.format(**dict(zip(names, values, strict=True)))


async def record_pages(folder: Path) -> dict[str, Any]:
    """What each page shows, what each form is answered with, what is stored of that."""
    told: dict[str, Any] = {}
    async with planted(folder) as asked:
        for name, request in _requests(asked):
            told[name] = await asked.answered(**request)
    return told


def _requests(asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    for language, (pattern, own) in product(("en", "ja"), [*_addresses("GET")]):
        for at in (own, *(f"{own}?{each}" for each in _QUERIES.get(pattern, ()))):
            yield f"GET {at} in {language}", _seen(asked.almighty, at, language)
    for role, person in asked.it.people.items():
        for own in dict(_addresses("GET")).values():
            yield f"GET {own} by {role}", _seen(person, own, "en")
    forms = sorted(_addresses("POST"), key=lambda each: each[1].startswith(_ENDING))
    for language, (pattern, own) in product(("en", "ja"), forms):
        yield f"POST {own}, nothing, in {language}", _sent(asked.almighty, own, {}, language)
        if FIELDS.get(pattern):
            wrong = dict.fromkeys(FIELDS[pattern], "無" * 1_000)
            yield f"POST {own}, wrong, in {language}", _sent(asked.almighty, own, wrong, language)
    for pattern, own in forms:
        yield f"POST {own}", _sent(asked.almighty, own, FIELDS.get(pattern, {}), "en")


def _seen(person: Person, at: str, language: str) -> dict[str, Any]:
    headers = {"Cookie": f"{SESSION}={person.session}", "Accept-Language": language}
    return {"method": "GET", "url": ORIGIN + at, "headers": headers}


def _sent(person: Person, at: str, fields: dict[str, Any], language: str) -> dict[str, Any]:
    given = {**fields, **({"recording": _CALLS[0]} if "recording" in fields else {})}
    headers = {**FORM, **_seen(person, at, language)["headers"]}
    data = {**given, "form_key": person.form_key}
    return {"method": "POST", "url": ORIGIN + at, "headers": headers, "data": data}
