"""The key daemon as the API and the runner ask it, without a socket between."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from archive.errors import KeyRefused
from archive.ids import HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.guard.destruction import DestroyedRecording, KeptRecording, Why
from archive.keys.guard.facts_keys import FactsKey
from archive.keys.guard.plans import PlanTerms
from archive.keys.store.legal_holds import Fence
from archive.keys.wire.facts_messages import FactsKeysAnswer, KeepFacts
from archive.keys.wire.guard_messages import (
    ActivateHold,
    Destroy,
    DestroyedAnswer,
    EndPlan,
    FenceAnswer,
    HoldKeys,
    OpenPlan,
    PlaceHold,
    PlanText,
    ReadFence,
    SealPlan,
)
from archive.keys.wire.protocol import Answer, Ask, AskerRole, RefusedAnswer
from archive.lifecycle.plan_text import TextLine, pieces_of
from tests.archive.keys.scene import Scene


@dataclass(slots=True)
class ApiKeyClient:
    """Plans and holds."""

    scene: Scene

    def open_plan(self, plan: PlanId, terms: PlanTerms) -> None:
        self._ask(
            OpenPlan(
                plan=plan.raw,
                tenant=terms.tenant.raw,
                digest=terms.digest,
                due_us=terms.due_us,
                share_ppm=terms.share_ppm,
            )
        )

    def plan_text(self, plan: PlanId, lines: Iterable[TextLine]) -> None:
        for each in pieces_of(lines):
            self._ask(PlanText(plan=plan.raw, at=each.at, text=each.text, lines=each.lines))

    def seal_plan(self, plan: PlanId) -> None:
        self._ask(SealPlan(plan=plan.raw))

    def end_plan(self, plan: PlanId) -> None:
        self._ask(EndPlan(plan=plan.raw))

    def raise_fence(self, hold: HoldId, tenant: TenantId) -> None:
        self._ask(PlaceHold(hold=hold.raw, tenant=tenant.raw))

    def hold(self, hold: HoldId, tenant: TenantId, keys: Sequence[KeyId]) -> None:
        self.raise_fence(hold, tenant)
        self._ask(HoldKeys(hold=hold.raw, keys=tuple(each.raw for each in keys)))
        self._ask(ActivateHold(hold=hold.raw))

    def _ask(self, ask: Ask) -> Answer:
        return answered(self.scene, AskerRole.API, ask)


@dataclass(slots=True)
class RunnerClient:
    """The fence, and destroying."""

    scene: Scene

    def fence(self, tenant: TenantId) -> Fence:
        answer = answered(self.scene, AskerRole.RETENTION, ReadFence(tenant=tenant.raw))
        assert isinstance(answer, FenceAnswer)
        return Fence(answer.generation, answer.placing)

    def destroy(
        self, plan: PlanId, generation: int, recordings: Sequence[RecordingId]
    ) -> tuple[DestroyedRecording | KeptRecording, ...]:
        ids = tuple(each.raw for each in recordings)
        ask = Destroy(plan=plan.raw, generation=generation, recordings=ids)
        answer = answered(self.scene, AskerRole.RETENTION, ask)
        assert isinstance(answer, DestroyedAnswer)
        return tuple(
            DestroyedRecording(own, said)
            if isinstance(said, int)
            else KeptRecording(own, Why(said))
            for own, said in zip(recordings, answer.outcomes, strict=True)
        )

    def keep_facts(
        self, plan: PlanId, recordings: Sequence[RecordingId]
    ) -> dict[RecordingId, FactsKey]:
        ask = KeepFacts(plan=plan.raw, recordings=tuple(each.raw for each in recordings))
        answer = answered(self.scene, AskerRole.RETENTION, ask)
        assert isinstance(answer, FactsKeysAnswer)
        return {
            own: FactsKey(KeyId(raw), key)
            for own, (raw, key) in zip(recordings, answer.keys, strict=True)
            if raw
        }


def answered(scene: Scene, role: AskerRole, ask: Ask) -> Answer:
    answer = scene.daemon.answer(role, ask)
    if isinstance(answer, RefusedAnswer):
        raise KeyRefused(answer.refused)
    return answer
