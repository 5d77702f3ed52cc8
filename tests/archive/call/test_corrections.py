"""What can be said of a recording after capture."""

import json
from typing import get_args

import pytest

from archive.call.corrections import (
    MAX_NOTE_CHARS,
    MAX_PURPOSES,
    MAX_REASON_CHARS,
    MAX_VALUE_CHARS,
    AgentCorrected,
    BySide,
    ByStream,
    Change,
    CorrectionRefused,
    NoteWritten,
    PurposeCorrected,
    QueueCorrected,
    TagAdded,
    TagRemoved,
    decode_change,
    encode_change,
    entry_of,
    kind_of,
    require_sound,
    values_of,
    whom_of,
)
from tests.support.archive.corrections import CHANGES, WHOM


@pytest.mark.parametrize("change", CHANGES, ids=kind_of)
def test_what_is_written_is_read_again(change: Change) -> None:
    """The register outlives the version that wrote it."""
    assert decode_change(encode_change(change)) == change
    assert json.loads(encode_change(change))["kind"] == kind_of(change)


def test_every_kind_is_among_these() -> None:
    """A kind that is added is tested here, too."""
    assert {type(change) for change in CHANGES} == set(get_args(Change))


def test_people_read_the_value_alone() -> None:
    """Whatever the kind is."""
    assert [values_of(change) for change in CHANGES] == [
        ("A17",), ("agent",), ("03-1234-7788",), ("support",), ("acme",), ("quality", "training"),
        ("佐藤様",), ("佐藤様",), ("Sato called back on 03-1234-7788",),
    ]  # fmt: skip
    assert values_of(QueueCorrected(queue="")) == ()


def test_three_kinds_are_of_somebody() -> None:
    """The others are of the recording."""
    assert [whom_of(change) for change in CHANGES[:4]] == [
        WHOM, BySide(side="customer"), ByStream(stream=1), None,
    ]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=kind_of)
def test_the_journal_is_told_of_nobody(change: Change) -> None:
    """It outlives the recording: no name, no number, no text (reference: law C7)."""
    entry = json.dumps(entry_of(change), ensure_ascii=False)

    assert entry_of(change)["kind"] == kind_of(change)
    assert not any(private in entry for private in ("Sato", "佐藤", "1234", "called"))


def test_the_journal_is_told_what_tells_of_nobody() -> None:
    """An auditor sees what was done without opening the register."""
    assert [{k: v for k, v in entry_of(change).items() if k != "kind"} for change in CHANGES] == [
        {"agent_id": "A17"}, {"values": ["agent"]}, {"last4": "7788"}, {"values": ["support"]},
        {"values": ["acme"]}, {"values": ["quality", "training"]}, {}, {}, {"chars": 32},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        (NoteWritten(text="x" * (MAX_NOTE_CHARS + 1)), "", "value"),
        (NoteWritten(text=""), "", "value"),
        (NoteWritten(text="a\x1b[2J"), "", "value"),
        (NoteWritten(text="a\x9b2J"), "", "value"),
        (NoteWritten(text=" \n"), "", "value"),
        (QueueCorrected(queue="x" * (MAX_VALUE_CHARS + 1)), "", "value"),
        (QueueCorrected(queue=" support"), "", "value"),
        (QueueCorrected(queue="a\nb"), "", "value"),
        (TagAdded(tag=""), "", "value"),
        (TagRemoved(tag=""), "", "value"),
        (PurposeCorrected(purposes=()), "", "value"),
        (PurposeCorrected(purposes=("quality", "")), "", "value"),
        (PurposeCorrected(purposes=tuple(map(str, range(MAX_PURPOSES + 1)))), "", "value"),
        (TagAdded(tag="gold"), "x" * (MAX_REASON_CHARS + 1), "reason"),
    ],
)
def test_what_cannot_stand_in_the_register_is_refused(
    change: Change, reason: str, field: str
) -> None:
    """What is written there cannot be taken back."""
    with pytest.raises(CorrectionRefused) as refused:
        require_sound(change, reason)

    assert refused.value.field == field


def test_what_is_as_long_as_it_may_be_is_taken() -> None:
    """A limit is a limit and not one less."""
    require_sound(
        NoteWritten(text="x\n" * (MAX_NOTE_CHARS // 2 - 1) + "xx"), "x" * MAX_REASON_CHARS
    )
    require_sound(TagAdded(tag="x" * MAX_VALUE_CHARS), "")
    require_sound(TagAdded(tag="田中　真由"), "一行の理由、全角の空白　も")
    require_sound(AgentCorrected(whom=WHOM, agent_id=""), "")
