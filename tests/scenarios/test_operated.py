"""The pages for administrators, followed: upgrade, backup, restore, another disk, a second node.

From this version to a later one, and from its backup into an empty machine; calls of before and
after are found and heard on both. What is typed is what the pages say.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent
from typing import Final

import pytest

from tests.operating_page import OPERATE, section, steps
from tests.scenarios import booted, installed, versions
from tests.scenarios.booted import Machine
from tests.scenarios.by_page import follow
from tests.scenarios.installed import CLERK, OK, PARTS
from tests.scenarios.waiting import until

# Two machines are made and filled, one of them twice: half an hour where others are busy.
pytestmark = [pytest.mark.scenario, pytest.mark.timeout(2_400)]

UPGRADE: Final = OPERATE / "upgrade.md"
RESTORE: Final = OPERATE / "backup-and-restore.md"
MOVE: Final = OPERATE / "move-the-archive.md"
CALL_S: Final = 6
AUDIBLE: Final = 0.01
# What the new doctor says until the parts are new, too, as the page has it.
UNTIL_RESTARTED: Final = {"CALL-001", "CAT-002"}
SECOND: Final = OPERATE / "second-node.md"
_DISK: Final = "/srv/disk"
_OTHER_DISK: Final = "/srv/other-disk"
_OTHER_PATH: Final = "/srv/archive"
_MARK: Final = ".rokuon-archive"
_MEDIA: Final = ("mnt/backup", "mnt/epochs", "mnt/safe")


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A machine that is off, and what was seen on it.

    Its recordings are one of before, one of after, and one of after the sets of its backup.
    """

    root: Path
    until_restarted: set[str]
    left: set[str]
    recordings: tuple[str, ...]
    heard: list[tuple[float, float]]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where both machines are."""
    if why := booted.why_not():
        pytest.skip(why)
    with TemporaryDirectory(prefix="rk") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def upgraded(folder: Path) -> Upgraded:
    """Installed, upgraded by its page, backed up by the other; then off."""
    with _debian(folder / "first") as machine:
        versions.set_up_before(machine)
        installed.let_in_a_clerk(machine)
        before = _recorded(machine, set(installed.found(machine)))
        until_restarted, left = _upgrade(machine)
        after = _recorded(machine, set(installed.found(machine)))
        follow(machine, ["rokuon backup create"])
        recordings = (before, after, _recorded(machine, set(installed.found(machine))))
        for each in _MEDIA:
            (machine.root / each).mkdir()
        follow(machine, section(RESTORE, "Copies"))
        heard = _heard(machine, recordings, installed.token_of_clerk(machine))
        return Upgraded(machine.root, until_restarted, left, recordings, heard)


@contextmanager
def _debian(folder: Path) -> Iterator[Machine]:
    folder.mkdir()
    with booted.debian(folder) as machine:
        yield machine


def _recorded(machine: Machine, known: set[str]) -> str:
    """A call; its recording, once it is found."""
    installed.call(machine, CALL_S)
    (recording,) = until(lambda: _new(machine, known, count=1), "the call", within_s=60)
    return recording


def _heard(machine: Machine, recordings: tuple[str, ...], token: str) -> list[tuple[float, float]]:
    return [installed.heard(machine, each, token) for each in recordings]


def _upgrade(machine: Machine) -> tuple[set[str], set[str]]:
    """By the page; what the doctor named before the restart of step 5, and behind it."""
    page = steps(UPGRADE, "Steps")
    for number in range(1, 5):
        follow(machine, page[number])
    until_restarted = installed.findings(machine)
    follow(machine, page[5])
    left = installed.findings(machine)
    follow(machine, page[6])
    return until_restarted, left


def _are_whole(heard: list[tuple[float, float]]) -> bool:
    return all(seconds > CALL_S - 1 and level > AUDIBLE for seconds, level in heard)


def test_a_machine_of_before_records_and_finds_after_the_upgrade(upgraded: Upgraded) -> None:
    """By the page alone; the doctor says what the page says."""
    assert upgraded.until_restarted == UNTIL_RESTARTED
    assert upgraded.left == set()
    assert len(upgraded.heard) == len(set(upgraded.recordings)) == 3
    assert _are_whole(upgraded.heard)


@pytest.fixture(scope="module")
def restored(folder: Path, upgraded: Upgraded) -> Iterator[Machine]:
    """An empty machine that was given the copies of the first one, by the page."""
    page = steps(RESTORE, "Into an empty machine")
    with _debian(folder / "second") as machine:
        versions.make_later(machine)
        for each in _MEDIA:
            shutil.copytree(upgraded.root / each, machine.root / each)
        assert machine.run("useradd", "--create-home", CLERK).returncode == OK
        for number in range(1, 7):
            follow(machine, page[number])
        yield machine


def test_what_was_backed_up_is_found_and_heard_on_an_empty_machine(
    upgraded: Upgraded, restored: Machine
) -> None:
    """With a call that was recorded after the sets; then the machine records, too."""
    token = installed.token_of_clerk(restored)
    heard = _heard(restored, upgraded.recordings, token)
    one_more = _recorded(restored, set(installed.found(restored)))
    heard += _heard(restored, (one_more,), token)

    assert len(heard) == 4
    assert _are_whole(heard)
    assert installed.has_its_nightly_set(restored)
    assert installed.findings(restored) == set()


def test_an_archive_is_moved_while_calls_are_recorded(
    upgraded: Upgraded, restored: Machine
) -> None:
    """By the page; a call that comes while the archive is away is found once it is there."""
    page, known = steps(MOVE, "Steps"), set(installed.found(restored))
    _bring_a_disk(restored, _DISK, "/var/lib/rokuon/archive")
    for number in (1, 2):
        follow(restored, page[number])
    installed.call(restored, CALL_S)
    assert installed.found(restored).keys() == known
    same_path, _ = _either_path(page[3])
    follow(restored, same_path)
    follow(restored, page[4])
    meanwhile = until(lambda: _new(restored, known, count=1), "the call", within_s=60)
    token = installed.token_of_clerk(restored)
    heard = _heard(restored, (*upgraded.recordings, *meanwhile), token)

    assert len(heard) == 4
    assert _are_whole(heard)
    assert len([*(restored.root / _DISK[1:]).rglob("*.rkn")]) == len(known) + 1
    assert installed.findings(restored) == set()


def _bring_a_disk(machine: Machine, disk: str, path: str) -> None:
    """A folder, in the place of a disk, mounted at /mnt/new and known to /etc/fstab for a path."""
    for each in (disk, "/mnt/new", path):
        (machine.root / each[1:]).mkdir(exist_ok=True)
    with (machine.root / "etc/fstab").open("a") as table:
        table.write(f"{disk} {path} none bind 0 0\n")
    assert machine.run("mount", "--bind", disk, "/mnt/new").returncode == OK


def _either_path(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines of step 3 for who keeps the path, and for who takes another one."""
    other = lines.index("umount /mnt/new", 1)
    return lines[:other], lines[other:]


