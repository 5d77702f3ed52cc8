"""The application as a whole."""

from pathlib import Path

from tests.api.examples import scene


async def test_the_document_is_openapi_3_1_and_tells_of_calls(tmp_path: Path) -> None:
    """Clients are made from it."""
    async with scene(tmp_path) as it:
        document = (await it.client.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    assert {"calls", "recordings", "live"} <= {path.split("/")[3] for path in document["paths"]}


async def test_only_health_is_open(tmp_path: Path) -> None:
    """Deny by default: a route without a token's check would show here."""
    async with scene(tmp_path) as it:
        paths = (await it.client.get("/openapi.json")).json()["paths"]

    open_routes = [
        path
        for path, methods in paths.items()
        for each in methods.values()
        if "security" not in each
    ]
    assert open_routes == ["/api/v1/health", "/api/v1/health/live", "/api/v1/health/ready"]


async def test_nothing_is_served_from_other_origins(tmp_path: Path) -> None:
    """The usual documentation pages load scripts from elsewhere."""
    async with scene(tmp_path) as it:
        for path in ("/docs", "/redoc"):
            assert (await it.client.get(f"http://127.0.0.1{path}")).status_code == 404
