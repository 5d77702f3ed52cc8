"""Calls taken away or heard: exported and traced, each under a journalled grant.

Knows nothing of SQL, files of the archive or keys.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Final, assert_never

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine

from archive.catalog.calls import stored
from archive.catalog.engine import reading
from archive.catalog.pages import page_of, stored_page
from archive.events import CallRefused, SipMessage
from archive.export import AudioFormat, export_audio, export_pcap, export_trace
from archive.grants import Ask, ExportGrant, Target, grant
from archive.ids import DEFAULT_TENANT, PageId
from archive.keys.client import KeyClient
from archive.reading.recording import RecordingReader
from archive.sip_dialogs import call_id_of
from archive.stored_audio import open_page, open_recording
from archive.trace import ladder
from rokuon.choices import AudioForm, TraceForm
from rokuon.compose.calls import target_of
from rokuon.compose.catalog import local_access, open_catalog
from rokuon.compose.errors import NothingFound
from rokuon.compose.keys import open_keys
from rokuon.compose.side_files import write_side_file
from rokuon.config.schema import Config

Step = Callable[[int, int], None]
Opened = Callable[[], RecordingReader]

_AUDIO: Final[dict[AudioForm, AudioFormat]] = {
    AudioForm.WAV: "wav",
    AudioForm.FLAC: "flac",
    AudioForm.OPUS: "opus",
}


def export_call(
    config: Config, call: str, form: AudioForm, target: Path, step: Step
) -> tuple[Path, ...]:
    """Write each recording of a call to a file: `target`, then `target` with -2, -3 in its name.

    Beside each lies what it does not say itself (`rokuon.compose.side_files`).

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    with _opened(config, call, {"format": form.value}) as (count, readers):
        files = numbered(target, count)
        for reader, file in zip(readers, files, strict=True):
            _write(reader, file, form, step)
            write_side_file(reader, file, form)
    return files


@contextmanager
def _opened(
    config: Config,
    call: str,
    detail: dict[str, str],
    find: Callable[[Engine, str], Target | PageId] = target_of,
) -> Iterator[tuple[int, Iterator[RecordingReader]]]:
    """How many recordings a call has, and each of them opened in its turn; journalled before."""
    keys = open_keys(config, "api")
    try:
        # Without keys nothing can be heard: that is the reason, and no access that is journalled.
        keys.status()
        engine = open_catalog(config)
        wanted = find(engine, call)
        ask = Ask(access=local_access(), target=wanted, detail={**detail})
        granted = grant(engine, ExportGrant, ask)
        with reading(engine) as connection:
            found = _stored(config, keys, connection, wanted, granted)
        yield len(found), _readers(found)
    finally:
        keys.close()


def _stored(
    config: Config,
    keys: KeyClient,
    connection: Connection,
    wanted: Target | PageId,
    granted: ExportGrant,
) -> list[Opened]:
    """How each recording of a call is opened, or the page of one that has none."""
    folder = config.archive.path
    if isinstance(wanted, PageId):
        parts = stored_page(connection, wanted, granted)
        return [partial(open_page, folder, keys, parts, granted)] if parts else []
    found = stored(connection, wanted, granted)
    return [partial(open_recording, folder, keys, each, granted) for each in found]


def _readers(found: Iterable[Opened]) -> Iterator[RecordingReader]:
    for opened in found:
        with opened() as reader:
            yield reader


@dataclass(frozen=True, slots=True, eq=False)
class HeardLane:
    """One lane of a recording as it sounds, and whose it is."""

    side: str
    rate_hz: int
    samples: NDArray[np.int16]


def heard_lanes(config: Config, call: str) -> tuple[HeardLane, ...]:
    """What is heard of the one recording of a call, in memory alone: for a short one.

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    with _opened(config, call, {"selftest": "lanes"}) as (_count, readers):
        reader = next(readers)
        rendering = reader.rendering()
        sound = np.concatenate(list(rendering.audio_blocks()))
        return tuple(
            HeardLane(lane.side, rendering.sample_rate, sound[:, number])
            for number, lane in enumerate(
                reader.timeline.lanes[each] for each in reader.timeline.channels
            )
        )


def trace_call(config: Config, call: str, target: Path | None, zone: tzinfo = UTC) -> list[str]:
    """The SIP messages of each recording of a call: as lines, or written to files like an export.

    Raises `NothingFound`, `KeyUnavailable`, `RecordingDamaged`, `OSError`.
    """
    form = TraceForm.LADDER if target is None else TraceForm.PCAP
    lines: list[str] = []
    with _opened(config, call, {"trace": form.value}, _traced) as (count, readers):
        files = numbered(target, count) if target else (None,) * count
        for reader, file in zip(readers, files, strict=True):
            if file is None:
                lines += ladder(_said(reader, call), zone)
            else:
                export_trace(_said(reader, call), file)
                lines.append(str(file))
    return lines


def _traced(engine: Engine, text: str) -> Target | PageId:
    """The call of that id, or the page on which a call of that Call-ID was turned away."""
    try:
        return target_of(engine, text)
    except NothingFound:
        with reading(engine) as connection:
            page = page_of(connection, DEFAULT_TENANT, text)
        if page is None:
            raise
        return page


def _said(reader: RecordingReader, call: str) -> list[SipMessage]:
    """What was said of a call; a page tells of others too."""
    is_page = any(isinstance(event, CallRefused) for event in reader.timeline.events)
    found = list(reader.messages())
    own = [each for each in found if call_id_of(each) == call]
    return own if is_page and own else found


def numbered(target: Path, count: int) -> tuple[Path, ...]:
    """File names for so many recordings of one call."""
    others = (target.with_stem(f"{target.stem}-{n}") for n in range(2, count + 1))
    return (target, *others)[:count]


def _write(reader: RecordingReader, file: Path, form: AudioForm, step: Step) -> None:
    match form:
        case AudioForm.PCAP:
            export_pcap(reader, file, progress=step)
        case AudioForm.WAV | AudioForm.FLAC | AudioForm.OPUS:
            export_audio(reader, file, _AUDIO[form], progress=step)
        case _:
            assert_never(form)
