"""Tests of a checkout's structure in figures."""

import subprocess
import sys
from pathlib import Path

import pytest

from bench import structure
from bench.structure import (
    MAX_MODULES,
    PACKAGES,
    count_any_parameters,
    count_floors,
    count_modules,
    count_relatives,
    crowded_folders,
    gerunds,
    layered_modules,
    longest_chain,
    mutual_pairs,
    read_commit,
    read_folder,
    small_modules,
    wide_classes,
)

CONTRACTS = """
[[tool.importlinter.contracts]]
type = "layers"
layers = ["rokuon", "api | capture", "archive.journal"]

[[tool.importlinter.contracts]]
type = "layers"
layers = ["api.calls | api.people", "api.errors"]

[[tool.importlinter.contracts]]
type = "layers"
containers = ["archive"]
layers = ["journal | catalog", "call"]

[[tool.importlinter.contracts]]
type = "forbidden"
source_modules = ["capture"]
forbidden_modules = ["retention"]
"""


def checkout(files: dict[str, str]) -> dict[str, str]:
    """Sources with contracts."""
    return {"pyproject.toml": CONTRACTS, **files}


def laid_out(root: Path, files: dict[str, str]) -> Path:
    """The same as a folder."""
    for path, text in checkout(files).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root


def fields(count: int) -> str:
    """The body of a class that declares so many."""
    return "".join(f"    field_{number}: int\n" for number in range(count))


def test_a_package_s_own_file_is_no_module_of_its_folder() -> None:
    """And a folder's modules are not those of the folders inside it."""
    found = checkout(dict.fromkeys(("api/__init__.py", "api/calls.py", "api/people/roles.py"), ""))

    assert count_modules(found) == {"api": 1, "api/people": 1}


def test_a_folder_is_crowded_from_its_thirty_first_module_on() -> None:
    """Thirty are allowed."""
    thirty = {f"api/m{number}.py": "" for number in range(MAX_MODULES)}

    assert crowded_folders(thirty) == {}
    assert crowded_folders({**thirty, "api/one_more.py": ""}) == {"api": 31}


def test_a_module_is_small_below_its_fortieth_line() -> None:
    """A package's own file is none."""
    found = {"api/__init__.py": "", "api/small.py": "\n" * 39, "api/enough.py": "\n" * 40}

    assert small_modules(checkout(found)) == {"api/small.py": 39}


def test_a_chain_of_imports_is_as_long_as_its_modules_and_a_circle_is_followed_once() -> None:
    """Wherever in a module the import stands."""
    chain = {
        "api/calls.py": "from api.people import roles",
        "api/people/roles.py": "def load():\n    import archive.call\n",
        "archive/call.py": "from archive import call\nimport os\n",
    }
    circle = {"api/one.py": "import api.other", "api/other.py": "import api.one"}

    assert longest_chain(checkout(chain)) == 3
    assert longest_chain(checkout(circle)) == 2


def test_a_parameter_is_counted_where_its_type_says_any_anywhere() -> None:
    """What is returned is no parameter."""
    text = "def read(rows: dict[str, Any], *more: Any, name: str, anyone: Anyone) -> Any: ..."

    assert count_any_parameters(checkout({"api/calls.py": text})) == 2


def test_a_docstring_that_begins_with_a_relative_is_counted() -> None:
    """A module's is not one of them."""
    text = (
        '"""What."""\nclass A:\n    """Who calls."""\n    def b():\n        """Return what is."""\n'
    )

    assert count_relatives(checkout({"api/calls.py": text})) == 1


def test_a_class_is_wide_from_its_ninth_declared_field_on() -> None:
    """What belongs to the class and not to its values is none of them."""
    eight = f"class Call:\n{fields(8)}    LIMIT: ClassVar[int] = 3\n    plain = 4\n"
    nine = f"class Inner:\n    class Line:\n{fields(9)}".replace("    field", "        field")

    assert wide_classes({"api/calls.py": eight}) == {}
    assert wide_classes({"api/calls.py": eight + nine}) == {"calls.Line": 9}


def test_folders_import_each_other_wherever_the_import_stands() -> None:
    """The rarer direction is what had to go; a folder is where the module lies, not its parent."""
    found = {
        "api/__init__.py": "",
        "api/calls.py": "from api.people import roles, verbs\nimport api.people.roles\n",
        "api/errors.py": "import os\nfrom api.calls import Call\n",
        "api/people/__init__.py": "",
        "api/people/roles.py": "def late() -> None:\n    from api.errors import Error\n",
        "api/people/verbs.py": "",
        "archive/events.py": "",
        "capture/plan.py": "import archive.events\n",
    }

    assert mutual_pairs(found) == {"api ↔ api/people": 1}


def test_floors_are_those_of_the_contract_inside_api() -> None:
    """Whole folders in a layer are what a reader can remember; single modules are counted."""
    found = checkout(
        dict.fromkeys(("api/calls.py", "api/people/roles.py", "archive/journal.py"), "")
    )

    assert count_floors(found) == 2
    assert layered_modules(found) == 2


def test_a_gerund_is_told_by_its_name() -> None:
    """Wherever it lies: a module that moves keeps its name."""
    names = ("capture/telling.py", "capture/sip/telling.py", "capture/ring.py", "capture/plan.py")

    assert gerunds(dict.fromkeys(names, "")) == {"telling": 2, "ring": 1}


def test_two_checkouts_stand_beside_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the change, and a row for what only one of them has."""
    before = laid_out(tmp_path / "before", {"api/telling.py": "one\ntwo\n"})
    after = laid_out(tmp_path / "after", {"api/call.py": "one\n"})
    monkeypatch.setattr(sys, "argv", ["structure", str(before), str(after)])

    structure.main()

    lines = capsys.readouterr().out.splitlines()
    told = {line.split("|")[1].strip(): line.split("|")[2:-1] for line in lines if line}
    assert [each.strip() for each in told["lines of api"]] == ["2", "1", "-1"]
    assert [each.strip() for each in told["telling"]] == ["1", "0", "-1"]
    assert len({len(line) for line in lines[: lines.index("")]}) == 1


def test_a_commit_has_the_sources_of_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing but sources and contracts is read of either."""
    files = {f"{package}/calls.py": "import os\n" for package in PACKAGES}
    root = laid_out(tmp_path, {**files, "api/web/page.html": "<p>", "README.md": "# Rokuon\n"})
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.net")
    for command in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "api: begin"]):
        subprocess.run(["git", *command], cwd=root, check=True)
    monkeypatch.chdir(root)

    assert read_commit("HEAD") == read_folder(root) == checkout(files)
