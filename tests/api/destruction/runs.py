"""A run of the archive beside its model: what went, what fell out and why, day by day.

Knows nothing of how either of them judges.
"""

from collections.abc import Sequence
from datetime import timedelta

from api.destruction.plans import KnownPlan
from archive.keys.destruction import Destroyed
from archive.tombstone_digest import digest_of
from tests.api.destruction.both import Both
from tests.api.destruction.model import DAY, Fate
from tests.api.destruction.scripts import Act

HALF = timedelta(hours=12)
DAY_US = 86_400_000_000


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
            assert self.both.world.desk.asked == [], "destroyed outside of the window"
            await self.both.pass_time(HALF)

    async def _run_beside(self, beside: Act | None, expected: dict[int, str]) -> None:
        """What comes in between: a hold wins, a freeze as what is said is too late to count."""
        both = self.both

        async def act(asked: Sequence[int]) -> None:
            assert beside is not None
            both.is_beside = True
            await both.do(beside)
            both.is_beside = False
            anew = self._expected(both.model.fates())
            if beside.what in ("hold", "list"):
                expected.clear()
                expected.update(anew)
                return
            expected.update({own: says for own, says in anew.items() if says == "held"})
            expected.update({own: says for own, says in anew.items() if own not in asked})

        if beside is not None:
            both.world.before_destroying(act)
        await both.world.run()
        both.world.desk.before = None

    def _planned(self) -> list[int]:
        numbers = {own: number for number, own in self.both.world.ids.items()}
        lines = self.both.world.it.lines(self.plan.stored.number)
        return [numbers[each.recording] for each in lines
                if each.stage == "planned" and each.recording]  # fmt: skip

    def _expected(self, fates: dict[int, Fate]) -> dict[int, str]:
        """`destroy` or the cause of each that is reached today, in the order of the plan."""
        both, said = self.both, dict[int, str]()
        day = both.world.it.it.now_us // DAY_US
        spent = sum(
            1 for each in both.world.it.lines(self.plan.stored.number)
            if each.destroyed_us and each.destroyed_us // DAY_US == day
        )  # fmt: skip
        left = both.model.allowed(both.limits.share_per_day, spent)
        for own in self.open:
            if left <= 0:
                break
            said[own] = self._says(own, fates[own])
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
        for generation, is_now, outcomes in world.desk.asked:
            is_stale = generation != is_now
            assert not (is_stale and any(isinstance(each, Destroyed) for each in outcomes))
        world.desk.asked.clear()
        both.guarded()


def _stage(says: str) -> str:
    return "gone" if says == "destroy" else says
