"""The wheel has all that pages need, and none is built that has not."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("pyproject.toml", "README.md", "LICENSE", "deploy/wheel_guard.py")


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


def build(checkout: Path) -> subprocess.CompletedProcess[str]:
    """Build a wheel, without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "made"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


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
