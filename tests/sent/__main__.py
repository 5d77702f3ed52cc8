"""Records what Rokuon sends at a commit and here, and says what differs.

Run `python -m tests.sent --commit BASE`: the recorder's own files over the code and the fixtures
of BASE, in a folder that goes; then the same here. Exit code 3 where something differs.
"""

import argparse
import asyncio
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.sent.differences import differences, renamed_components, without_names

FINDINGS: Final = 3
_OWN: Final = Path(__file__).parent
_ROOT: Final = _OWN.parent.parent
_KEPT: Final = Path("build/sent")


def record() -> dict[str, Any]:
    """What is sent by the code that this process has."""
    from api.web.app import application  # only where it is recorded
    from tests.sent.commands import record_commands, record_helps
    from tests.sent.pages import record_pages
    from tests.sent.routes import record_routes

    with tempfile.TemporaryDirectory(prefix="sent") as folder:
        return {
            "openapi": application().openapi(),
            **asyncio.run(record_routes(Path(folder, "routes"))),
            "pages": asyncio.run(record_pages(Path(folder, "pages"))),
            "helps": record_helps(),
            "commands": record_commands(),
        }


def recorded_in(checkout: Path, file: Path) -> dict[str, Any]:
    """The recording of a checkout, made by a process of its own."""
    command = [sys.executable, "-m", "tests.sent", "--record", str(file.resolve())]
    # As wide as a terminal, in English, without colours; what is logged is not compared.
    said = {**os.environ, "COLUMNS": "100", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "dumb"}
    subprocess.run(command, cwd=checkout, check=True, stdout=subprocess.DEVNULL, env=said)
    return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]


def recorded_of(revision: str) -> dict[str, Any]:
    """The recording of a commit, by these files over its own; made once for these files."""
    file = _KEPT / f"{_printed('git', 'rev-parse', '--short', revision)}-{_version()}.json"
    if file.exists():
        return json.loads(file.read_text("utf-8"))  # type: ignore[no-any-return]
    packed = subprocess.run(["git", "archive", revision], stdout=subprocess.PIPE, check=True).stdout
    with tempfile.TemporaryDirectory(prefix="sent") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as members:
            members.extractall(folder, filter="data")
        own = Path(folder, "tests/sent")
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(_OWN, own)
        return recorded_in(Path(folder), file)


def _printed(*command: str) -> str:
    ran = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return ran.stdout.strip()


def _version() -> str:
    """What these files are."""
    texts = b"".join(file.read_bytes() for file in sorted(_OWN.glob("*.py")))
    return hashlib.sha256(texts).hexdigest()[:8]


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What differs, the document without the names of its components."""
    nameless = [{**each, "openapi": without_names(each["openapi"])} for each in (before, after)]
    return [*differences(*nameless)]


def main() -> int:
    """Print what differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.sent", description=__doc__)
    parser.add_argument("--commit", action="append", default=[], help="a commit; twice: no folder")
    parser.add_argument("--record", type=Path, help="only write the recording of this folder")
    parser.add_argument("--most", type=int, default=200, help="so many differences are printed")
    options = parser.parse_args()
    if options.record:
        text = json.dumps(record(), ensure_ascii=False, indent=1, sort_keys=True)
        options.record.write_text(text, "utf-8")
        return 0
    _KEPT.mkdir(parents=True, exist_ok=True)
    recorded = [recorded_of(each) for each in options.commit]
    if len(recorded) < 2:  # one of them is this folder
        recorded.append(recorded_in(_ROOT, _KEPT / "here.json"))
    found = compare(*recorded)
    names = renamed_components(*(each["openapi"] for each in recorded))
    counts = ", ".join(f"{len(each)} {name}" for name, each in recorded[-1].items())
    told = [
        *found[: options.most],
        f"components of one alone: {', '.join(names) or 'none'}",
        f"{len(found)} differences; compared: {counts}",
    ]
    sys.stdout.write("".join(f"{line}\n" for line in told))
    return FINDINGS if found else 0


if __name__ == "__main__":
    sys.exit(main())
