"""What would become of an inline call: which route it takes, why, and what that route does.

Knows the configuration, nothing of SIP.
"""

from datetime import datetime

from archive.call.numbers import user_part
from capture.inline.routing.modes import agreed, decider, may_change
from capture.inline.routing.route import Route
from capture.inline.routing.routes import (
    Decision,
    Mismatch,
    RouteQuery,
    RouteVerdict,
    decide,
    explain,
)
from rokuon.compose.capture.routes import emergency_of, routes_of, target_mode
from rokuon.config.announcements import covers_announcements
from rokuon.config.schema import Config

Row = dict[str, object]


def asked_of(
    config: Config, source: str, number: str, caller: str, headers: tuple[str, ...]
) -> RouteQuery:
    """A call as a person describes it; `number` may be a URI, headers are "Name: value".

    Raises `KeyError` for a source that there is not.
    """
    countries = {each.name: each.country for each in config.source}
    listed: dict[str, tuple[str, ...]] = {}
    for header in headers:
        name, _, value = (piece.strip() for piece in header.partition(":"))
        listed[name.lower()] = (*listed.get(name.lower(), ()), value)
    return RouteQuery(
        source=source,
        number=user_part(number) if ":" in number else number,
        caller=caller,
        uri=number if ":" in number else "",
        country=countries[source],
        headers=listed,
    )


def explanation(config: Config, asked: RouteQuery, at: datetime) -> Row:
    """What would become of a call at that moment: every route, and what the taken one does."""
    routes = routes_of(config)
    is_emergency = emergency_of(config).are_called(
        number=asked.number, uri=asked.uri, country=asked.country
    )
    decision = decide(routes, asked, at)
    return {
        "source": asked.source,
        "number": asked.number,
        "uri": asked.uri,
        "at": at.isoformat(),
        "is_emergency": is_emergency,
        "routes": [_verdict_row(verdict) for verdict in explain(routes, asked, at)],
        "outcome": _outcome(config, decision, asked, is_emergency=is_emergency),
    }


def _verdict_row(verdict: RouteVerdict) -> Row:
    return {
        "route": verdict.route.name,
        "matches": verdict.matches,
        "is_taken": verdict.is_taken,
        "mismatches": [_mismatch_row(mismatch) for mismatch in verdict.mismatches],
    }


def _mismatch_row(mismatch: Mismatch) -> Row:
    return {
        "condition": mismatch.condition.value,
        "wanted": list(mismatch.wanted),
        "seen": list(mismatch.seen),
    }


def _outcome(
    config: Config, decision: Decision | None, asked: RouteQuery, *, is_emergency: bool
) -> Row | None:
    """What happens; None: 404. Of a route an emergency call takes its targets alone."""
    if is_emergency:
        to = decision.route.to if decision else config.inline.emergency_to
        name = decision.route.name if decision else ""
        return {"route": name, "to": list(to), "dialled": asked.number} if to else None
    if decision is None:
        return None
    route = decision.route
    return {
        "route": route.name,
        "to": list(route.to),
        "dialled": decision.dialled,
        **_notice_row(config, route),
        "record": [_mode_row(config, route, target) for target in route.to],
    }


def _notice_row(config: Config, route: Route) -> Row:
    if not route.notice:
        return {"notice": []}
    settings = next(each for each in config.route if each.name == route.name)
    return {
        "notice": list(route.notice),
        "notice_to": route.notice_to,
        "notice_when": route.notice_when,
        "without_notice": route.without_notice,
        "record_from": route.record_from,
        "covers_announcements": covers_announcements(config, settings),
    }


def _mode_row(config: Config, route: Route, target: str) -> Row:
    told = {each.name: target_mode(each) for each in config.target}[target]
    mode = agreed(route.record, told)
    return {
        "target": target,
        "mode": mode.value,
        "by": decider(route.record, told).value,
        "route_says": route.record.value,
        "target_says": told.value,
        "may_change": may_change(mode, on_demand=route.on_demand),
    }


def listed_routes(config: Config) -> list[Row]:
    """Every route in its order with its conditions and where it leads."""
    return [
        {
            "name": route.name,
            "source": list(route.source),
            "number": list(route.number),
            "caller": list(route.caller),
            "header": list(route.header),
            "hours": route.hours,
            "outside": route.outside,
            "to": list(route.to),
            "notice": list(route.notice),
            "record": route.record,
        }
        for route in config.route
    ]
