"""What routes must be: to the tables that they name, within themselves, and to each other.

Pure. Knows nothing of files or positions.
"""

import re
from collections.abc import Iterator
from typing import Final

from capture.inline.routing.route import HeaderCondition, HeaderConditionRefused, Route, is_token
from capture.inline.routing.routes import covers
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.door_rules import door_problems
from rokuon.config.peer_rules import inline_problems, language_problems, name_problem, names_of
from rokuon.config.positions import KeyPath
from rokuon.config.rules import misfit, pattern_problems, tables_in
from rokuon.config.schema import Config
from rokuon.messages.i18n import tr
from rokuon.prompts.wordings import WORDINGS

_DIALLED: Final = re.compile(r"\+?[0-9#*]+")
_CODE: Final = re.compile(r"[0-9#*]{2,8}")
_FIXED: Final = frozenset({"force", "never"})
_CONDITIONS: Final = frozenset({"source", "number", "caller", "header", "hours", "outside"})


def route_problems(config: Config, broken: tuple[KeyPath, ...] = ()) -> list[ConfigProblem]:
    """Everything wrong with routes; those with a `broken` path take calls from no other one."""
    found = inline_problems(config)
    for index, route in enumerate(config.route):
        path: KeyPath = ("route", index)
        found += _reference_problems(config, route, path)
        found += door_problems(config, route, path)
        found += _condition_problems(route, path)
        found += _notice_problems(route, path)
        found += _refusal_problems(config, route, path)
        found += _language_problems(config, route, path)
        found += _code_problems(route, path)
        found += _attribution_problems(route, path)
    paths = (*broken, *(problem.path for problem in found))
    doubtful = tables_in("route", paths, _CONDITIONS)
    return [*found, *_never_reached(config.route, doubtful)]


