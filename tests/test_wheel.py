"""A wheel has all that pages need, else none is built; and the relay's loop, compiled."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from capture.native.library import ABI
from tests.capture.native.compiled import needs_compiler

ROOT = Path(__file__).parents[1]
FILES = (
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "deploy/wheel_guard.py",
    "deploy/native_build.py",
)
# Asks glibc for a symbol of its version 2.25; is loaded as the relay's loop is.
LOOP = """\
#include <stdint.h>
#include <sys/random.h>
uint32_t rokuon_abi(void);
uint32_t rokuon_abi(void) { return getentropy(0, 0) == 0 ? %d : 0; }
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of this one as the part `api` is built from."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "api", tmp_path / "api", ignore=shutil.ignore_patterns("__pycache__"))
    for package in ("rokuon", "capture", "archive", "retention"):
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    return tmp_path


@pytest.fixture
def with_loop(checkout: Path) -> Path:
    """And with the compiled loop of `capture`."""
    shutil.copytree(
        ROOT / "capture/native",
        checkout / "capture/native",
        ignore=shutil.ignore_patterns("__pycache__", "*.so"),
    )
    (checkout / "capture/native/relay_loop.c").write_text(LOOP % ABI)
    return checkout


def build(
    checkout: Path, target: str = "wheel", **settings: str
) -> subprocess.CompletedProcess[str]:
    """Build a wheel, or what this target is, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", "made"]
    return subprocess.run(
        command,
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | settings,
    )


def installed(wheel: Path, folder: Path) -> str:
    """What a Python says of the loop that has this wheel, and nothing of this checkout."""
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, "--target", str(folder), str(wheel)], check=True)
    asked = "from capture.native import library as it; print(it.LIBRARY, it.load_library())"
    said = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout


def test_the_rule_packs_are_in_it(checkout: Path) -> None:
    """Who installs it begins with them."""
    shutil.copytree(ROOT / "retention/rule_packs", checkout / "retention/rule_packs")
    done = build(checkout)
    (wheel,) = (checkout / "made").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())

    assert done.returncode == 0
    for pack in ("jp-appi", "jp-kashikin", "eu-gdpr"):
        assert f"retention/rule_packs/{pack}.toml" in names


def test_templates_style_and_scripts_are_in_it_and_their_sources_are_not(checkout: Path) -> None:
    """Who installs it needs no Node."""
    done = build(checkout)
    (wheel,) = (checkout / "made").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()

    assert done.returncode == 0
    assert "api/web/templates/frame.html" in names
    assert "api/web/static/manifest.json" in names
    assert [name for name in names if "islands" in name] == []


@pytest.mark.parametrize("lost", ["manifest.json", "style.*.css"])
def test_without_what_the_islands_make_no_wheel_is_built(checkout: Path, lost: str) -> None:
    """An installation without a style would be the first to notice."""
    for path in (checkout / "api/web/static").glob(lost):
        path.unlink()
    done = build(checkout)

    assert done.returncode != 0
    assert "make islands" in done.stderr
    assert not list(checkout.glob("made/*.whl"))


@needs_compiler
def test_a_wheel_with_the_compiled_loop_is_for_this_machine_and_loads_it(
    with_loop: Path, tmp_path: Path
) -> None:
    """Who installs it needs no C compiler, and the glibc that it asks for."""
    done = build(with_loop)
    (wheel,) = (with_loop / "made").glob("*.whl")
    with zipfile.ZipFile(wheel) as opened:
        names = [name for name in opened.namelist() if "relay_loop" in name]
    said = installed(wheel, tmp_path / "installed")

    assert done.returncode == 0, done.stderr
    assert re.search(r"-py3-none-manylinux_2_25_(x86_64|aarch64)\.whl$", wheel.name)
    assert names == ["capture/native/relay_loop.so"]
    assert f"{tmp_path}/installed/capture/native/relay_loop.so <CDLL" in said


def test_without_a_compiler_the_wheel_is_for_every_machine_and_says_so(
    with_loop: Path, tmp_path: Path
) -> None:
    """Calls go through Python's loop."""
    done = build(with_loop, CC="no-such-compiler")
    (wheel,) = (with_loop / "made").glob("*.whl")
    said = installed(wheel, tmp_path / "installed")

    assert done.returncode == 0, done.stderr
    assert done.stderr.count("inline calls run the Python loop (slower)") == 1
    assert wheel.name.endswith("-py3-none-any.whl")
    assert "no compiled loop" in said


def test_who_builds_from_the_sources_has_the_loop_and_what_compiles_it(with_loop: Path) -> None:
    """And nothing that was compiled elsewhere."""
    (with_loop / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    (with_loop / "capture/native/relay_loop.so").write_bytes(b"of another machine")
    done = build(with_loop, "sdist")
    (sources,) = (with_loop / "made").glob("*.tar.gz")
    with tarfile.open(sources) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}

    assert done.returncode == 0, done.stderr
    assert {"relay_loop.c", "relay_layout.h", "relay_srtp.h"} <= {
        Path(name).name for name in names if name.startswith("capture/native/")
    }
    assert "deploy/native_build.py" in names
    assert "capture/native/relay_loop.so" not in names
