"""A key daemon in memory, as far as legal holds ask it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import HoldId, KeyId, TenantId
from archive.keys.store.legal_holds import Fence, HeldKeys, KeptHold


@dataclass
class MemoryClient:
    """Knows every key; `asked` are the calls, each by its name; `away`: it cannot be reached."""

    placing: set[HoldId] = field(default_factory=set)
    active: set[HoldId] = field(default_factory=set)
    held: dict[HoldId, set[KeyId]] = field(default_factory=dict)
    destroyed: set[KeyId] = field(default_factory=set)
    unknown: set[KeyId] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    generation: int = 0
    away: bool = False

    def place_hold(self, hold: HoldId, tenant: TenantId) -> int:
        self._ask("place_hold")
        assert tenant
        if hold not in self.held:
            self.generation += 1
            self.held[hold] = set()
            self.placing.add(hold)
        return self.generation

    def hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeys:
        self._ask("hold_keys")
        if hold not in self.held:
            raise KeyRefused("hold_unknown")
        gone = tuple(each for each in keys if each in self.destroyed)
        missing = tuple(each for each in keys if each in self.unknown)
        own = set(keys) - set(gone) - set(missing)
        self.held[hold] |= own
        total = len(self.held[hold])
        return HeldKeys(held=len(own), destroyed=gone, unknown=missing, total=total)

    def holds(self, tenant: TenantId) -> tuple[KeptHold, ...]:
        self._ask("holds")
        assert tenant
        return tuple(
            KeptHold(each, each in self.active, len(keys)) for each, keys in self.held.items()
        )

    def activate_hold(self, hold: HoldId) -> None:
        self._ask("activate_hold")
        self.placing.discard(hold)
        self.active.add(hold)

    def cancel_hold(self, hold: HoldId) -> None:
        self._ask("cancel_hold")
        assert hold not in self.active
        self._end(hold)

    def release_hold(self, hold: HoldId) -> None:
        self._ask("release_hold")
        assert hold not in self.placing
        self._end(hold)

    def fence(self, tenant: TenantId) -> Fence:
        self._ask("fence")
        assert tenant
        return Fence(self.generation, len(self.placing))

    def destroy(self, *keys: KeyId) -> bool:
        """As the guard does: all or none, nothing while a hold is being placed."""
        held = {key for own in self.held.values() for key in own}
        if self.placing or not held.isdisjoint(keys):
            return False
        self.destroyed.update(keys)
        return True

    def _ask(self, name: str) -> None:
        if self.away:
            raise KeyUnavailable("it is away")
        self.asked.append(name)

    def _end(self, hold: HoldId) -> None:
        self.held.pop(hold, None)
        self.placing.discard(hold)
        self.active.discard(hold)
