"""Tests of the page: that it is what the files say."""

import subprocess
import sys
from pathlib import Path

from bench.calls import CallFigures
from bench.ingest import Figures, IngestFigures
from bench.inline import InlineFigures, RelayFigures
from bench.linear_sip import Growth
from bench.page import (
    ANSWERS,
    CALLS,
    INGEST,
    INLINE,
    JOURNAL,
    LINEAR,
    LISTENERS,
    NOT_MEASURED,
    SOAK,
    page,
)
from bench.report import write_json
from bench.room import by_descriptors
from bench.searchable import Crowd, Searchable
from tests.bench.examples import floor, held, inline_rate, ours, peer, rate, relayed, soaked
from tests.support.bench.answers import figures as answered
from tests.support.bench.beside import beside
from tests.support.bench.journal import figures as audited
from tests.support.bench.listeners import figures as listening

ROOT = Path(__file__).parents[2]
MACHINE: dict[str, object] = {"cpu": "Some CPU", "cores": 2}


def measured(folder: Path) -> None:
    """Files of every measurement, as the measurements write them."""
    one = Figures(
        1_000, [floor(0.9, stamps=False)], [floor(1.1)], [ours(1.7)], [peer(9.0)], [peer(9.4)]
    )  # fmt: skip
    ingest = IngestFigures(command=["bench", "-x"], machine=MACHINE, seconds=60, runs=[one])
    calls = CallFigures(
        command=["bench", "-x"], machine=MACHINE, bound=by_descriptors(20_000), asked=[5_000]
    )
    calls.held, calls.rates = [held(4_936)], [rate(150)]
    crowd = Crowd(standing=10, ending=20, per_s=17.0, held_s=240)
    calls.searchable = [Searchable(crowd=crowd, answered=30, delays_s=[0.25])]
    relays = RelayFigures(
        calls=500,
        secure=True,
        ours=[relayed(8.0)],
        relay=[relayed(9.0)],
        relay_pcap=[relayed(10.0)],
    )
    inline = InlineFigures(command=["bench", "-x"], machine=MACHINE, seconds=30, runs=[relays])
    inline.rates = [inline_rate(150)]
    write_json(folder / INLINE, inline)
    answers = answered(5.0, 30.0, 600.0)
    answers.machine = MACHINE
    write_json(folder / ANSWERS, answers)
    journal = audited(5.0, 30.0, 1.05)
    journal.machine = MACHINE
    write_json(folder / JOURNAL, journal)
    listened = listening(beside(500))
    listened.machine = MACHINE
    write_json(folder / LISTENERS, listened)
    write_json(folder / SOAK, soaked(MACHINE))
    write_json(folder / INGEST, ingest)
    write_json(folder / CALLS, calls)
    for name in LINEAR:
        write_json(folder / name, [Growth(f"input {at}", 8, 1e-3, at * 1e-3) for at in range(7)])


def test_everything_measured_stands_on_the_page(tmp_path: Path) -> None:
    """Read back from the files alone: the page can be made again without measuring."""
    measured(tmp_path)
    text = page(tmp_path)

    assert NOT_MEASURED not in text
    for figure in (
        "| cpu | Some CPU |", "    bench -x", "1 × 60 s of each.",
        "| 1,000 | 0.90 | 1.10 | 1.70 |",
        "**Not kept:** 1,000 streams: 1.89 × the bare loop.", "| 4,936 | 4,936 |",
        "5,000 calls were not tried: descriptors have room", "| 150 | 150.00 | none |",
        "| 10 | 17 | 240 | 20 | 1 | 0.25 | 0.25 | 0 |", "| input 6 |",
        "| 500 | both sides | 8.00 | 6.25 | 9.00 | 10.00 | 0.89 | 0.80 |", "| 150 | 75.00 | none |",
        "200 calls up at any time, 6,000 in 30 minutes; none failed.",
        "| serve keys | 12 | 12 | 12 |",
        "6.3 kB a call.", "| GET /calls/{id} | 1 | 5.00 |",
        "| time | 50 | 20.00 | 3 | 30.00 | 1.50 |",
        "| 500 | 500 | 10,000 | 10,000 | 0 | 100 | 0 |",
        "| who heard a call | 1 | 5.00 |", "| read | 94 | 1.05 | 1.00 | 1.05 | 1.00 |",
        "| rokuon calls show | 1 | 600.00 | 600.00 | 400.00 |",
    ):  # fmt: skip
        assert figure in text
    assert "| input 1 |" not in text
    assert text.count("    bench -x") == 1


def test_what_was_measured_elsewhere_says_how_it_differs(tmp_path: Path) -> None:
    """Figures of two evenings stand on one page: nobody takes the one machine for the other."""
    measured(tmp_path)
    relays = InlineFigures(
        command=["bench.inline", "-y"], machine={**MACHINE, "cores": 4}, seconds=30, runs=[]
    )
    write_json(tmp_path / INLINE, relays)
    text = page(tmp_path)

    said = "    bench.inline -y\n\nwith\n\n| other than above |  |\n| --- | --- |\n| cores | 4 |\n"
    assert said in text
    assert text.count("| cpu | Some CPU |") == 1


def test_what_was_not_measured_is_said_to_be_so(tmp_path: Path) -> None:
    """A page without figures promises none."""
    text = page(tmp_path)

    assert text.count(NOT_MEASURED) == 18
    assert "kept" not in text


def test_the_page_is_made_by_one_command(tmp_path: Path) -> None:
    """The command that the page itself names."""
    measured(tmp_path)
    said = subprocess.run(
        [sys.executable, "-m", "bench.page", str(tmp_path)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip

    assert said.stdout == page(tmp_path)


def test_the_committed_page_has_the_texts_of_the_code(tmp_path: Path) -> None:
    """Only figures differ from one machine to the next; texts are changed in the code."""
    committed = (ROOT / "docs/benchmarks.md").read_text()
    prose = [line for line in page(tmp_path).splitlines() if line and line != NOT_MEASURED.strip()]

    assert [line for line in prose if line not in committed.splitlines()] == []
