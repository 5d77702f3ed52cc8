"""Tests of `make bench`: that one command writes every file and the page."""

import argparse
import json
import sys
from pathlib import Path

import pytest

from bench import __main__ as whole, answers, calls, ingest, inline
from bench.answers import AnswerFigures
from bench.filled_catalog import Filled
from bench.filled_journal import FilledJournal
from bench.ingest import IngestFigures
from bench.inline import InlineFigures
from bench.journal import JournalFigures
from bench.listeners import ListenerFigures
from bench.page import ANSWERS, CALLS, INGEST, INLINE, JOURNAL, LINEAR, LISTENERS
from bench.report import write_json
from bench.room import by_descriptors


def no_answers(arguments: argparse.Namespace, command: list[str]) -> AnswerFigures:
    filled = Filled(calls=arguments.catalog_calls, rows={}, size_bytes=1)
    figures = AnswerFigures(command=command, machine={}, filled=filled)
    write_json(arguments.json, figures)
    return figures


def no_module(module: str, path: Path) -> int:
    command = ["python", "-m", module]
    journal = JournalFigures(command=command, machine={}, filled=FilledJournal(1, 1, 1))
    listened = ListenerFigures(
        command=command,
        machine={},
        filled=Filled(calls=1, rows={}, size_bytes=1),
        listeners=50,
        per_s=20.0,
        kinds=[],
        seconds=3,
    )
    write_json(path, {JOURNAL: journal, LISTENERS: listened}.get(path.name, []))
    return 0


def test_one_command_measures_everything_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the options of both measurements, and the command as it was given in the files."""

    def no_ingest(arguments: argparse.Namespace, command: list[str]) -> IngestFigures:
        figures = IngestFigures(command=command, machine={}, seconds=3, runs=[])
        write_json(arguments.json, figures)
        return figures

    def no_calls(arguments: argparse.Namespace, command: list[str]) -> calls.CallFigures:
        figures = calls.CallFigures(
            command=command,
            machine={},
            bound=by_descriptors(20_000),
            asked=arguments.calls,
        )
        write_json(arguments.json, figures)
        return figures

    def no_inline(arguments: argparse.Namespace, command: list[str]) -> InlineFigures:
        seconds = arguments.inline_seconds
        figures = InlineFigures(command=command, machine={}, seconds=seconds, runs=[])
        write_json(arguments.json, figures)
        return figures

    written = tmp_path / "page.md"
    options = ["--streams", "200", "--seconds", "3", "--runs", "1", "--calls", "50"]
    options += ["--inline-seconds", "7"]
    monkeypatch.setattr(ingest, "measure", no_ingest)
    monkeypatch.setattr(calls, "measure", no_calls)
    monkeypatch.setattr(answers, "measure", no_answers)
    monkeypatch.setattr(inline, "measure", no_inline)
    monkeypatch.setattr(whole, "_run", no_module)
    monkeypatch.setattr(
        sys, "argv", ["bench", *options, "--build", str(tmp_path), "--page", str(written)]
    )

    assert whole.main() == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        INGEST,
        CALLS,
        ANSWERS,
        INLINE,
        JOURNAL,
        LISTENERS,
        *LINEAR,
        "page.md",
    }
    assert json.loads((tmp_path / CALLS).read_text())["asked"] == [50]
    assert json.loads((tmp_path / INLINE).read_text())["seconds"] == 7
    assert written.read_text() == capsys.readouterr().out[:-1]
    assert "python -m bench --streams 200" in written.read_text()
