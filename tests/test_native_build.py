"""The compiled loop is that of its source and is hardened; who has no compiler goes without."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.capture.native.compiled import BUILD, compiled, needs_compiler

ROOT = Path(__file__).parents[1]
LINE = "inline calls run the Python loop (slower)"
# Has what the flags guard: an array on the stack, a copy whose length nobody knows.
GUARDED = """\
#include <stdint.h>
#include <string.h>
uint32_t rokuon_abi(const uint8_t *from, uint32_t length);
uint32_t rokuon_abi(const uint8_t *from, uint32_t length)
{
    volatile uint8_t room[64];
    memcpy((uint8_t *)room, from, length);
    return room[length & 63];
}
"""

PARTS = {"relay_loop.c", "relay_layout.h", "relay_srtp.h"}
ENTRY = ("-d", "--disassemble=rokuon_abi")
# Breaks off with half of what it was asked for written.
BREAKS_OFF = """\
#!/bin/sh
[ "$1" != -dumpmachine ] || exec echo riscv64-linux-gnu
while [ "$1" != -o ]; do shift; done
echo half >"$2"
exit 1
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of this one as is compiled."""
    sources = (ROOT / BUILD["SOURCE"]).parent.glob(BUILD["SOURCES"])
    for path in (ROOT / "deploy/native_build.py", *sources):
        copied = tmp_path / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copied)
    return tmp_path


def run(checkout: Path, **settings: str) -> str:
    """What `make run` says of it; it goes on whatever that is."""
    done = subprocess.run(
        [sys.executable, "deploy/native_build.py"],
        cwd=checkout,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout


def elf(library: Path, *command: str) -> str:
    """What binutils say of it."""
    done = subprocess.run([*command, str(library)], capture_output=True, text=True, check=True)
    return done.stdout


def age(library: Path, source: Path, *, by_s: int) -> None:
    """Make the library so much older than its source."""
    at_s = source.stat().st_mtime - by_s
    os.utime(library, (at_s, at_s))


@needs_compiler
@pytest.mark.parametrize("part", sorted(PARTS))
def test_the_loop_is_compiled_when_its_source_is_newer_and_then_only(
    checkout: Path, part: str
) -> None:
    """A start costs no compilation, and nobody runs the loop of an older source."""
    library = checkout / BUILD["LIBRARY"]
    said = [run(checkout)]
    first = library.stat().st_mtime_ns
    said.append(run(checkout))
    second = library.stat().st_mtime_ns
    edited = library.parent / part
    os.utime(edited, (library.stat().st_mtime + 10,) * 2)
    said.append(run(checkout))

    assert said == ["", "", ""]
    assert second == first
    assert library.stat().st_mtime_ns > second
    assert library.stat().st_mode & 0o777 == 0o755
    assert {path.name for path in library.parent.iterdir()} == {*PARTS, "relay_loop.so"}


@pytest.mark.parametrize("compiler", ["no-such-compiler", "breaks-off"])
def test_without_a_compiler_one_line_says_so_and_no_older_loop_stays(
    checkout: Path, compiler: str
) -> None:
    """An older loop would take packets as an older Rokuon did; half a loop none at all."""
    (checkout / "breaks-off").write_text(BREAKS_OFF)
    (checkout / "breaks-off").chmod(0o755)
    library = checkout / BUILD["LIBRARY"]
    library.write_bytes(b"")
    age(library, checkout / BUILD["SOURCE"], by_s=10)
    said = run(checkout, CC=compiler, PATH=f"{checkout}:{os.environ['PATH']}")

    assert said.endswith("\n")
    assert said.count("\n") == 1
    assert LINE in said
    assert {path.name for path in library.parent.iterdir()} == PARTS


def test_a_path_without_any_compiler_is_no_error(checkout: Path, tmp_path: Path) -> None:
    """As on a clean Debian."""
    assert run(checkout, PATH=str(tmp_path)) == f"no C compiler: {LINE}\n"


@needs_compiler
def test_what_the_compiler_refuses_is_said_in_its_words(checkout: Path) -> None:
    """Its first error, in the one line."""
    (checkout / BUILD["SOURCE"]).write_text("int rokuon_abi(void) { return nowhere; }\n")
    said = run(checkout)

    assert said.count("\n") == 1
    assert "'nowhere' undeclared" in said.replace("‘", "'").replace("’", "'")


@needs_compiler
def test_the_loop_compiles_without_a_warning(tmp_path: Path) -> None:
    """One that a newer compiler finds is no reason to have no loop; here it is one to be red."""
    assert compiled(tmp_path / "relay_loop.so", "-Werror").exists()


@needs_compiler
def test_what_is_compiled_is_hardened(tmp_path: Path) -> None:
    """By the words of binutils: a guarded stack, checked copies, guarded jumps."""
    source = tmp_path / "guarded.c"
    source.write_text(GUARDED)
    library = compiled(tmp_path / "relay_loop.so", source=source)
    symbols, code = elf(library, "objdump", "-T"), elf(library, "objdump", *ENTRY)
    segments, dynamic = elf(library, "readelf", "-lW"), elf(library, "readelf", "-dW")

    assert "__stack_chk_fail" in symbols
    assert "__memcpy_chk" in symbols
    assert "GNU_RELRO" in segments
    assert "BIND_NOW" in dynamic
    assert next(line for line in segments.splitlines() if "GNU_STACK" in line).split()[-2] == "RW"
    assert {"endbr64", "paciasp"} & set(code.split())
