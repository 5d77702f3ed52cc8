"""The shape of the repository: every module says what it is, every document what is there."""

import ast
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterable
from importlib.metadata import distribution, packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from bench.structure import (
    count_relatives,
    crowded_folders,
    gerunds,
    imported_names,
    read_folder,
    wide_classes,
)

ROOT = Path(__file__).parents[1]
FOLDERS = ("rokuon", "capture", "archive", "retention", "api")
# Alembic names its steps by number and runs them by itself; `env.py` is its entry.
GENERATED = ("archive/catalog/migrations",)
# Programs of their own, for the interpreter that has the phone's library; nothing imports them.
PHONES = "rokuon/selftest/phones/programs"
# Files and folders of the product, as a document writes them.
PRODUCT = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./-]*)`")
RELATIVE_DOCSTRINGS = 1234
MAX_LINES = 400
MAX_FUNCTION_LINES = 50
# What was there before the rules that follow them: the numbers only shrink, and are those of now.
# fmt: off
CROWDED = {
    "capture/sip": 42,
}
WIDE = {
    "Application": 43, "RelayEnd": 38, "Route": 36, "BridgedCall": 26, "Dialog": 26,
    "SourceTerms": 25, "RecordingSession": 24, "PlanView": 24, "Config": 21, "End": 21,
    "InlineCall": 21, "SessionStream": 21, "LiveCall": 19, "RelayedEnd": 19, "Adoption": 18,
    "LiveRecording": 18, "SignallingPlan": 18, "LiveCallView": 17, "StreamWanted": 17,
    "VoiceNumbers": 17, "LegalHoldView": 16, "NoticeView": 16, "Plan": 16, "Span": 16,
    "TargetTerms": 16, "Transfer": 16, "CallOpened": 15, "LegView": 15, "OutgoingCall": 15,
    "KeptEnd": 14, "Registration": 14, "Services": 14, "SessionRecording": 14,
    "SumsView": 14, "CallRefused": 13, "ClientTransaction": 13, "FoundRecording": 13,
    "HostFacts": 14, "RecordingCourse": 13, "RecordingView": 13, "RuleForm": 13, "CourseView": 14,
    "LoopEnd": 12,
    "NoticePlayed": 12, "Packets": 12, "Played": 12, "ProposalView": 12, "StoredPart": 12,
    "JobView": 11, "TombstoneView": 11, "CheckedView": 10, "Columns": 10,
    "EpochsAnswer": 10,
    "HolderPlan": 10, "HttpSettings": 10, "KeysView": 10, "LineView": 10,
    "LiveStream": 10, "MetadataSnapshot": 10, "PartView": 10, "ParticipantChanged": 10,
    "Record": 10, "Referred": 10, "RegisterStep": 10, "SignedIn": 10, "AgentPeriod": 9,
    "AgentPeriodView": 9, "AwaitedPrack": 9, "Block": 9, "CallSignalling": 9, "CertificateView": 9,
    "CorrectionView": 9,
    "Figures": 9, "FrameRun": 9, "Gathered": 9, "HeaderBlock": 9, "JournalEntryView": 9,
    "KeysSettings": 9, "KeystoreWork": 9, "LedgerRowView": 9, "OutgoingStream": 9, "Owner": 9,
    "Pause": 9, "PolicyForm": 9, "Replaced": 9, "RevisionView": 9, "RouteTaken": 9, "Script": 9,
    "SourceSettings": 9, "StoredHold": 9, "StreamMap": 9, "TokenView": 9, "TransferTarget": 9,
    "WaveformChannelView": 9, "WorkerPlan": 9,
}
GERUNDS = {
    "archived_recording": 1, "recording": 1, "signalling": 2,
}
# fmt: on


def modules() -> list[Path]:
    """Every module of ours, without packages' own files."""
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    return sorted(
        path
        for path in found
        if path.name != "__init__.py"
        and not path.relative_to(ROOT).as_posix().startswith((*GENERATED, PHONES))
    )


def named(path: Path) -> str:
    """A path as people write it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_module_says_what_it_is_and_what_it_must_not_know(folder: str) -> None:
    """Its docstring has two sentences at least."""
    short = [
        named(module)
        for module in modules()
        if module.is_relative_to(ROOT / folder)
        and len(
            re.findall(r"[.!?](?=\s|$)", ast.get_docstring(ast.parse(module.read_text())) or "")
        )
        < 2
    ]

    assert short == []


def test_docstrings_that_begin_with_a_relative_only_become_fewer() -> None:
    """They begin with a verb or a noun (rule 28); what is counted here was there before."""
    assert count_relatives(read_folder(ROOT)) <= RELATIVE_DOCSTRINGS


def test_modules_and_functions_stay_small() -> None:
    """400 lines a module, 50 a function; larger ones are two things."""
    large = [named(module) for module in modules() if module.read_text().count("\n") > MAX_LINES]
    for module in modules():
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    large.append(f"{named(module)}:{node.name}")

    assert large == []


def test_no_folder_has_more_modules_than_a_reader_takes_in() -> None:
    """Thirty; a fuller one is two rooms. What is listed is one subject each, or waits for that."""
    assert crowded_folders(read_folder(ROOT)) == CROWDED


def test_no_class_declares_more_fields_than_change_together() -> None:
    """Eight; a wider one has values in it that nobody named."""
    wide = Counter[str]()
    for name, fields in wide_classes(read_folder(ROOT)).items():
        wide[name.partition(".")[2]] += fields

    assert wide == WIDE


def test_no_module_is_named_by_what_it_does() -> None:
    """By a noun of the field, which a colleague would search for; these end in -ing."""
    assert gerunds(read_folder(ROOT)) == GERUNDS


def test_statements_of_sql_are_made_in_the_catalog_alone() -> None:
    """Others hand its connections on, and hear of its errors: a table is changed in one room."""
    known = {f"sqlalchemy.{name}" for name in ("Connection", "Engine", "make_url")}
    makers = [
        f"{named(module)}: {name}"
        for module in modules()
        if not module.is_relative_to(ROOT / "archive/catalog")
        for name in imported_names(ast.parse(module.read_text()))
        if name.startswith("sqlalchemy.") and name not in known
        if not name.startswith("sqlalchemy.exc")
    ]

    assert makers == []


def test_no_test_module_is_imported_by_another() -> None:
    """What they share lies in `tests/support`: who changes a test changes no other one."""
    imported_tests = [
        f"{named(path)}: {name}"
        for folder in ("tests", "bench", "eval")
        for path in sorted((ROOT / folder).rglob("*.py"))
        for name in imported_names(ast.parse(path.read_text()))
        if re.match(r"tests\.(\w+\.)*test_", name)
    ]

    assert imported_tests == []


def test_decision_records_are_numbered_and_have_their_four_headings() -> None:
    """Under a page each."""
    headings = ["## Status", "## Context", "## Decision", "## Consequences"]
    for record in sorted((ROOT / "docs/adr").glob("[0-9]*.md")):
        text = record.read_text("utf-8")
        assert re.match(r"\d{4}-[a-z0-9-]+\.md", record.name), record
        assert text.startswith(f"# {int(record.name[:4])} "), record
        assert re.findall(r"^## .+$", text, re.MULTILINE) == headings, record
        assert text.count("\n") < 60, record


def test_a_superseded_decision_says_by_which_and_each_says_so_of_the_other() -> None:
    """Whoever opens the older one must not take it for what holds."""
    told = set[tuple[int, int]]()
    admitted = set[tuple[int, int]]()
    for record in (ROOT / "docs/adr").glob("[0-9]*.md"):
        number = int(record.name[:4])
        status = record.read_text("utf-8").split("## Status")[1].split("## Context")[0]
        for sentence in status.split(". "):
            others = {int(each) for each in re.findall(r"ADR (\d+)", sentence)}
            if "Supersedes" in sentence:
                told |= {(number, other) for other in others}
            if "superseded by" in sentence:
                admitted |= {(other, number) for other in others}

    assert told == admitted != set()


def test_what_the_documents_link_to_is_there() -> None:
    """A path in backticks that looks like one of ours exists."""
    missing = []
    for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "deploy/README.md"]:
        for path in re.findall(
            r"`((?:docs|deploy|tests|requirements)/[\w./-]+)`", document.read_text()
        ):
            if not (ROOT / path).exists():
                missing.append(f"{document.name}: {path}")

    assert missing == []


def test_a_source_file_that_a_document_names_exists() -> None:
    """By its name alone, or with some of the folders that it lies in."""
    folders = (*FOLDERS, "bench", "deploy", "eval", "tests")
    files = [path.relative_to(ROOT) for each in folders for path in (ROOT / each).rglob("*.*")]
    there = {"/".join(path.parts[at:]) for path in files for at in range(len(path.parts))}
    missing = [
        f"{document.name}: {name}"
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
        for name in re.findall(r"`([\w./-]+\.(?:py|c|h|sh|ts))`", document.read_text())
        if name not in there
    ]

    assert missing == []


def section(title: str) -> list[list[str]]:
    """The rows of the tables of a section of `docs/architecture.md`, cell by cell."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    own = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert own is not None, title
    lines = re.findall(r"^\| (`.+) \|$", own[1], re.MULTILINE)
    return [line.split(" | ") for line in lines]


