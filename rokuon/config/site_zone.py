"""Zone and country of the people of a configuration, for commands that need nothing else of it.

Reads one setting of each source and leaves all of them, right or wrong, to `load`.
"""

import tomllib
from pathlib import Path


def site_zone(file: Path | None) -> str:
    """What every source states that states a zone; "" where none does, or two differ."""
    stated = {zone for zone in _stated(file, "zone") if zone}
    return stated.pop() if len(stated) == 1 else ""


def site_country(file: Path | None) -> str:
    """What the first source states; "" where it states none."""
    return next(iter(_stated(file, "country")), "")


def _stated(file: Path | None, setting: str) -> list[str]:
    """Of each source what it states, "" where it states nothing."""
    if file is None:
        return []
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8", "replace"))
    except (OSError, tomllib.TOMLDecodeError):
        return []
    sources = document.get("source")
    stated = [
        each.get(setting)
        for each in (sources if isinstance(sources, list) else ())
        if isinstance(each, dict)
    ]
    return [each if isinstance(each, str) else "" for each in stated]
