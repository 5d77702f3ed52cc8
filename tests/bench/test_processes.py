"""Tests of what is read from /proc."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bench.processes import (
    TICKS_PER_S,
    cpu_s,
    dropped_packets,
    family_of,
    machine_cpu_s,
    name_of,
    stolen_cpu_s,
)


def test_a_process_and_its_grandchildren_are_one_family() -> None:
    """A supervisor's parts start processes of their own."""
    inner = "import sys; sys.stdin.read()"
    outer = (
        "import subprocess, sys;"
        f"p = subprocess.Popen([sys.executable, '-c', {inner!r}], stdin=subprocess.PIPE);"
        "print(p.pid, flush=True); sys.stdin.read(); p.stdin.close(); p.wait()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", outer], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        grandchild = int(child.stdout.readline())
        family = family_of(os.getpid())

    assert family.index(child.pid) < family.index(grandchild)


def test_of_siblings_the_elder_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A spare comes behind the part whose place it takes, also where numbers have begun anew."""
    started = {32_735: 100, 310: 200, 32_750: 150}

    def stat(path: Path) -> str:
        before = " ".join(["0"] * 17)
        return f"{path.parent.name} (python) S 7 {before} {started[int(path.parent.name)]} 0"

    listed = [Path(f"/proc/{pid}") for pid in sorted(started)]
    monkeypatch.setattr(Path, "iterdir", lambda _: iter(listed))
    monkeypatch.setattr(Path, "read_text", stat)

    assert family_of(7) == [7, 32_735, 32_750, 310]


def test_a_process_that_has_ended_used_nothing_more_and_is_named_so() -> None:
    """Parts may come and go between two readings."""
    command = [sys.executable, "-c", "import os; print(os.getpid(), flush=True)"]
    pid = int(subprocess.run(command, capture_output=True, check=True).stdout)

    assert cpu_s(pid) == 0.0
    assert name_of(pid).endswith("(ended)")


def test_our_own_time_only_grows() -> None:
    """Ticks of all threads since the start."""
    before = cpu_s(os.getpid())
    sum(range(2_000_000))

    assert cpu_s(os.getpid()) >= before > 0


def test_the_machine_works_at_least_as_much_as_we_do() -> None:
    """Everybody's time, the kernel's interrupts included."""
    before_s, ours_s = machine_cpu_s(), cpu_s(os.getpid())
    while cpu_s(os.getpid()) < ours_s + 0.1:
        sum(range(100_000))

    assert machine_cpu_s() - before_s >= 0.08


def test_what_the_host_took_is_no_work_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The eighth number of the line (proc(5)); the cores had it neither idle nor busy."""
    told = ["cpu  7 7 7 0 0 7 7 0 0 0\n", f"cpu  7 7 7 0 0 7 7 {5 * TICKS_PER_S} 0 0\n"]
    worked_s = []
    for text in told:
        monkeypatch.setattr(Path, "read_text", lambda _, text=text: text)
        monkeypatch.setattr("time.monotonic", lambda: 100.0)
        worked_s.append(machine_cpu_s())

    assert (stolen_cpu_s(), worked_s[0] - worked_s[1]) == (5.0, 5.0)


def test_what_a_full_queue_drops_is_seen_from_outside() -> None:
    """The recorder's own count is not what proves that it lost nothing."""
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as mouth,
    ):
        ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        ear.bind(("127.0.0.1", 0))
        port = ear.getsockname()[1]
        for _ in range(50):
            mouth.sendto(bytes(172), ("127.0.0.1", port))
        ear.setblocking(False)  # noqa: FBT003 - the standard library's own signature
        received = 0
        try:
            while True:
                ear.recv(200)
                received += 1
        except BlockingIOError:
            dropped = dropped_packets(port, port)

    assert dropped == 50 - received > 0
