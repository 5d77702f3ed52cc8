"""One recording over HTTP."""

from pathlib import Path

from tests.api.examples import CALL, scene
from tests.archive.catalog.examples import adoption


async def test_a_recording_is_shown_with_its_legs(tmp_path: Path) -> None:
    """The same words as in a search."""
    async with scene(tmp_path) as it:
        told = (await it.client.get(f"/recordings/{CALL}")).json()

    assert (told["recording"], told["direction"]) == (CALL, "inbound")
    assert [leg["side"] for leg in told["legs"]] == ["customer", "agent"]


async def test_parts_are_shown_without_their_paths_and_keys(tmp_path: Path) -> None:
    """Enough to compare with the archive; nothing that helps to open it."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/recordings/{CALL}/parts")

    (part,) = answer.json()["parts"]
    assert part["sha256"] == adoption().sha256.hex()
    assert (part["part"], part["generation"], part["packets"]) == (0, 0, 999)
    assert adoption().path not in answer.text
    assert str(adoption().key_id) not in answer.text


async def test_peaks_are_heard_too(tmp_path: Path) -> None:
    """A waveform is made of the audio, so it needs the same right and is never cached."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/recordings/{CALL}/peaks")
        (grant,) = it.source.grants

    assert answer.content == b"peaks"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["silences"] == '1.000;until=2.500;because=hold;channels="2"'
    assert (grant.action, grant.target) == ("listened", CALL)
