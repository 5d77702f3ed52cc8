"""The answer to a question that was granted: ranked, judged, counted, and a page of it shown.

Knows nothing of the web, nor of how a text is read.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from api.locate.candidate_rows import candidates_of
from api.locate.lookups import Lookups, check_others, look_up
from api.locate.question import Advice, Counts, Located, LocateQuery, Understood
from api.locate.ranked_page import PageGround, lost_calls, lost_counts, merged, recorded_calls
from api.locate.sight import Lookout, Sight
from archive.access.query import ALWAYS
from archive.catalog.access.grants import SearchGrant
from archive.catalog.access.use import limits_on
from archive.catalog.journal.entries import Entry
from archive.catalog.locating.lost_calls import Gone, NotRecorded
from archive.catalog.search.shown import write_shown
from archive.locate.answer.candidates import MOST_COUNTED, within_reach
from archive.locate.answer.cursor import RankedCursor, digest_of
from archive.locate.answer.facets import facets, histogram
from archive.locate.answer.question import Question, next_question
from archive.locate.answer.relaxations import Relaxations, relaxations
from archive.locate.clues import CustomerClue, GistClue, IdClue, Value
from archive.locate.ranking.asked import Asked, Unrecorded
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.ranking.ranked_calls import Candidate, RankedCalls, Ranking, rank
from archive.locate.when.values import Note
from archive.moments import microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """What has no recording, as far as who asks may know of it."""

    calls: NotRecorded
    left: Gone

    @property
    def is_cut(self) -> bool:
        """There are older ones that were not looked at."""
        return self.calls.is_cut or self.left.is_cut


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedAnswer:
    """One question; of a page behind the first its cursor. `now_us` is that of the first page.

    `ledger` is what the journal says where a call without a recording is shown; None: none is.
    """

    query: LocateQuery
    understood: Understood
    grant: SearchGrant
    cursor: RankedCursor | None
    now_us: int
    ledger: Entry | None

    def given(self, engine: Engine, lookout: Lookout) -> Located:
        """Rank, judge, and commit what is shown."""
        with lookout.sight(self.grant.access) as sight:
            located = self._located(sight)
        shown = (each.recording for call in located.candidates for each in call.calls)
        others = [self.ledger] if self.ledger and _is_of_ledger(located) else []
        write_shown(engine, self.grant, shown, *others)
        return located

    def _located(self, sight: Sight) -> Located:
        lookups = look_up(self.understood.clues, sight)
        check_others(self.query, self.understood, lookups)
        lost = self._lost(sight)
        ground = PageGround(sight=sight, asked=self._asked(sight, lookups, lost), lookups=lookups)
        ranking = rank(sight.months, ground.asked, MOST_COUNTED + 1)
        shown, is_last = self._page(ranking.candidates[:MOST_COUNTED])
        calls = recorded_calls(ground, ranking, shown)
        if self.cursor is None:
            calls = merged(calls, lost_calls(ground, ranking, lost.calls, lost.left))
        own = [each.recording for call in calls for each in call.calls]
        counts, question = self._counted(ground, ranking.candidates)
        return Located(
            understood=self._understood(lookups),
            candidates=calls,
            chances=ranking.chances,
            counts=replace(counts, lost=lost_counts(ranking, is_cut=lost.is_cut)),
            advice=Advice(relaxations=_relaxations(ground, ranking), question=question),
            next_cursor="" if is_last else self._next(shown[-1], sight),
            knows_agents=not sight.people.is_empty,
            limits=limits_on(sight.connection, sight.tenant, sight.allowed, own) if own else {},
        )

    def _understood(self, lookups: Lookups) -> Understood:
        """With a note of each text that more calls have than are looked up."""
        clues, notes = self.understood.clues, self.understood.notes
        cut = [clues[at].value for at, found in lookups.found.items() if found.is_cut]
        texts = (text for value in cut for text in _texts_of(value))
        told = (Note(code="old_texts", values=(each,)) for each in texts)
        return replace(self.understood, notes=(*notes, *told))

    def _counted(self, ground: PageGround, best: RankedCalls) -> tuple[Counts, Question | None]:
        near, is_more = within_reach(best.weight)
        about = (ground.sight.people, ground.asked.zone)
        counted = candidates_of(ground.sight.months, best[:near], about, is_cut=is_more)
        counts = Counts(
            facets=facets(counted),
            histogram=histogram(counted),
            total=near,
            is_cut=is_more,
            has_less_likely=len(best) > MOST_COUNTED,
        )
        return counts, next_question(counted, ground.asked.clues, self.query.asked)

    def _page(self, best: Sequence[Candidate]) -> tuple[Sequence[Candidate], bool]:
        """Those that are shown, and whether none come behind them."""
        cursor = self.cursor
        if cursor is not None:
            best = [each for each in best if each.recording <= cursor.highest]
            behind = (n for n, each in enumerate(best, 1) if each.recording == cursor.recording)
            at = next(behind, None)
            # What was last may be another call's by now: then what lies behind where it was.
            best = (
                [e for e in best if cursor.is_behind(e.weight, e.start_us, e.recording)]
                if at is None
                else best[at:]
            )
        limit = self.query.limit
        return tuple(best[:limit]), len(best) <= limit

    def _next(self, last: Candidate, sight: Sight) -> str:
        cursor = RankedCursor(
            digest=digest_of_query(self.query),
            now_us=self.now_us,
            highest=self.cursor.highest if self.cursor else _highest(sight),
            score=last.weight,
            start_us=last.start_us,
            recording=last.recording,
        )
        return cursor.sealed(sight.secret)

    def _lost(self, sight: Sight) -> Lost:
        """Within the certain window; of the ledger what who asks may see of all of it."""
        window = self.query.window or ALWAYS
        about = (window.start_us, window.end_us)
        left = sight.lost.gone.within(sight.allowed.reach, *about)
        calls = sight.lost.calls.between(*about) if self.ledger else NotRecorded()
        return Lost(calls=calls, left=left)

    def _asked(self, sight: Sight, lookups: Lookups, lost: Lost) -> Asked:
        said_at, calls = self.query.as_of, lost.calls
        return Asked(
            clues=self.understood.clues,
            now_us=self.now_us if said_at is None else microseconds(said_at),
            zone=self.query.zone,
            people=sight.people,
            found=lookups.found,
            anchors=lookups.anchors,
            unrecorded=Unrecorded(
                start_us=calls.start_us, numbers=calls.numbers, flags=calls.flags
            ),
            destroyed_us=lost.left.hour_us,
        )


def _texts_of(value: Value) -> tuple[str, ...]:
    """By which it is looked up in an index of texts."""
    match value:
        case GistClue(text) | IdClue(text):
            return (text,)
        case CustomerClue(names):
            return names
        case _:
            return ()


def _is_of_ledger(located: Located) -> bool:
    return any(each.unrecorded for each in located.candidates)


def _relaxations(ground: PageGround, ranking: Ranking) -> Relaxations:
    """Asked only where nothing fits."""
    if ranking.candidates:
        return Relaxations()

    clues = ground.asked.clues
    likely = {place for place, each in enumerate(clues) if not each.certain}

    def count(places: frozenset[int]) -> tuple[int, bool]:
        """As many as the answer without the others would say, and whether it would say more."""
        asked = _narrowed(ground.asked, sorted(places | likely))
        best = rank(ground.sight.months, asked, MOST_COUNTED + 1).candidates
        return within_reach(best.weight)

    return relaxations(clues, count)


def _narrowed(asked: Asked, places: list[int]) -> Asked:
    """The same by these clues alone."""
    return replace(
        asked,
        clues=[asked.clues[each] for each in places],
        found={at: asked.found[each] for at, each in enumerate(places) if each in asked.found},
        anchors={at: asked.anchors[e] for at, e in enumerate(places) if e in asked.anchors},
    )


def _highest(sight: Sight) -> int:
    """The row of a recording up to which there were any."""
    own = (int(each.rows.columns["recording"].max(initial=0)) for each in sight.months)
    return max(own, default=0)


def digest_of_query(query: LocateQuery) -> bytes:
    """What was typed, whichever page of it is wanted."""
    certain = tuple(sorted(query.certain))
    typed = (query.text, certain, query.clues, query.window, query.zone.key, query.as_of)
    return digest_of(typed, GUESSED)
