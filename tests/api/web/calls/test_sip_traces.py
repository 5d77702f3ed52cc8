"""The route of SIP messages."""

from pathlib import Path

from tests.api.examples import scene
from tests.support.api.traces import SAID


async def test_messages_are_lines_or_a_capture_file(tmp_path: Path) -> None:
    """In the zone that was asked for."""
    async with scene(tmp_path) as it:
        it.source.said = (SAID,)
        lines = await it.client.post("/calls/trace", json={"id": "call-id", "zone": "Asia/Tokyo"})
        file = await it.client.post("/calls/trace", json={"id": "call-id", "format": "pcap"})
        nobody = await it.client.post("/calls/trace", json={"id": "other"})

    assert lines.json()["zone"] == "Asia/Tokyo"
    assert any("17:42:10" in line and "OPTIONS" in line for line in lines.json()["recordings"][0])
    assert SAID.data in file.content
    assert file.headers["recordings"] == "1"
    assert nobody.status_code == 404