def test_every_room_stands_in_the_architecture_with_what_it_knows() -> None:
    """In the words of its `__init__`, once; and no room that is not there."""
    listed = [(folder.strip("`/"), text) for folder, text in section("Rooms")]
    there = {named(path.parent) for each in FOLDERS for path in (ROOT / each).rglob("*.py")}
    documented = {
        folder: " ".join((ast.get_docstring(ast.parse(own.read_text())) or "").split())
        for folder in sorted(there)
        if (own := ROOT / folder / "__init__.py").exists()
    }

    assert sorted(folder for folder, _ in listed) == sorted(there)
    assert dict(listed) | documented == dict(listed)


def test_the_architecture_has_the_rooms_in_the_order_of_their_contracts() -> None:
    """Who reads which room may import which reads it there."""
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    told = dict(re.findall(r"^### (\w+)\n\n.*?From the top: (.+?)\. ", text, re.MULTILINE))
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    held = {
        each["containers"][0]: [re.findall(r"\w+", layer) for layer in each["layers"]]
        for each in contracts["contracts"]
        if each.get("containers", [""])[0] in FOLDERS
    }
    for package, layers in held.items():
        rooms = [[name for name in layer if (ROOT / package / name).is_dir()] for layer in layers]
        listed = [re.findall(r"\w+", layer) for layer in told[package].split(" · ")]
        assert listed == [layer for layer in rooms if layer], package


