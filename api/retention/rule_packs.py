"""The rule packs that Rokuon ships: listed, shown, and what taking one over would make of a policy.

Knows nothing of what a rule means, nor of the web.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Self

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import UnknownPack
from api.permissions.verbs import Verb
from api.retention.policies import RetentionPolicies
from api.retention.policy_takeover import PolicyWish, TakenOver
from archive.catalog.database.engine import read
from archive.catalog.retention.revisions import PackTaken
from retention.policies.policy_difference import difference
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.policies.rule_pack import RulePack
from retention.runner.judgement.policy_history import PolicyHistory

_FOLDER: Final = files("retention") / "rule_packs"
_ENDING: Final = ".toml"


@cache
def shipped_packs() -> tuple[RulePack, ...]:
    """Every pack, by its id."""
    found = (each for each in _FOLDER.iterdir() if each.name.endswith(_ENDING))
    packs = (RulePack.read(each.read_text("utf-8")) for each in found)
    return tuple(sorted(packs, key=lambda each: each.id))


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPack:
    """A pack, and the policy that taking it over would make, compared with the latest one."""

    pack: RulePack
    text: str
    difference: tuple[str, ...]

    @classmethod
    def beside(cls, pack: RulePack, latest: str) -> Self:
        """A pack beside the text of the latest revision."""
        text = policy_text(pack.into(read_policy(latest)))
        return cls(pack=pack, text=text, difference=difference(latest, text))


@dataclass(frozen=True, slots=True)
class RulePacks:
    """The acts; each raises `Refused` where the actor may not, `UnknownPack`."""

    door: Door
    policies: RetentionPolicies

    async def listed(self, actor: Actor) -> tuple[KnownPack, ...]:
        """Every pack."""
        latest = await self._latest(actor, Verb.POLICY_READ)
        return tuple(KnownPack.beside(each, latest) for each in shipped_packs())

    async def show(self, actor: Actor, own: str) -> KnownPack:
        """One of them."""
        latest = await self._latest(actor, Verb.POLICY_READ)
        return KnownPack.beside(_named(own), latest)

    async def take(self, actor: Actor, own: str, *, is_retroactive: bool) -> TakenOver:
        """Make the latest revision with its rules the policy, with the care that it takes.

        Raises what `RetentionPolicies.take_over` raises.
        """
        latest = await self._latest(actor, Verb.POLICY_MANAGE)
        known = KnownPack.beside(_named(own), latest)
        pack = known.pack
        taken = PackTaken(id=pack.id, version=pack.version, sha256=pack.sha256)
        wish = PolicyWish(text=known.text, is_retroactive=is_retroactive, pack=taken)
        return await self.policies.take_over(actor, wish)

    async def _latest(self, actor: Actor, verb: Verb) -> str:
        access = await self.door.access(actor, verb)
        history = await read(
            self.door.engine, lambda c: PolicyHistory.read(c, access.tenant, access.at_us)
        )
        return history.latest.content.text


def _named(own: str) -> RulePack:
    found = next((each for each in shipped_packs() if each.id == own), None)
    if found is None:
        raise UnknownPack(f"no pack {own}")
    return found
