"""A run of the archive beside its model: what went, what fell out and why, day by day.

Knows nothing of how either of them judges.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from api.destruction.plans import KnownPlan
from archive.keys.guard.destruction import DestroyedRecording
from archive.lifecycle.tombstone import digest_of
from tests.api.destruction.both import Both
from tests.api.destruction.model import DAY, Fate
from tests.api.destruction.scripts import Act

HALF = timedelta(hours=12)
DAY_US = 86_400_000_000
NOTHING: Mapping[int, str] = {}


class Run:
    """One plan from its approval until nothing of it is left to do, and what the model expects."""

    def __init__(self, both: Both, plan: KnownPlan, approved: dict[int, frozenset[str]]) -> None:
        self.both, self.plan, self.approved = both, plan, approved
        self.revision = both.world.revision
        # Of which nothing is said yet as a day begins, in the order in which they go.
        self.open: list[int] = []

    async def finish(self, beside: Act | None) -> None:
        """Day by day, as much as the brakes permit; it begins and ends at noon."""
        for _ in range(20):
            await self._until_night()
            self.open = self._planned()
            expected = self._expected(self.both.model.fates())
            await self._run_beside(beside, expected)
            beside = None
            self._compare(expected)
            await self.both.pass_time(HALF if self.both.limits.window else DAY)
            if not self._planned():
                return
        raise AssertionError("what is due is still there")

    async def _until_night(self) -> None:
        """Where there is a window, nothing goes by day."""
        if self.both.limits.window:
            await self.both.world.run()
            assert self.both.world.key_client.asked == [], "destroyed outside of the window"
            await self.both.pass_time(HALF)

    async def _run_beside(self, beside: Act | None, expected: dict[int, str]) -> None:
        """What comes in between: a new hold has all judged anew that was about to go."""
        both = self.both

        async def act(asked: Sequence[int]) -> None:
            assert beside is not None
            both.is_beside = True
            await both.do(beside)
            both.is_beside = False
            settled = self._fallen(asked, expected)
            if beside.what not in ("hold", "list"):
                settled |= {own: self._too_late_for(own) for own in asked}
            expected.clear()
            expected.update(self._expected(both.model.fates(), settled))

        if beside is not None:
            both.world.before_destroying(act)
        await both.world.run()
        both.world.key_client.before = None

    def _fallen(self, asked: Sequence[int], expected: dict[int, str]) -> dict[int, str]:
        """What was judged with these and fell out: what comes after that changes no cause of it.

        As many are judged at once as may go on a day of which nothing is spent.
        """
        limit = self._left()
        batches = (self.open[at : at + limit] for at in range(0, len(self.open), limit))
        seen = list[int]()
        for batch in batches:
            seen += batch
            if any(expected[own] == "destroy" for own in batch):
                break
        assert list(asked) == [own for own in seen if expected[own] == "destroy"]
        return {own: expected[own] for own in seen if expected[own] != "destroy"}

    def _too_late_for(self, own: int) -> str:
        """A hold that has taken it on wins; a freeze comes too late, as what is said of it."""
        return "held" if self.both.model.is_held(own) else "destroy"

    def _planned(self) -> list[int]:
        numbers = {own: number for number, own in self.both.world.ids.items()}
        lines = self.both.world.it.lines(self.plan.stored.number)
        return [numbers[each.recording] for each in lines
                if each.stage == "planned" and each.recording]  # fmt: skip

    def _left(self) -> int:
        """How many more may go today."""
        day = self.both.world.it.it.now_us // DAY_US
        spent = sum(
            1 for each in self.both.world.it.lines(self.plan.stored.number)
            if each.destroyed_us and each.destroyed_us // DAY_US == day
        )  # fmt: skip
        return self.both.model.allowed(self.both.limits.share_per_day, spent)

    def _expected(
        self, fates: dict[int, Fate], settled: Mapping[int, str] = NOTHING
    ) -> dict[int, str]:
        """`destroy` or the cause of each that is reached today, in the order of the plan."""
        left, said = self._left(), dict[int, str]()
        for own in self.open:
            if left <= 0:
                break
            said[own] = settled.get(own) or self._says(own, fates[own])
            left -= said[own] == "destroy"
        return said

    def _says(self, own: int, fate: Fate) -> str:
        if fate.says != "destroy":
            return fate.says
        now = (self.both.world.revision, fate.grounds)
        return "destroy" if now == (self.revision, self.approved[own]) else "other_grounds"

    def _compare(self, expected: dict[int, str]) -> None:
        """What went, what fell out and why; and nothing else anywhere."""
        both, world = self.both, self.both.world
        digests = {digest_of(own): number for number, own in world.ids.items()}
        lines = {digests[each.digest]: each for each in world.it.lines(self.plan.stored.number)}
        came = {own: lines[own].cause or lines[own].stage for own in expected}
        assert came == {own: _stage(says) for own, says in expected.items()}, (came, expected)
        both.model.gone |= {own for own, says in expected.items() if says == "destroy"}
        assert {digests[digest_of(each)] for each in world.files.removed} == both.model.gone
        for generation, is_now, outcomes in world.key_client.asked:
            is_stale = generation != is_now
            assert not (is_stale and any(isinstance(each, DestroyedRecording) for each in outcomes))
        world.key_client.asked.clear()
        both.guarded()


def _stage(says: str) -> str:
    return "gone" if says == "destroy" else says