def test_what_the_glossary_calls_a_thing_is_there() -> None:
    """A room, a module or a class; who looks for it there finds it in the code."""
    text = (ROOT / "docs/glossary.md").read_text("utf-8").partition("## One name, one thing")[2]
    told = {
        name
        for cell in re.findall(r"^\|.*\| (.*) \|$", text, re.MULTILINE)
        for name in re.findall(r"`([\w/]+)`", cell)
    }
    paths = [path.relative_to(ROOT).with_suffix("") for path in modules()]
    there = {"/".join(path.parts[at:]) for path in paths for at in range(len(path.parts))}
    there |= {each.as_posix() for path in paths for each in path.parents}
    there |= {each.name for path in paths for each in path.parents}
    for path in modules():
        there |= {
            node.name
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ClassDef)
        }

    assert told
    assert told <= there


@pytest.mark.parametrize(
    ("title", "sources", "made"),
    [
        ("Catalog", "archive/catalog/tables/*.py", r'\bTable\(\s*"(\w+)"'),
        ("Keystore", "archive/keys/store/*schema.py", r"CREATE TABLE (\w+)"),
    ],
)
def test_every_table_stands_in_the_architecture(title: str, sources: str, made: str) -> None:
    """With what one row is, who writes it and who reads it."""
    listed = [(re.findall(r"`(\w+)`", names), told) for names, *told in section(title)]
    tables = [name for names, _ in listed for name in names]
    there = [name for path in ROOT.glob(sources) for name in re.findall(made, path.read_text())]

    assert sorted(tables) == sorted(there) != []
    assert [names for names, told in listed if len(told) != len(["is", "written", "read"])] == []


@pytest.mark.parametrize(
    ("title", "folder"), [("Catalog", "archive/catalog"), ("Keystore", "archive/keys")]
)
def test_who_writes_and_reads_a_table_is_there(title: str, folder: str) -> None:
    """A file or a room below the database's own."""
    missing = [
        place
        for _, _, *told in section(title)
        for place in re.findall(r"`([\w/]+(?:\.py)?)`", " ".join(told))
        if not (ROOT / folder / place).exists()
    ]

    assert missing == []


def changes() -> dict[str, list[str]]:
    """The table of changes: of each the product's files that are touched whatever it is."""
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("## Where a change goes")[2]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|.*\|$", table.partition("## Rules")[0], re.MULTILINE)
    return {change: PRODUCT.findall(files.partition(" Where ")[0]) for change, files in rows}


def test_what_a_change_touches_is_there() -> None:
    """The table of `CONTRIBUTING.md` is what a newcomer goes by."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    paths = {path for files in changes().values() for path in files} | set(PRODUCT.findall(text))

    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
    assert {
        "api/permissions/roles.py",
        "api/access/use_case.py",
        "archive/access/query.py",
    } <= paths


def test_a_usual_change_touches_few_files() -> None:
    """What it touches more than that, somebody forgets one of."""
    found = {change: len(files) for change, files in changes().items()}

    assert found["a clue of the search"] <= 8
    assert found["an export format"] <= 3
    assert found["a setting of a source"] + len(["where it is used"]) <= 3


def test_every_make_target_that_a_document_names_exists() -> None:
    """`make` never answers that there is no rule."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    text = "\n".join(
        path.read_text() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    )

    assert set(re.findall(r"\bmake (?=[a-z]+`|[a-z]+  )([a-z]+)", text)) <= targets


