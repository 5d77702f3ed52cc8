"""Compiles the relay's inner loop where there is a C compiler: python deploy/native_build.py

Run by make, by the build hook (`deploy/wheel_guard.py`) and by tests. Knows nothing of wheels;
needs nothing but Python and a C compiler ($CC, else cc, gcc or clang).
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

SOURCE: Final = "capture/native/relay_loop.c"
# What it includes lies beside it.
SOURCES: Final = "*.[ch]"
LIBRARY: Final = "capture/native/relay_loop.so"
ROOT: Final = Path(__file__).resolve().parents[1]
# A compiler that hangs must not keep an installation waiting.
MAX_COMPILE_S: Final = 60

# The only place for these; sanitized builds (make sanitize) have them but for the fortified libc.
SHARED: Final = (
    "-std=c11",
    "-O2",
    "-fPIC",
    "-shared",
    "-Wall",
    "-Wextra",
    "-fstack-protector-strong",
)
FORTIFIED: Final = ("-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=3")
LINKED: Final = ("-Wl,-z,relro,-z,now,-z,noexecstack",)
# Whose processors check where a jump lands.
LANDINGS: Final = {"x86_64": "-fcf-protection", "aarch64": "-mbranch-protection=standard"}


class NotCompiled(Exception):
    """There is no compiled loop; the text says why, and what follows."""


def compiler() -> str:
    """Return the C compiler. Raises `NotCompiled`."""
    wanted = (os.environ["CC"],) if os.environ.get("CC") else ("cc", "gcc", "clang")
    found = next((path for name in wanted if (path := shutil.which(name))), None)
    if found is None:
        raise NotCompiled("no C compiler: inline calls run the Python loop (slower)")
    return found


def machine(cc: str) -> str:
    """Return the processor for which this compiler makes code, as `uname -m` writes it."""
    return _ran([cc, "-dumpmachine"]).partition("-")[0]


def compile_loop(target: Path, *more: str, source: Path = ROOT / SOURCE) -> None:
    """Compile the source to this place, whole or not at all; who uses an older one keeps it.

    Raises `NotCompiled`.
    """
    cc = compiler()
    landings = LANDINGS.get(machine(cc))
    flags = [*SHARED, *FORTIFIED, *((landings,) if landings else ()), *more]
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _ran([cc, *flags, str(source), "-o", str(draft), *LINKED, "-ldl"])
        draft.chmod(0o755)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def bring_up_to_date(root: Path = ROOT) -> bool:
    """Compile where the source, or what is written here, is newer; say whether it was.

    Raises `NotCompiled`; then there is no compiled loop, rather than one of an older source.
    """
    source, target = root / SOURCE, root / LIBRARY
    made_of = (Path(__file__), *source.parent.glob(SOURCES))
    newest = max(each.stat().st_mtime_ns for each in made_of)
    if target.exists() and target.stat().st_mtime_ns > newest:
        return False
    target.unlink(missing_ok=True)
    compile_loop(target, source=source)
    return True


def _ran(command: list[str]) -> str:
    """Return what a command of the compiler said. Raises `NotCompiled`, with its first error."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=MAX_COMPILE_S
        )
    except (OSError, subprocess.SubprocessError) as error:
        lines = (getattr(error, "stderr", None) or str(error)).splitlines()
        first = next((line for line in lines if "error" in line), lines[0] if lines else "")
        raise NotCompiled(
            f"the C compiler failed: inline calls run the Python loop (slower); {first}"
        ) from error
    return done.stdout.strip()


def main() -> int:
    """Compile what is out of date, and say in one line where that cannot be: never an error."""
    try:
        bring_up_to_date()
    except NotCompiled as reason:
        sys.stdout.write(f"{reason}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
