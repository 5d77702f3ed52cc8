"""The zone in which the people of a configuration live, for commands that need nothing else of it.

Reads one setting of each source and leaves all of them, right or wrong, to `load`.
"""

import tomllib
from pathlib import Path


def site_zone(file: Path | None) -> str:
    """What every source states that states a zone; "" where none does, or two differ."""
    if file is None:
        return ""
    try:
        document = tomllib.loads(file.read_bytes().decode("utf-8", "replace"))
    except (OSError, tomllib.TOMLDecodeError):
        return ""
    sources = document.get("source")
    stated = {
        each["zone"]
        for each in (sources if isinstance(sources, list) else ())
        if isinstance(each, dict) and isinstance(each.get("zone"), str)
    }
    return stated.pop() if len(stated) == 1 else ""