def test_the_lock_has_a_hash_for_every_version_and_no_address() -> None:
    """What is installed is what was looked at."""
    for lock in (ROOT / "requirements").glob("*.txt"):
        text = lock.read_text()
        entries = re.split(r"\n(?=[a-z0-9])", text.partition("\n\n")[2] or text)

        assert "://" not in text
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry)


def imported() -> set[str]:
    """The packages that our modules import, ours and others'."""
    found: set[str] = set()
    for path in (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in names}
    return found


def test_what_is_installed_to_run_is_imported() -> None:
    """What nothing uses any more is still somebody's code on every machine."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[^\w-]", each)[0] for each in project["dependencies"]}
    known = packages_distributions()
    dists = (each for package in imported() for each in known.get(package, ()))
    used = {each.lower().replace("_", "-") for each in dists}

    assert wanted <= used


def test_the_extra_with_a_gpl_build_is_in_no_installation_that_does_not_ask_for_it() -> None:
    """Tests have it; a container or a package made of run.txt does not."""
    for lock in ("constraints.txt", "run.txt"):
        assert not re.search(r"^av==", (ROOT / "requirements" / lock).read_text(), re.MULTILINE)
    assert re.search(r"^av==", (ROOT / "requirements/codecs.txt").read_text(), re.MULTILINE)


def pinned(lock: str) -> dict[str, str]:
    """What a lock names, each with its version and its hashes."""
    text = (ROOT / "requirements" / lock).read_text()
    found = re.findall(r"^([\w.-]+)==((?:.*\\\n)*.*)$", text, re.MULTILINE)
    return {name.lower(): rest for name, rest in found}


def needed(names: Iterable[str]) -> set[str]:
    """These packages and all that they need themselves, as they are installed here."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = re.split(r"[^\w.-]", waiting.pop())[0].lower().replace("_", "-")
        if name not in found:
            found.add(name)
            asked = distribution(name).requires or ()
            waiting += [each for each in asked if "extra ==" not in each and not _elsewhere(each)]
    return found


def _elsewhere(requirement: str) -> bool:
    """Is it for another Python or system than this one?"""
    marker = Requirement(requirement).marker
    return marker is not None and not marker.evaluate()


def test_who_runs_rokuon_installs_what_it_needs_and_nothing_of_the_tests() -> None:
    """At the versions that the tests have."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    all_of_them, run = pinned("constraints.txt"), pinned("run.txt")
    tools = {re.split(r"[^\w-]", each)[0] for each in project["optional-dependencies"]["dev"]}

    assert run.items() <= all_of_them.items()
    assert needed(project["dependencies"]) <= run.keys()
    assert not tools & run.keys()


def test_phones_that_are_gpl_are_installed_apart_and_imported_by_nothing() -> None:
    """They are peers: a process each, started by the scenarios and the self-test."""
    for lock in ("constraints.txt", "codecs.txt"):
        text = (ROOT / "requirements" / lock).read_text()
        assert not re.search(r"^(pjsua2|pyvoip)", text, re.MULTILINE | re.IGNORECASE)
    importing = [
        named(path)
        for folder in (*FOLDERS, "tests")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(import|from) (pjsua2|pyVoIP)", path.read_text(), re.MULTILINE)
        and path.parent not in (ROOT / PHONES, ROOT / "tests/scenarios/phones/programs")
    ]

    assert importing == []


def test_shell_scripts_are_free_of_slips_that_bash_finds() -> None:
    """They are run on machines that nobody watches."""
    scripts = [
        ROOT / each for each in (".ci/run", "tests/bare/run", "deploy/install", "deploy/rokuon")
    ]
    scripts += (ROOT / "deploy").glob("[a-z]*-[a-z]*")
    for script in scripts:
        if script.is_file() and script.read_text().startswith("#!"):
            subprocess.run(["bash", "-n", str(script)], check=True)
            assert script.stat().st_mode & 0o111, script


def test_a_child_flushes_the_line_that_its_parent_waits_for() -> None:
    """Into a pipe Python writes when a buffer is full: the parent would wait for good."""
    waiting = [
        path
        for folder in (*FOLDERS, "bench", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if "stdout.readline" in path.read_text()
    ]
    kept_back = [
        f"{named(path)}:{node.lineno}"
        for path in waiting
        if path.name != "test_time_limit.py"  # there it is what hangs
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for call in re.findall(r"\bprint\(.*?\)(?=[;\n]|$)", node.value)
        if "flush=True" not in call
    ]

    assert waiting
    assert kept_back == []
