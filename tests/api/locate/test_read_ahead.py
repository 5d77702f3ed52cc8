"""What is read before anybody asks, and what is remembered of the newest calls."""

from dataclasses import replace
from pathlib import Path

from sqlalchemy import event

from api.locate.ranked_search import Locate
from api.locate.sight import Lookout
from archive.call.corrections import NoteWritten
from archive.ids import DEFAULT_TENANT
from tests.api.examples import column_keeper
from tests.archive.catalog.examples import STARTED_US, recording_id
from tests.support.catalog.amendment import amend
from tests.support.locate.ranked_scene import HOUR_US, Scene, call, ranked_scene, some

WHOLE_TABLES = (
    "agent_period.agent_id, agent_period.name, agent_period.kana",
    'SELECT refused_call."row", refused_call.started_us',
    'SELECT tombstone."row", tombstone.hour_us',
)


async def test_nobody_waits_for_the_table_of_agents_nor_for_calls_that_were_not_recorded(
    tmp_path: Path,
) -> None:
    """At a large centre they are hundreds of thousands of rows."""
    asked: list[str] = []

    def long_ones() -> list[str]:
        return [each for each in WHOLE_TABLES if any(each in said for said in asked)]

    async with ranked_scene(tmp_path, some(*range(4))) as it:
        event.listen(
            it.engine, "before_cursor_execute", lambda _c, _cursor, said, *_: asked.append(said)
        )
        it.locate.lookouts[DEFAULT_TENANT].prepare()
        before = long_ones()
        asked.clear()
        located = await it.ask("下4桁7702")

    assert before == list(WHOLE_TABLES)
    assert located.candidates
    assert long_ones() == []


async def test_a_note_that_is_written_tells_that_notes_are_known(tmp_path: Path) -> None:
    """Remembered shares are of the calls as they are: the answer is that of who has just begun."""
    calls = [(number, call(number, "support", "解約")) for number in range(2)]
    async with ranked_scene(tmp_path, [*calls, *some(*range(2, 12))]) as it:
        before = await _weights(it, it.locate)
        for number in range(2, 12):
            own = recording_id(number, STARTED_US + number * HOUR_US)
            amend(it.engine, NoteWritten(text="返品のこと"), own)

        after = await _weights(it, it.locate)

        keeper = replace(column_keeper(it.engine, tmp_path), folder=tmp_path / "fresh")
        while keeper.step():
            pass
        lookouts = {DEFAULT_TENANT: Lookout(keeper)}
        anew = await _weights(it, Locate(door=it.locate.door, lookouts=lookouts, country="JP"))
    assert before != after
    assert after == anew


async def _weights(it: Scene, locate: Locate) -> list[tuple[float, ...]]:
    scene = Scene(engine=it.engine, keeper=it.keeper, locate=locate, clock=it.clock)
    found = await scene.ask("ご用件は解約")
    return [each.recorded.weights for each in found.candidates if each.recorded]
