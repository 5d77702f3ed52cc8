"""A rule pack: rules that a law asks for, with their citations, as a text that Rokuon ships.

Pure. A template, not legal advice; knows nothing of where packs lie or of who takes one over.
"""

import hashlib
import tomllib
from dataclasses import dataclass, replace
from typing import Annotated, Final, Self

import msgspec

from retention.policies.policy import RetentionPolicy
from retention.policies.policy_file import read_rules
from retention.rules.rule import RetentionRule

FORM: Final = 1
_WORD: Final = r"^[a-z0-9][a-z0-9-]{0,63}$"


class _PackForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file; its rules are read one by one."""

    pack: Annotated[int, msgspec.Meta(ge=FORM, le=FORM)]
    id: Annotated[str, msgspec.Meta(pattern=_WORD)]
    version: str
    title: str
    rule: tuple[dict[str, object], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePack:
    """Its rules, whose ids begin with its own, and the text that has them."""

    id: str
    version: str
    title: str
    rules: tuple[RetentionRule, ...]
    text: str

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what Rokuon ships; a pack that cannot be read is our own mistake."""
        form = msgspec.convert(tomllib.loads(text), _PackForm)
        rules = read_rules(form.rule, text)
        return cls(id=form.id, version=form.version, title=form.title, rules=rules, text=text)

    @property
    def sha256(self) -> bytes:
        """Of the text in UTF-8, as `sha256sum` makes it of the file."""
        return hashlib.sha256(self.text.encode()).digest()

    def into(self, policy: RetentionPolicy) -> RetentionPolicy:
        """A policy with the rules of the pack: each in the place of the one that has its id."""
        own = {each.id for each in self.rules}
        kept = tuple(each for each in policy.rules if each.id not in own)
        return replace(policy, rules=(*kept, *self.rules))
