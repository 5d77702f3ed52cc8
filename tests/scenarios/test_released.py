"""A release as `docs/releasing.md` makes and tries it: built, installed into an empty environment.

Whatever else this checkout has is not there.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.booted import ROOT

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(os.geteuid() != 0, reason="a network of its own needs root"),
]

PAGE = (ROOT / "docs/releasing.md").read_text("utf-8")
# In a network where nobody has the ports: what the page has people do at two terminals.
SITE = """\
set -eu
ip link set lo up
../bin/rokuon serve --welcome >said 2>log &
until grep -q '^Next, in another terminal' said; do kill -0 $!; sleep 0.2; done
../bin/rokuon selftest >&2
../bin/rokuon calls find --from yesterday --to today --zone UTC -o json
kill $!
wait $! || true
"""


def block(section: str, folder: Path) -> str:
    """The first commands of a section, with `dist` and `build/empty` below a folder."""
    (commands, *_) = re.findall(
        r"^```sh\n(.*?)^```$", PAGE.partition(f"\n## {section}\n")[2], re.MULTILINE | re.DOTALL
    )
    assert isinstance(commands, str)
    return re.sub(r"\b(dist|build/empty)\b", rf"{folder}/\1", commands)


def ran(script: str, folder: Path, *within: str) -> str:
    """What these commands say at the end."""
    done = subprocess.run(
        [ROOT / "deploy/clean-env", *within, "bash", "-euc", script],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2_000:] + done.stderr[-2_000:]
    return done.stdout


def test_what_the_page_builds_runs_in_an_empty_environment(tmp_path: Path) -> None:
    """The first calls are placed, and found, by a wheel that nothing of this checkout helps."""
    site = tmp_path / "build/empty/site"

    ran(block("Build", tmp_path), ROOT)
    version = ran(block("Try", tmp_path), ROOT).split()[-1]
    site.mkdir()
    apart = ("unshare", "--net", "--pid", "--fork", "--kill-child", "timeout", "240")
    found = ran(SITE, site, *apart)

    names = {path.name for path in (tmp_path / "dist").iterdir()}
    assert f"rokuon-{version}.tar.gz" in names
    assert len(names) == 2
    assert found.count('"call"') == 4, found
    shutil.rmtree(site)
