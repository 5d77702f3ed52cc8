"""Stored recordings as sound for the API."""

import gc
import wave
from io import BytesIO

from api.calls.archived_audio import ArchivedAudio
from archive.catalog.access.grants import Ask, ListenGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.calls import everything, stored
from archive.ids import DEFAULT_TENANT
from archive.keys.client.key_client import KeyClient
from rokuon.compose.archive.catalog import local_access, open_catalog
from rokuon.compose.archive.key_daemon import open_keys
from tests.rokuon.installation import SECONDS, Installation


async def heard(site: Installation, keys: KeyClient) -> tuple[bytes, bytes]:
    """The sound and the waveform of the archived call."""
    engine = open_catalog(site.config)
    with reading(engine) as connection:
        recording = everything(connection, DEFAULT_TENANT)[0]
    granted = grant(engine, ListenGrant, Ask(access=local_access(), target=recording))
    with reading(engine) as connection:
        found = stored(connection, recording, granted)
    audio = ArchivedAudio(site.config.archive.path, keys)
    rendering = await audio.open(found, granted)
    drawn = await audio.peaks(found[0], granted)
    return rendering.read(0, rendering.total_bytes), drawn.data


async def test_an_archived_call_is_heard_and_drawn(site: Installation) -> None:
    """Through the key daemon, both lanes, all of it; and the files are let go afterwards."""
    keys = open_keys(site.config, "api")
    sound, peaks = await heard(site, keys)
    keys.close()
    gc.collect()

    with wave.open(BytesIO(sound)) as file:
        assert file.getnframes() == SECONDS * 8000
    assert len(peaks) == 24 + SECONDS * 50 * 2 * 2
