"""What targets, opening hours, prompts, purposes and `[inline]` must be by themselves.

Pure. Knows nothing of files or positions, nor of where a route leads.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from capture.errors import PeerBrokeProtocol
from capture.inline.routing.hours import HolidayRefused, SpanRefused, parse_holiday, parse_span
from capture.inline.routing.route import Route
from capture.sip.uri import SipUri, parse_uri
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.positions import KeyPath
from rokuon.config.rules import misfit, peer_problems, zone_problems
from rokuon.config.schema import Config, HoursSettings, PromptSettings, TargetSettings
from rokuon.messages.i18n import tr

_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_EMERGENCY: Final = re.compile(r"[0-9]{2,6}")

Named = TargetSettings | Route | HoursSettings | PromptSettings
_PURPOSE: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


def inline_problems(config: Config) -> list[ConfigProblem]:
    """Everything wrong with what inline calls rest on."""
    found = [*_emergency_problems(config)]
    for index, target in enumerate(config.target):
        found += _target_problems(target, ("target", index))
    for index, table in enumerate(config.hours):
        found += _hours_problems(table, ("hours", index))
    for index, prompt in enumerate(config.prompt):
        found += language_problems(prompt.language, ("prompt", index, "language"))
    for name in ("target", "route", "hours"):
        found += _name_problems(getattr(config, name), name)
    return [*found, *_prompt_name_problems(config.prompt)]


def name_problem(
    name: str, known: tuple[str, ...], table: str, path: KeyPath
) -> Iterator[ConfigProblem]:
    """A name that no table of that kind has."""
    if name not in known:
        advice = (
            tr("known here: {names}").format(names=", ".join(known))
            if known
            else tr("add a [[{table}]] of this name").format(table=table)
        )
        yield misfit(path, tr("no [[{table}]] has this name").format(table=table), advice)


def language_problems(language: str, path: KeyPath) -> Iterator[ConfigProblem]:
    """What is no language tag (RFC 5646 §2.1)."""
    if not _LANGUAGE.fullmatch(language):
        yield misfit(path, tr("this is not a language"), tr('a tag such as "ja", "en" or "pt-BR"'))


def names_of(tables: Sequence[Named]) -> tuple[str, ...]:
    """The names by which other tables may refer to these."""
    return tuple(each.name for each in tables)


def _name_problems(tables: Sequence[Named], table: str) -> Iterator[ConfigProblem]:
    names = names_of(tables)
    for index, name in enumerate(names):
        if not name:
            yield _nameless(table, index)
        elif name in names[:index]:
            yield misfit(
                (table, index, "name"),
                tr("two [[{table}]] have this name").format(table=table),
                tr("rename one"),
            )


def _prompt_name_problems(prompts: tuple[PromptSettings, ...]) -> Iterator[ConfigProblem]:
    """A prompt may have a name in common with itself in another language."""
    spoken = [(prompt.name, prompt.language.lower()) for prompt in prompts]
    for index, prompt in enumerate(prompts):
        if spoken[index] in spoken[:index]:
            yield misfit(
                ("prompt", index, "name"),
                tr("two [[prompt]] have this name and this language"),
                tr("rename one, or give it its language"),
            )
        elif not prompt.name:
            yield _nameless("prompt", index)


def _nameless(table: str, index: int) -> ConfigProblem:
    return misfit((table, index, "name"), tr("the name is empty"), tr("others refer to it by name"))


def _emergency_problems(config: Config) -> Iterator[ConfigProblem]:
    for index, number in enumerate(config.inline.emergency):
        if not _EMERGENCY.fullmatch(number):
            yield misfit(
                ("inline", "emergency", index),
                tr("this is not an emergency number"),
                tr('two to six digits, without a prefix: "110"'),
            )
    for index, name in enumerate(config.inline.emergency_to):
        yield from name_problem(
            name, names_of(config.target), "target", ("inline", "emergency_to", index)
        )


def _target_problems(target: TargetSettings, path: KeyPath) -> Iterator[ConfigProblem]:
    if not _is_sip_uri(target.uri):
        yield misfit(
            (*path, "uri"),
            tr("this is not a SIP URI"),
            tr('for example "sip:192.0.2.30" or "sips:pbx.example:5061"'),
        )
    if target.register and not target.user:
        yield misfit(
            (*path, "user"),
            tr("nobody registers without a name"),
            tr("give the user that is registered, or set register to false"),
        )
    if target.auth_user and not target.user:
        yield misfit(
            (*path, "user"),
            tr("a name for digest alone is nobody's"),
            tr("give the user whose name that is, or leave auth_user out"),
        )
    yield from peer_problems(target, path)


def _is_sip_uri(text: str) -> bool:
    try:
        uri = parse_uri(text.encode("ascii"))
    except (PeerBrokeProtocol, UnicodeEncodeError):
        return False
    return isinstance(uri, SipUri) and not uri.headers


def _hours_problems(table: HoursSettings, path: KeyPath) -> Iterator[ConfigProblem]:
    yield from zone_problems(table.zone, (*path, "zone"))
    if not table.open:
        yield misfit(
            (*path, "open"), tr("the list is empty"), tr('for example ["mon-fri 09:00-18:00"]')
        )
    for index, span in enumerate(table.open):
        try:
            parse_span(span)
        except SpanRefused:
            yield misfit(
                (*path, "open", index),
                tr("these are not weekdays and times"),
                tr('for example "mon-fri 09:00-18:00", over midnight "fri 22:00-02:00"'),
            )
    for index, holiday in enumerate(table.holidays):
        try:
            parse_holiday(holiday)
        except HolidayRefused:
            yield misfit(
                (*path, "holidays", index),
                tr("this is not a date and not a range of dates"),
                tr('for example "2026-12-31" or "2026-12-29/2027-01-03"'),
            )


def purpose_problems(config: Config) -> Iterator[ConfigProblem]:
    """Everything wrong with codes of purposes and with whoever names them."""
    for index, code in enumerate(config.access.purposes):
        if not _PURPOSE.fullmatch(code):
            yield misfit(
                ("access", "purposes", index),
                tr("this is no code of a purpose"),
                tr('small letters, digits and _: "legal_duty"'),
            )
    for index, source in enumerate(config.source):
        yield from _unknown_purposes(config, source.purpose, ("source", index, "purpose"))
    for index, route in enumerate(config.route):
        yield from _unknown_purposes(config, route.purpose, ("route", index, "purpose"))


def _unknown_purposes(
    config: Config, purposes: tuple[str, ...], path: KeyPath
) -> Iterator[ConfigProblem]:
    for index, code in enumerate(purposes):
        if code not in config.access.purposes:
            yield misfit(
                (*path, index),
                tr("there is no such purpose"),
                tr("one of: {names}; others are added to access.purposes").format(
                    names=", ".join(config.access.purposes)
                ),
            )
