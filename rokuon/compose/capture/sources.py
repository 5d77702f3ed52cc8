"""Sources: which one an address is, and who sent calls without being one.

Knows the configuration and the files that capture leaves, nothing of SIP.
"""

import dataclasses
import ipaddress
import json

from archive.moments import moment
from capture.peers.source_watch import UNKNOWN_FILE, SeenFile, read_seen
from rokuon.config.schema import Config, SourceSettings


def source_at(config: Config, address: str) -> SourceSettings | None:
    """The source of an address. Raises `ValueError` where it is none."""
    wanted = ipaddress.ip_address(address)
    for source in config.source:
        if any(wanted in ipaddress.ip_network(network) for network in source.address):
            return source
    return None


def source_of(config: Config, address: str) -> dict[str, object] | None:
    """The settings with which a call from that address would be recorded.

    `mode` is that of recording sessions; `routes` are those that its inline calls may take.
    """
    source = source_at(config, address)
    if source is None:
        return None
    routes = [each.name for each in config.route if not each.source or source.name in each.source]
    return {**dataclasses.asdict(source), "routes": routes}


def silent_sources(config: Config, now_us: int) -> tuple[str, ...]:
    """Those that live and have sent no call for their `alarm_after_s`."""
    alarms_s = {source.name: source.alarm_after_s for source in config.source}
    return tuple(
        seen.name
        for seen in read_seen(SeenFile(config.capture_path).read())
        if seen.is_silent(alarms_s.get(seen.name, 0), now_us)
    )


def intruders(config: Config, now_us: int) -> tuple[str, ...]:
    """Those that have spoken in a call of another tenant within a day."""
    seen = read_seen(SeenFile(config.capture_path).read())
    return tuple(each.name for each in seen if each.is_intruder(now_us))


def unknown_sources(config: Config) -> list[dict[str, object]]:
    """Addresses that sent INVITEs and are no source, the most frequent first."""
    file = config.capture_path / UNKNOWN_FILE
    if not file.exists():
        return []
    told = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line]
    told.sort(key=lambda row: -int(row["count"]))
    return [
        {**row, "last_at": moment(row["last_at"]).isoformat(timespec="seconds")} for row in told
    ]
