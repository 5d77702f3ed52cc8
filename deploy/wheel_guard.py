"""Gives a wheel the relay's compiled inner loop, and refuses one whose pages would have no style.

A hook of hatchling (`pyproject.toml`), which knows the tags of wheels and nothing of compilers.
What the islands make is not made here: Node is nobody's duty. Neither is a C compiler; but a wheel
without style is of no use, and one without a compiled loop is only slower.
"""

import json
import re
import runpy
import shutil
import sysconfig
import tempfile
from pathlib import Path
from typing import Any, Final

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = "api/web/static"
NEEDED = ("page.js", "style.css")
# ELF: where the header names the processor (e_machine), and those that there are wheels for.
MACHINE: Final = slice(18, 20)
MACHINES: Final = {62: "x86_64", 183: "aarch64"}
# The oldest glibc that a manylinux tag may name for both (PEP 600, PEP 599).
OLDEST_GLIBC: Final = (2, 17)


class WholeWheel(BuildHookInterface[Any]):
    """Looks before each build."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Raise `FileNotFoundError`, which says what to do, where a built file is missing."""
        self._made = Path(tempfile.mkdtemp(prefix="rokuon-wheel"))
        if self.target_name != "wheel":
            return
        _have_style(Path(self.root) / STATIC)
        native = runpy.run_path(str(Path(self.root) / "deploy/native_build.py"))
        try:
            if version == "editable":
                native["bring_up_to_date"](Path(self.root))
            else:
                self._add_loop(native, build_data)
        except native["NotCompiled"] as reason:
            self.app.display_warning(str(reason))

    def finalize(self, *_: object) -> None:
        """Remove what was compiled for this wheel."""
        shutil.rmtree(self._made)

    def _add_loop(self, native: dict[str, Any], build_data: dict[str, Any]) -> None:
        """Compile it for the machine for which $CC makes code, and tag the wheel."""
        made = self._made / "relay_loop.so"
        native["compile_loop"](made, source=Path(self.root) / native["SOURCE"])
        build_data["force_include"][str(made)] = native["LIBRARY"]
        build_data["tag"] = f"py3-none-{platform_of(made.read_bytes())}"
        build_data["pure_python"] = False


def platform_of(library: bytes) -> str:
    """Return the platform tag of a shared library: the newest glibc whose symbols it asks for."""
    machine = MACHINES.get(int.from_bytes(library[MACHINE], "little"))
    asked = re.findall(rb"\0GLIBC_(\d+)\.(\d+)", library)
    if machine is None or not asked:  # another C library, or a processor without such wheels
        return sysconfig.get_platform().replace("-", "_").replace(".", "_")
    major, minor = max(OLDEST_GLIBC, *((int(one), int(two)) for one, two in asked))
    return f"manylinux_{major}_{minor}_{machine}"


def _have_style(folder: Path) -> None:
    """Raise `FileNotFoundError` where what the islands make is missing."""
    manifest = folder / "manifest.json"
    built = json.loads(manifest.read_text()) if manifest.exists() else {}
    missing = [name for name in NEEDED if name not in built]
    missing += [name for name in built.values() if not (folder / name).exists()]
    if missing:
        raise FileNotFoundError(f"{STATIC} lacks {', '.join(missing)}: run make islands")
