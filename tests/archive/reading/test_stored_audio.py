"""Stored recordings opened for reading."""

import wave
from dataclasses import replace
from io import BytesIO

import pytest

from archive.catalog.access.grants import Ask, ListenGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import everything, stored
from archive.errors import RecordingUnreadable
from archive.ids import DEFAULT_TENANT
from archive.reading.stored_audio import open_page, open_recording, part_on_disk, sides_of
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.archive.key_daemon import open_keys
from tests.rokuon.installation import SECONDS, Installation


def test_a_recording_opens_with_the_key_of_its_grant(site: Installation) -> None:
    """The grant's place in the journal is the reason that the key daemon notes."""
    engine = open_catalog(site.config)
    keys = open_keys(site.config, "api")
    with reading(engine) as connection:
        recording = everything(connection, DEFAULT_TENANT)[0]
    granted = grant(engine, ListenGrant, Ask(access=local_access(), target=recording))
    with reading(engine) as connection:
        found = stored(connection, recording, granted)[0]

    with open_recording(site.config.archive.path, keys, found, granted) as reader:
        rendering = reader.rendering()
        sound = rendering.read(0, rendering.total_bytes)
    keys.close()

    with wave.open(BytesIO(sound)) as file:
        assert file.getnchannels() == 2
        assert file.getnframes() == SECONDS * 8000


def test_a_part_is_looked_for_in_the_archive_and_its_key_not_before_it_is_opened(
    site: Installation,
) -> None:
    """Naming a part must not cost a key."""
    engine = open_catalog(site.config)
    with reading(engine) as connection:
        recording = everything(connection, DEFAULT_TENANT)[0]
    granted = grant(engine, ListenGrant, Ask(access=local_access(), target=recording))
    with reading(engine) as connection:
        part = stored(connection, recording, granted)[0].parts[0]
    unused = open_keys(site.config, "api")

    place = part_on_disk(site.config.archive.path, unused, part, granted)

    assert place.path.is_relative_to(site.config.archive.path)
    assert place.path.exists()


def test_the_side_of_a_stream_is_that_of_who_speaks_there(site: Installation) -> None:
    """As the index knows it; of a stream of both sides it knows none."""
    engine = open_catalog(site.config)
    with reading(engine) as connection:
        recording = everything(connection, DEFAULT_TENANT)[0]
    granted = grant(engine, ListenGrant, Ask(access=local_access(), target=recording))
    with reading(engine) as connection:
        found = stored(connection, recording, granted)[0]
    customer, agent = found.found.legs
    shared = replace(agent, streams=customer.streams)
    of_both = replace(found, found=replace(found.found, legs=(customer, shared)))

    decided = sides_of(found)
    assert {stream: each.side for stream, each in decided.items()} == {0: "customer", 1: "agent"}
    assert not any(each.is_guessed for each in decided.values())
    assert sides_of(of_both) == {}


def test_a_file_that_cannot_be_read_is_an_error_of_ours_that_names_no_path(
    site: Installation,
) -> None:
    """Over HTTP it is a problem; who listens has no business with our folders."""
    engine = open_catalog(site.config)
    keys = open_keys(site.config, "api")
    with reading(engine) as connection:
        recording = everything(connection, DEFAULT_TENANT)[0]
    granted = grant(engine, ListenGrant, Ask(access=local_access(), target=recording))
    with reading(engine) as connection:
        found = stored(connection, recording, granted)[0]

    with pytest.raises(RecordingUnreadable, match=r"^ENOENT$"):
        open_recording(site.folder / "elsewhere", keys, found, granted)
    with pytest.raises(RecordingUnreadable, match=r"^ENOENT$"):
        open_page(site.folder / "elsewhere", keys, found.parts, granted)
    keys.close()
