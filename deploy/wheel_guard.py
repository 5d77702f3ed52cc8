"""Refuses to build a wheel in which pages would have no style: what the islands make must be there.

A hook of hatchling (`pyproject.toml`). Nothing is built here: Node is nobody's duty.
"""

import json
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = "api/web/static"
NEEDED = ("page.js", "style.css")


class PagesAreWhole(BuildHookInterface[Any]):
    """Looks before each build."""

    PLUGIN_NAME = "custom"

    def initialize(self, _version: str, _build_data: dict[str, Any]) -> None:
        """Raise `FileNotFoundError`, which says what to do, where a built file is missing."""
        folder = Path(self.root) / STATIC
        manifest = folder / "manifest.json"
        built = json.loads(manifest.read_text()) if manifest.exists() else {}
        missing = [name for name in NEEDED if name not in built]
        missing += [name for name in built.values() if not (folder / name).exists()]
        if missing:
            raise FileNotFoundError(f"{STATIC} lacks {', '.join(missing)}: run make islands")