def _reference_problems(config: Config, route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    if not route.to:
        yield misfit(
            (*path, "to"), tr("the list is empty"), tr("names of targets, the first one first")
        )
    sources = tuple(source.name for source in config.source)
    lists = (
        ("source", route.source, "source", sources),
        ("replaces_from", route.replaces_from, "source", sources),
        ("to", route.to, "target", names_of(config.target)),
        ("notice", route.notice, "prompt", (*names_of(config.prompt), *WORDINGS)),
    )
    for key, names, table, known in lists:
        for index, name in enumerate(names):
            yield from name_problem(name, known, table, (*path, key, index))
    for key in ("hours", "outside"):
        if name := getattr(route, key):
            yield from name_problem(name, names_of(config.hours), "hours", (*path, key))


def _condition_problems(route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    yield from pattern_problems(route.number, (*path, "number"))
    yield from pattern_problems(route.caller, (*path, "caller"))
    for index, text in enumerate(route.header):
        try:
            HeaderCondition.parse(text)
        except HeaderConditionRefused:
            yield misfit(
                (*path, "header", index),
                tr("this is not a header and its value"),
                tr('for example "X-Campaign: spring*"'),
            )
    if route.dial and not _DIALLED.fullmatch(route.dial):
        yield misfit((*path, "dial"), tr("this is not a number"), tr("digits, perhaps after +"))
    if route.hours and route.hours == route.outside:
        yield misfit(
            (*path, "outside"),
            tr("nothing is within and outside of the same hours"),
            tr("drop one of both"),
        )


def _notice_problems(route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    if route.notice_when == "early" and route.refusal_key:
        yield misfit(
            (*path, "refusal_key"),
            tr("before an answer many networks pass no keys"),
            tr('set notice_when to "dial-first" or "answer-first", or drop refusal_key'),
        )
    if route.record_from == "with-notice" and route.refusal_key:
        yield misfit(
            (*path, "record_from"),
            tr("what is kept from the notice on cannot be taken back by a refusal"),
            tr('set record_from to "after-notice", or drop refusal_key'),
        )
    if route.notice_when == "early" and route.notice_to != "caller":
        yield misfit(
            (*path, "notice_to"),
            tr("an early notice is over before anybody else is called"),
            tr('set notice_to to "caller", or notice_when to "dial-first"'),
        )
    if route.notice_when == "at-start" and not route.on_demand:
        yield misfit(
            (*path, "notice_when"),
            tr("nobody can begin recording, so nobody is told"),
            tr('set on_demand to true, or notice_when to "dial-first"'),
        )
    if route.on_demand and route.record in _FIXED:
        yield misfit(
            (*path, "on_demand"),
            tr('what is "{mode}" cannot be changed on demand').format(mode=route.record),
            tr('set record to "yes" or "no", or on_demand to false'),
        )


def _refusal_problems(config: Config, route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    """Nobody is told to press a key that does nothing."""
    if not route.refusal_key:
        return
    forced = any(each.record == "force" for each in config.target if each.name in route.to)
    mode = "force" if forced and route.record not in _FIXED else route.record
    if mode in _FIXED:
        yield misfit(
            (*path, "refusal_key"),
            tr('with record = "{mode}" a refusal would change nothing').format(mode=mode),
            tr('set record to "yes" or "no", or drop refusal_key'),
        )


def _language_problems(config: Config, route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    """Prompts of a name may be there in several languages, but then in that of the route."""
    if not route.language:
        return
    yield from language_problems(route.language, (*path, "language"))
    known = {prompt.name for prompt in config.prompt}
    spoken = {(prompt.name, prompt.language.lower()) for prompt in config.prompt}
    for index, name in enumerate(route.notice):
        if name in known and (name, route.language.lower()) not in spoken:
            yield misfit(
                (*path, "notice", index),
                tr("this prompt is not there in the language of the route"),
                tr("add a [[prompt]] of this name and language, or drop language"),
            )


def _code_problems(route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    codes = {
        "pause_code": route.pause_code,
        "resume_code": route.resume_code,
        "start_code": route.start_code,
    }
    for key, code in codes.items():
        if code and not _CODE.fullmatch(code):
            yield misfit(
                (*path, key), tr("this is not a code"), tr('two to eight keys, such as "*7"')
            )
        elif code and route.refusal_key and code.startswith(route.refusal_key):
            yield misfit(
                (*path, key),
                tr("the code begins with refusal_key"),
                tr("its first key would be taken for a refusal: choose another one"),
            )
    if route.start_code and not route.on_demand:
        yield misfit(
            (*path, "start_code"),
            tr("recording cannot be begun by hand here"),
            tr("set on_demand to true, or drop start_code"),
        )
    if route.resume_code and not route.pause_code:
        yield misfit(
            (*path, "resume_code"),
            tr("nobody can pause, so nobody resumes"),
            tr("give pause_code too, or drop resume_code"),
        )
    given = [(key, code) for key, code in codes.items() if code]
    for index, (key, code) in enumerate(given):
        if any(_collide(code, other) for _, other in given[:index]):
            yield misfit(
                (*path, key),
                tr("one code begins like the other"),
                tr("choose codes of which neither is the begin of the other"),
            )


def _collide(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _attribution_problems(route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    name = route.agent.removeprefix("header:")
    if route.agent not in {"", "user"} and (name == route.agent or not is_token(name)):
        yield misfit(
            (*path, "agent"),
            tr("this is no place of an agent's id"),
            tr('"user", or a header: "header:X-Agent"'),
        )


def _never_reached(routes: tuple[Route, ...], doubtful: frozenset[int]) -> Iterator[ConfigProblem]:
    """A route that an earlier one leaves nothing; only what is so for certain."""
    read = {index: route for index, route in enumerate(routes) if index not in doubtful}
    for index, route in read.items():
        earlier = (read[each] for each in read if each < index)
        broader = next((each for each in earlier if covers(each, route)), None)
        if broader is not None:
            yield misfit(
                ("route", index, "name"),
                tr('never reached: route "{name}" takes all of its calls').format(
                    name=broader.name
                ),
                tr("put it before that route, or drop it"),
            )