def test_a_second_node_records_what_the_first_one_finds(restored: Machine) -> None:
    """By the page; the self-test of its step 4 goes to the second node alone."""
    page, known = steps(SECOND, "Steps"), set(installed.found(restored))
    follow(restored, page[1])
    (restored.root / "etc/rokuon/rokuon-b.toml").write_text(_settings_of_b(restored))
    for number in (2, 3, 4):
        follow(restored, page[number])
    through_it = until(lambda: _new(restored, known, count=2), "its calls", within_s=60)
    heard = _heard(restored, tuple(through_it), installed.token_of_clerk(restored))

    assert _are_whole(heard)
    assert installed.findings(restored) == set()


def test_the_archive_of_two_nodes_is_moved_to_another_path(restored: Machine) -> None:
    """By the page; capture and the key daemon see it no more than they saw the one before."""
    page, known = steps(MOVE, "Steps"), set(installed.found(restored))
    _bring_a_disk(restored, _OTHER_DISK, _OTHER_PATH)
    follow(restored, page[1])
    follow(restored, ["systemctl stop rokuon-b-keeper", *page[2]])
    (table,) = re.findall(r"```toml\n(.*?)```", MOVE.read_text("utf-8"), re.DOTALL)
    for name in ("rokuon", "rokuon-b"):
        _enter(restored.root / f"etc/rokuon/{name}.toml", dedent(table))
    _, other_path = _either_path(page[3])
    follow(restored, other_path)
    follow(restored, ["systemctl start rokuon-b-keeper", *page[4]])
    first = _recorded(restored, known)
    follow(restored, ["rokuon --config /etc/rokuon/rokuon-b.toml selftest"])
    both = {first} | until(lambda: _new(restored, known | {first}, count=2), "it", within_s=60)
    heard = _heard(restored, tuple(known | both), installed.token_of_clerk(restored))

    assert all(level > AUDIBLE for _, level in heard)
    assert len([*(restored.root / _OTHER_DISK[1:]).rglob("*.rkn")]) == len(known) + len(both)
    assert installed.findings(restored) == set()
    follow(restored, ["systemctl restart rokuon-keys rokuon-capture"])
    shown = {part: installed.sees(restored, part, f"{_OTHER_PATH}/{_MARK}") for part in PARTS}
    assert {part for part, is_seen in shown.items() if is_seen} == {"keeper", "retention", "api"}


def test_who_goes_back_finds_and_records_and_may_come_again(restored: Machine) -> None:
    """Where no migration lies between, by the checkout of before and the page's step 5."""
    versions.put_other(restored)
    page, known = steps(UPGRADE, "Steps"), set(installed.found(restored))
    follow(restored, [f"{versions.OTHER_CHECKOUT}/deploy/install", *page[5]])
    is_back = not installed.is_program_of(restored, "/root/rokuon")
    there = _recorded(restored, known)
    for number in (3, 4, 5):
        follow(restored, page[number])
    here = _recorded(restored, known | {there})
    heard = _heard(restored, (*known, there, here), installed.token_of_clerk(restored))

    assert is_back
    assert installed.is_program_of(restored, "/root/rokuon")
    assert all(level > AUDIBLE for _, level in heard)
    assert installed.findings(restored) == set()


def _enter(settings: Path, table: str) -> None:
    """A table in the settings, in the place of the one that is there."""
    name = table.partition("\n")[0]
    said = re.sub(rf"^{re.escape(name)}\n(?:\S.*\n)*", "", settings.read_text(), flags=re.MULTILINE)
    settings.write_text(f"{said}\n{table}")


def _new(machine: Machine, known: set[str], *, count: int) -> set[str] | None:
    """What is found beside what was known, once it is so many."""
    new = installed.found(machine).keys() - known
    return new if len(new) == count else None


def _settings_of_b(machine: Machine) -> str:
    """The page's tables; another port, as the first node has 5060 of every address."""
    (tables,) = re.findall(r"```toml\n(.*?)```", SECOND.read_text("utf-8"), re.DOTALL)
    tables = dedent(tables).replace("192.0.2.21", "127.0.0.2")
    first = (machine.root / "etc/rokuon/rokuon.toml").read_text()
    return tables.replace("[sip]", "[sip]\nport = 5070") + first[first.index("\n[[source]]") :]
