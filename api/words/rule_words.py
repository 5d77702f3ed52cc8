"""A retention rule in plain sentences: about which recordings, how long, from when, by which text.

Knows nothing of who reads them, nor of how a rule decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from api.words.attribute_words import ATTRIBUTES
from api.words.texts import Words, said
from retention.rules.conditions import CALL_END, EVENT, AttributeKind
from retention.rules.match import Match, Values
from retention.rules.period import Period
from retention.rules.rule import Asset, Counting, Never, Rank, RetentionRule, Terms

_MONTHS_A_YEAR: Final = 12
_RANKS: Final[Mapping[Rank, str]] = {
    Rank.LAW: said("by law"),
    Rank.CONTRACT: said("by contract"),
    Rank.POLICY: said("by the house's own policy"),
}
_ASSETS: Final[Mapping[Asset, str]] = {
    Asset.AUDIO: said("Audio: {terms}"),
    Asset.METADATA: said("What is told of the call: {terms}"),
    Asset.JOURNAL: said("Texts of the journal: {terms}"),
    Asset.LEDGER: said("Ledger of calls without a recording: {terms}"),
}
_BEGINNINGS: Final[Mapping[str, str]] = {
    CALL_END: said("from the end of the call"),
    "case_closed": said("from the day on which the case is closed"),
    "contract_end": said("from the day on which the contract ends"),
    "agent_left": said("from the day on which the agent leaves"),
}
_COUNTED: Final[Mapping[str, str]] = {
    "event": said("{begins}"),
    "next_month": said("{begins}, counted from the first of the next month"),
    "fiscal_year": said("{begins}, counted from the first day of the next fiscal year"),
}
# One, and several.
_UNITS: Final = (
    (said("1 year"), said("{count} years")),
    (said("1 month"), said("{count} months")),
    (said("1 day"), said("{count} days")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleWords:
    """One rule as people read it; `source` is an address, "" where there is none."""

    id: str
    rank: str
    about: str
    terms: tuple[str, ...]
    counted: str
    citation: str
    source: str


@dataclass(frozen=True, slots=True)
class RuleSpeaker:
    """Tells rules in a language."""

    words: Words
    language: str

    def rule(self, own: RetentionRule) -> RuleWords:
        """A rule in sentences."""
        return RuleWords(
            id=own.id,
            rank=self._say(_RANKS[own.rank]),
            about=self._about(own.match),
            terms=tuple(
                self._say(_ASSETS[asset], terms=self._terms(own.terms[asset]))
                for asset in Asset
                if asset in own.terms
            ),
            counted=self._counted(own.counting) if _has_period(own) else "",
            citation=own.basis.citation,
            source=own.basis.source,
        )

    def _say(self, text: str, **values: str) -> str:
        return self.words(self.language, text).format(**values)

    def _about(self, match: Match) -> str:
        fits = self._listed(match.fits)
        excluded = self._listed(match.excludes)
        if not fits and not excluded:
            return self._say(said("every recording"))
        if not excluded:
            return fits
        return self._say(
            said("{fits}, but not {excluded}"),
            fits=fits or self._say(said("every recording")),
            excluded=excluded,
        )

    def _listed(self, values: Values) -> str:
        kinds = (kind for kind in AttributeKind if kind in values)
        told = (
            self._say(
                ATTRIBUTES[kind].condition,
                values=self._say(said(" or ")).join(sorted(values[kind])),
            )
            for kind in kinds
        )
        return self._say(said(", and ")).join(told)

    def _terms(self, terms: Terms) -> str:
        kept, gone = terms.keep_at_least, terms.delete_after
        least = self.period(kept) if kept else ""
        if gone is None:
            return self._say(said("kept for {least} at least"), least=least)
        if gone is Never.NEVER:
            never = said("kept for {least} at least, never has to go")
            return self._say(never, least=least) if kept else self._say(said("never has to go"))
        most = self.period(gone)
        if not kept:
            return self._say(said("goes after {most}"), most=most)
        return self._say(
            said("kept for {least} at least, goes after {most}"), least=least, most=most
        )

    def period(self, period: Period) -> str:
        """Years, months and days as people say them."""
        return " ".join(self._units(period)) or self._say(said("{count} days"), count="0")

    def _units(self, period: Period) -> Iterator[str]:
        counts = (*divmod(period.months, _MONTHS_A_YEAR), period.days)
        for (one, several), count in zip(_UNITS, counts, strict=True):
            if count:
                yield self._say(one if count == 1 else several, count=str(count))

    def _counted(self, counting: Counting) -> str:
        other = said("from the day on which {event} happens")
        begins = (
            self._say(_BEGINNINGS[counting.begins])
            if counting.begins in _BEGINNINGS
            else self._say(other, event=counting.begins.removeprefix(EVENT))
        )
        return self._say(_COUNTED[counting.counted_from], begins=begins)


def _has_period(own: RetentionRule) -> bool:
    """Whether anything of it is counted."""
    return any(
        terms.keep_at_least or isinstance(terms.delete_after, Period)
        for terms in own.terms.values()
    )
