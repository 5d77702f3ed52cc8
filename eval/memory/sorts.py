"""The sorts of clues over the calls of a world: drawn of a call, and how likely of every call.

What is not kept of a call — of a destroyed one all but the hour, of one not recorded all but time
and number — is told of other calls, drawn as calls are asked for: nobody can know it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from eval.memory.agents import spoken_extensions, spoken_names, spoken_teams
from eval.memory.choices import spoken_choices
from eval.memory.clocks import spoken_clocks
from eval.memory.clue import Clue, Spoken, clue
from eval.memory.dates import spoken_dates
from eval.memory.gist import SpokenGist
from eval.memory.lengths import spoken_lengths
from eval.memory.model import Model
from eval.memory.numbers import SpokenNumbers
from eval.world.agents import QUEUES
from eval.world.arrays import Flags, Floats, Ints
from eval.world.calendar import SLOTS
from eval.world.surnames import surnames
from eval.world.world import DIALLED, Fate, World

Dice = np.random.Generator
Tell = Callable[[int, Dice], Clue]
Likely = Callable[[Clue], Floats]
# The day of a call at 25 o'clock: the one before that of its hour.
SHIFT_DAY: Final = "shift day"


@dataclass(frozen=True, slots=True)
class Sort:
    """One sort of clues; `known` says of which calls it is kept."""

    known: Flags
    tell: Tell
    likelihood: Likely


def sorts_of(model: Model, world: World, language: str) -> dict[str, Sort]:
    """All of them, by the name that the model has for each."""
    kept = world.fate == Fate.RECORDED
    at_all = np.ones(len(world), dtype=np.bool_)
    other = model.errors["other"]
    ways = (clue("direction", way="they"), clue("direction", way="we"))
    queues = [clue("queue", queue=each) for each in QUEUES]
    numbers = [clue("number.dialled", number=each) for each in DIALLED]
    names = [clue("customer.name", name=each) for each in surnames().written]
    people = surnames().people
    lengths = spoken_lengths(model)
    dates = spoken_dates(model, world.days)
    return {
        "date": _by(dates, world.day, at_all),
        SHIFT_DAY: _by(dates, np.maximum(world.day - 1, 0), at_all),
        "clock": _clock(spoken_clocks(model), world),
        "agent": _agent(model, world, language, kept),
        "number": _number(model, world),
        "length": _by(lengths, world.length_s, kept),
        "direction": _by(
            spoken_choices(ways, other["direction"]), world.outbound.astype(np.int64), kept
        ),
        "queue": _by(spoken_choices(queues, other["queue"]), world.queue, kept),
        "dialled": _by(spoken_choices(numbers, other["dialled"]), world.dialled, kept),
        "event": _events(other["event"], world, kept),
        "customer": _by(spoken_choices(names, other["customer"], people), world.surname, kept),
        "gist": _gist(SpokenGist(model, world), kept),
    }


def _by(spoken: Spoken, column: Ints, known: Flags) -> Sort:
    """Of a column; −1 is none."""
    return Sort(
        known=known & (column >= 0),
        tell=lambda call, dice: spoken.tell(int(column[call]), dice),
        likelihood=lambda told: spoken.likelihood(told)[column],
    )


def _clock(spoken: Spoken, world: World) -> Sort:
    """Of a destroyed call the hour is known, not the half of it."""
    gone = world.fate == Fate.DESTROYED
    slot = world.slot
    hour = np.where(gone, SLOTS + slot // 2, slot)

    def likelihood(told: Clue) -> Floats:
        of_slot = spoken.likelihood(told)
        of_hour = of_slot.reshape(-1, 2).mean(axis=1)
        by_call: Floats = np.concatenate([of_slot, of_hour])[hour]
        return by_call

    return Sort(
        known=np.ones(len(world), dtype=np.bool_),
        tell=lambda call, dice: spoken.tell(int(slot[call]), dice),
        likelihood=likelihood,
    )


def _agent(model: Model, world: World, language: str, known: Flags) -> Sort:
    """Of one of the two who spoke, where it was transferred."""
    agents = world.agents
    first = int(agents.extension[agents.extension >= 0].min())
    span = int(agents.extension.max()) - first + 1
    names = spoken_names(model, agents, language)
    teams, places = spoken_teams(model, agents), spoken_extensions(model, span, first)
    kinds = model.kinds["agent"]
    all_kinds = sum(kinds.values())
    named = (kinds["heard"] + kinds["either"]) / all_kinds
    team = kinds["team"] / all_kinds
    second = world.persona2 >= 0
    persona2 = np.where(second, world.persona2, world.persona)
    extension2 = np.where(second, world.extension2, world.extension) - first
    team_of = agents.team[agents.agent_of]

    def tell(call: int, dice: Dice) -> Clue:
        of_second = dice.random() < 0.5
        persona = int((persona2 if of_second else world.persona)[call])
        drawn = dice.random()
        if drawn < named:
            return names.tell(persona, dice)
        if drawn < named + team:
            return teams.tell(int(team_of[persona]), dice)
        place = extension2[call] if of_second else world.extension[call] - first
        return places.tell(int(place), dice)

    def likelihood(told: Clue) -> Floats:
        if told.kind == "agent.extension":
            of_place = places.likelihood(told) * (1 - named - team)
            return _mean(of_place[world.extension - first], of_place[extension2])
        if told.kind == "agent.team":
            of_persona = teams.likelihood(told)[team_of] * team
        else:
            of_persona = names.likelihood(told) * named
        return _mean(of_persona[world.persona], of_persona[persona2])

    return Sort(known, tell, likelihood)


def _mean(one: Floats, other: Floats) -> Floats:
    mean: Floats = (one + other) / 2
    return mean


def _number(model: Model, world: World) -> Sort:
    """A withheld number is told as such, or as one that nobody has called with."""
    distinct, place = np.unique(world.number, return_inverse=True)
    withheld = distinct[0] == 0
    shown = distinct[int(withheld) :]
    spoken = SpokenNumbers(model, shown)
    errors = model.errors["number"]
    hides, errs = 1 - errors["withheld_unknown"], errors["withheld_wrongly"]
    gone = world.fate == Fate.DESTROYED
    # Behind all numbers stands that of which nothing is known.
    of_call = np.where(gone, len(distinct), place)
    said = clue("number.withheld")

    def tell(call: int, dice: Dice) -> Clue:
        number = int(world.number[call])
        if gone[call] or number:
            if dice.random() < errs:
                return said
            return spoken.tell_unseen(dice) if gone[call] else spoken.tell(number, dice)
        return said if dice.random() < hides else spoken.tell_unseen(dice)

    def likelihood(told: Clue) -> Floats:
        if told == said:
            hidden, seen, unknown = hides, np.full(len(shown), errs), errs
        else:
            unseen = spoken.unseen(told)
            hidden, unknown = (1 - hides) * unseen, (1 - errs) * unseen
            seen = (1 - errs) * spoken.likelihood(told)
        parts = [np.full(int(withheld), hidden), seen, np.array([unknown])]
        by_call: Floats = np.concatenate(parts)[of_call]
        return by_call

    return Sort(np.ones(len(world), dtype=np.bool_), tell, likelihood)


def unseen_number(model: Model, told: Clue) -> float:
    """The chance that it is told by who never called."""
    errs = model.errors["number"]["withheld_wrongly"]
    if told.kind == "number.withheld":
        return errs
    return (1 - errs) * SpokenNumbers(model, np.zeros(0, dtype=np.int64)).unseen(told)


def _events(wrong: float, world: World, known: Flags) -> Sort:
    """Draw one of three to be spoken of; that it was so may be told wrong."""
    names = ("event.transferred", "event.held", "event.called_back")
    columns = (world.persona2 >= 0, world.held, world.called_back)

    def tell(call: int, dice: Dice) -> Clue:
        which = int(dice.integers(len(names)))
        was = bool(columns[which][call]) != (dice.random() < wrong)
        return clue(names[which], was=int(was))

    def likelihood(told: Clue) -> Floats:
        column = columns[names.index(told.kind)]
        right = column == bool(dict(told.slots)["was"])
        by_call: Floats = np.where(right, 1 - wrong, wrong) / len(names)
        return by_call

    return Sort(known, tell, likelihood)


def _gist(spoken: SpokenGist, known: Flags) -> Sort:
    return Sort(known, spoken.tell, spoken.likelihood)


def donors(sort: Sort, world: World, weights: Floats) -> Floats:
    """By call: how likely what is not known of another is told of this one."""
    able = sort.known & (world.fate == Fate.RECORDED)
    able_weights = np.where(able, weights, 0.0)
    shares: Floats = able_weights / able_weights.sum()
    return shares


def languages() -> Iterable[str]:
    """Of requests: by turns."""
    return ("ja", "en")
