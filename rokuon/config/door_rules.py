"""Which settings of a source count at one front door alone, and where one is given in vain.

Pure. Knows nothing of files or of what a setting does.
"""

import dataclasses
from collections.abc import Iterator

from capture.inline.routing.route import Route
from capture.peers.source_settings import INLINE_CALLS_ALONE, RECORDING_SESSIONS_ALONE
from rokuon.config.config_problems import ConfigProblem
from rokuon.config.positions import KeyPath
from rokuon.config.rules import misfit
from rokuon.config.schema import Config, SourceSettings
from rokuon.messages.i18n import tr


def door_problems(config: Config, route: Route, path: KeyPath) -> Iterator[ConfigProblem]:
    """Sources whose calls no route ever gets."""
    networks = {each.name for each in config.source if each.mode == "network-based"}
    for index, name in enumerate(route.source):
        if name in networks:
            yield misfit(
                (*path, "source", index),
                tr("its plain calls are recording sessions and take no route"),
                tr('drop it here, or set source.mode to "siprec"'),
            )


def advice_on(config: Config) -> list[ConfigProblem]:
    """Settings of sources that count for none of their calls."""
    found: list[ConfigProblem] = []
    for index, source in enumerate(config.source):
        given = _given(source)
        if not _has_route(config, source):
            message = tr("this counts for inline calls alone, and none of its calls is one")
            advice = tr("name the source in a [[route]], or drop the setting")
            found += _in_vain(given & INLINE_CALLS_ALONE, index, message, advice)
        elif _is_named(config, source):
            message = tr("this counts for recording sessions alone")
            advice = tr(
                "of inline calls the route says such things; docs/configuration.md, Sources"
            )
            found += _in_vain(given & RECORDING_SESSIONS_ALONE, index, message, advice)
    return found


def _in_vain(
    names: frozenset[str], index: int, message: str, advice: str
) -> Iterator[ConfigProblem]:
    for name in sorted(names):
        path: KeyPath = ("source", index, name)
        yield ConfigProblem(
            code="CFG-201", path=path, message=message, help=advice, level="warning"
        )


def _given(source: SourceSettings) -> frozenset[str]:
    """The settings with another value than usual."""
    fields = dataclasses.fields(source)
    return frozenset(each.name for each in fields if getattr(source, each.name) != each.default)


def _has_route(config: Config, source: SourceSettings) -> bool:
    """May a plain call of it go anywhere?"""
    if source.mode == "network-based":
        return False
    takes = any(not each.source or source.name in each.source for each in config.route)
    return takes or bool(config.inline.emergency_to)


def _is_named(config: Config, source: SourceSettings) -> bool:
    return any(source.name in each.source for each in config.route)
