"""A certificate of destruction: what the runner says in one, and the whole as it is read.

Pure. The upper part is the key daemon's (`archive/certificates/statement.py`); knows nothing of how
either is stored.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Final, Self

from archive.certificates.merkle import root
from archive.certificates.statement import DestroyedSet, SignedStatement, read_signed
from archive.errors import CertificateDamaged, ProofWrong
from retention.certificates.certificate_scopes import WHOLES, Scopes, parts_of
from retention.certificates.destroyed_list import DestroyedRecording

METHOD: Final = "data keys deleted; files removed and seen to be gone"
# All that stands below the line has to fit one message to the key daemon (12 KiB): rules that have
# no room are counted, and stand, recording by recording, in the list.
MAX_RULES_BYTES: Final = 9 * 1024
MAX_REVISIONS: Final = 24
_MORE: Final = re.compile(r"(\d+) rules, recordings (\d+)")
_RULE: Final = re.compile(r"(\S+) revision (\d+) recordings (\d+)")
_REVISION: Final = re.compile(r"(\d+) ([0-9a-f]{64}) (regular|one person|as shipped)")


class Word(StrEnum):
    TWO_PERSONS = "two persons"
    ONE_PERSON = "one person"
    # Of a run: its rules have not changed since they were approved.
    STANDING = "standing"
    # Of a revision: two persons', or one's where it could only lengthen.
    REGULAR = "regular"
    # Of revision 0, which nobody took over.
    AS_SHIPPED = "as shipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRevision:
    """A revision of the policy: its number, the SHA-256 of its text, whose word made it."""

    number: int
    sha256: bytes
    word: Word

    def __str__(self) -> str:
        return f"{self.number} {self.sha256.hex()} {self.word}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCount:
    """How many recordings went by a rule of a revision, or by several (with commas)."""

    rule: str
    revision: int
    recordings: int

    def __str__(self) -> str:
        return f"{self.rule} revision {self.revision} recordings {self.recordings}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """Rules that had no room, and how many recordings went by them."""

    rules: int = 0
    recordings: int = 0

    def __str__(self) -> str:
        return f"{self.rules} rules, recordings {self.recordings}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Below:
    """What the runner says: whose word, by which revisions and rules; its journal entry's place."""

    approval: Word
    revisions: tuple[NamedRevision, ...]
    rules: tuple[RuleCount, ...]
    unnamed: Unnamed = Unnamed()
    scopes: Scopes = WHOLES
    journal: int

    @classmethod
    def of(
        cls,
        recordings: Sequence[DestroyedRecording],
        revisions: Mapping[int, NamedRevision],
        approval: Word,
        journal: int,
    ) -> Self:
        """Of these recordings; `revisions` has each that one was judged by."""
        counts = Counter(each.said.grounds for each in recordings)
        rules = [
            RuleCount(rule=rule, revision=revision, recordings=count)
            for (rule, revision), count in counts.most_common()
        ]
        room = sum(size <= MAX_RULES_BYTES for size in accumulate(map(_size, rules)))
        used = sorted({each.revision for each in rules[:room]}, reverse=True)[:MAX_REVISIONS]
        left = rules[room:]
        return cls(
            approval=approval,
            revisions=tuple(revisions[number] for number in sorted(used)),
            rules=tuple(sorted(rules[:room], key=lambda each: (each.rule, each.revision))),
            unnamed=Unnamed(rules=len(left), recordings=sum(each.recordings for each in left)),
            scopes=Scopes.of(recordings),
            journal=journal,
        )

    def text(self) -> str:
        lines = (
            f"method: {METHOD}",
            f"approval: {self.approval}",
            *(f"revision: {each}" for each in self.revisions),
            *(f"rule: {each}" for each in self.rules),
            *([f"more: {self.unnamed}"] if self.unnamed.rules else []),
            *self.scopes.lines(),
            f"journal: {self.journal}",
        )
        return "".join(f"{line}\n" for line in lines)

    @property
    def recordings(self) -> int:
        """How many went by all rules."""
        return sum(each.recordings for each in self.rules) + self.unnamed.recordings


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate as it was read; whether its signature is right is asked of `signed.note`."""

    signed: SignedStatement
    below: Below

    @property
    def run(self) -> bytes:
        return self.signed.statement.name.run

    @property
    def destroyed(self) -> DestroyedSet:
        """What the key daemon counted."""
        return self.signed.statement.destroyed

    def check_list(self, recordings: Sequence[DestroyedRecording]) -> None:
        """Raise `ProofWrong` where these, in order, are not exactly the recordings of the run."""
        if root([each.leaf for each in recordings]) != self.destroyed.root:
            raise ProofWrong("the list does not have the root of the certificate")
        counts = Counter(each.said.grounds for each in recordings)
        rules = self.below.rules
        if any(counts[each.rule, each.revision] != each.recordings for each in rules):
            raise ProofWrong("the list has other counts than the certificate")
        if Scopes.of(recordings) != self.below.scopes:
            raise ProofWrong("the list says otherwise than the certificate what of them went")


def read_certificate(content: bytes) -> Certificate:
    """Read one; raises `CertificateDamaged` for bytes that are not written so."""
    signed = read_signed(content)
    below = _below(signed.below)
    if below.text() != signed.below:
        raise CertificateDamaged("it is not written as a certificate is")
    if below.recordings != signed.statement.destroyed.recordings:
        raise CertificateDamaged("its rules do not add up to its recordings")
    return Certificate(signed=signed, below=below)


def _size(rule: RuleCount) -> int:
    return len(f"rule: {rule}\n")


def _below(text: str) -> Below:
    values: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, _, value = line.partition(": ")
        values.setdefault(name, []).append(value)
    try:
        return Below(
            approval=Word(values["approval"][0]),
            revisions=tuple(_revision(each) for each in values.get("revision", ())),
            rules=tuple(_rule(each) for each in values.get("rule", ())),
            unnamed=_unnamed(values.get("more", [])),
            scopes=Scopes.read(values),
            journal=int(values["journal"][0]),
        )
    except (KeyError, ValueError):
        raise CertificateDamaged("a value below its line is not of its form") from None


def _revision(text: str) -> NamedRevision:
    number, digest, word = parts_of(_REVISION, text)
    return NamedRevision(number=int(number), sha256=bytes.fromhex(digest), word=Word(word))


def _rule(text: str) -> RuleCount:
    rule, revision, count = parts_of(_RULE, text)
    return RuleCount(rule=rule, revision=int(revision), recordings=int(count))


def _unnamed(texts: Sequence[str]) -> Unnamed:
    if not texts:
        return Unnamed()
    rules, recordings = parts_of(_MORE, texts[0])
    return Unnamed(rules=int(rules), recordings=int(recordings))
