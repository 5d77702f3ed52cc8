"""Sources: which one an address is, and who sent calls without being one.

Knows the configuration and the ledger's file, nothing of SIP.
"""

import dataclasses
import ipaddress
import json

from capture.stranger_file import UNKNOWN_FILE
from rokuon.config.schema import Config, SourceSettings


def source_at(config: Config, address: str) -> SourceSettings | None:
    """The source of an address. Raises `ValueError` where it is none."""
    wanted = ipaddress.ip_address(address)
    for source in config.source:
        if any(wanted in ipaddress.ip_network(network) for network in source.address):
            return source
    return None


def source_of(config: Config, address: str) -> dict[str, object] | None:
    """The settings with which a call from that address would be recorded."""
    source = source_at(config, address)
    return None if source is None else dataclasses.asdict(source)


def unknown_sources(config: Config) -> list[dict[str, object]]:
    """Addresses that sent INVITEs and are no source, the most frequent first."""
    file = config.capture_path / UNKNOWN_FILE
    if not file.exists():
        return []
    rows: list[dict[str, object]] = [
        json.loads(line) for line in file.read_text("utf-8").splitlines() if line
    ]
    return sorted(rows, key=lambda row: -int(str(row["count"])))
