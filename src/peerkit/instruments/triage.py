# SPDX-License-Identifier: Apache-2.0
"""From answers to levels: what the safety lane asks after every answer.

Triage is an ordered list of rules; the result is the worst that holds. Rules look at the answers as
given, also at an answer to a question that branching hides: what does not fit together escalates. A score
of which nobody knows whether a question belongs to it, its lead-in being without an answer, is looked at both
ways, and the worse of them counts.
While a screen goes on, more answers never lower a level (see `conditions` for why).
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal

import attrs

from peerkit.instruments import scoring
from peerkit.instruments.answers import Answer, State, read
from peerkit.instruments.conditions import Range, View, concerned, holds, items_in
from peerkit.instruments.definition import TOTAL, Definition, Rule, Score
from peerkit.instruments.possible import span
from peerkit.levels import Level, worst

UNREADABLE = "unreadable"
"""Among alerts: an answer that cannot be read."""
UNKNOWN_ITEM = "unknown-item"
"""Among alerts: an answer to a question that the instrument does not have."""
FAILED = "failed"
"""Among alerts: the judging itself failed. A human must look."""
TOTAL_DIFFERS = "total-differs"
"""Among alerts: a total came along with the answers, and they do not come to it. A human must look."""
RESULT = "result"
"""Among tasks: whoever receives what a questionnaire finds looks at it."""
RESERVED = frozenset({UNREADABLE, UNKNOWN_ITEM, FAILED, TOTAL_DIFFERS, RESULT})


@attrs.frozen
class Wait:
    """What becomes of the screen when time passes: `level`, once `items` were unanswered for `seconds`.

    The seconds run from when the rule began to hold, and a later answer that leaves it holding does
    not start them anew. The end of the screen does not wait for them.
    """

    items: tuple[str, ...]
    seconds: int
    level: Level
    rule: str


@attrs.frozen
class Todo:
    """A task for whoever `level` says; no alert. `rule` is the task rule's id."""

    rule: str
    level: Level
    items: tuple[str, ...]


@attrs.frozen
class Judgement:
    """What the answers so far mean for the safety lane. It holds ids, never an answer.

    `alerts` are the ids of the rules behind `level` (and behind lower ones), with `unreadable`,
    `unknown-item` or `failed` where that is so; `levels` which level each of them gives by itself.
    `unknown` counts answers to questions that the instrument does not have. `inconsistent` are answered items
    that branching hides. `incomplete` says that a required question that was to be asked has no answer.
    `next` are the questions still to ask, in the form's order, required or not; `ended` that the screen was
    ended, or that every required question has been dealt with, so that nothing else is going to end it.
    """

    level: Level
    alerts: tuple[str, ...] = ()
    levels: Mapping[str, Level] = attrs.field(factory=dict)
    unreadable: tuple[str, ...] = ()
    unknown: int = 0
    inconsistent: tuple[str, ...] = ()
    incomplete: bool = True
    wait: Wait | None = None
    next: tuple[str, ...] = ()
    tasks: tuple[Todo, ...] = ()
    ended: bool = False


@attrs.frozen
class Reading:
    """Stored answers, read against a definition.

    An item that branching does not show is *hidden* where answers say so. Where it only lacks the answer of a
    question that was asked (skipped, declined, never come to), it is *undecided*: no such answer is a "no".
    """

    answers: dict[str, Answer]
    shown: frozenset[str]
    """Items that branching shows."""
    counted: dict[str, Answer]
    """The answers among them."""
    unknown: int
    group: str

    def undecided(self, definition: Definition, *, over: bool) -> Mapping[str, Answer | None]:
        """Undecided items, each with its answer if it has one. Until all is over, a question that nobody has
        come to leaves nothing undecided: its answer may still come, and no level is to fall then."""
        found: dict[str, Answer | None] = {}
        counted = dict(self.counted)
        open_ = {item for item in self.shown if self._open(item, over=over)}
        for item_id in definition.order:
            when = definition.by_id[item_id].when
            if item_id in self.shown or when is None:
                continue
            if holds(when, View(counted, group=self.group, open=open_), cautious=True):
                answer = found[item_id] = self.answers.get(item_id)
                if answer is not None:
                    counted[item_id] = answer
                if self._open(item_id, over=over):
                    open_.add(item_id)
        return found

    def _open(self, item: str, *, over: bool) -> bool:
        answer = self.answers.get(item)
        return over if answer is None else answer.state is not State.ANSWERED


def reading(definition: Definition, stored: object, group: str) -> Reading:
    """Read every stored value; nothing that is stored can make this fail."""
    answers: dict[str, Answer] = {}
    unknown = 0
    if isinstance(stored, Mapping):
        for key, value in stored.items():
            item = definition.by_id.get(key) if isinstance(key, str) else None
            if item is None:
                unknown += 1
            else:
                answers[item.id] = read(item.answers, value)
    else:
        unknown = 1  # not a set of answers at all
    answers = {item.id: answers[item.id] for item in definition.items if item.id in answers}
    shown = {item.id for item in definition.items if item.when is None}
    counted = {item: answer for item, answer in answers.items() if item in shown}
    for item_id in definition.order:
        when = definition.by_id[item_id].when
        # Asked when in doubt: an answer that cannot be read may have been the one that shows it.
        if when is not None and holds(when, View(counted, group=group), cautious=True):
            shown.add(item_id)
            if item_id in answers:
                counted[item_id] = answers[item_id]
    return Reading(answers, frozenset(shown), counted, unknown, group)


def totals(definition: Definition, taken: Reading) -> dict[str, Decimal | None]:
    """Every score at the end, unrounded; none where its policy gives none, and where an item of it is
    undecided: then nobody knows what it is made of."""
    undecided = taken.undecided(definition, over=True)
    return {
        s.id: scoring.total(s, taken.counted, taken.shown)
        if undecided.keys().isdisjoint(s.every_item)
        else None
        for s in definition.scores
    }


def judge(definition: Definition, stored: object, *, ended: bool, group: str) -> Judgement:
    """Judge the answers so far; see `Instrument.judge`."""
    taken = reading(definition, stored, group)
    states = {item: answer.state for item, answer in taken.answers.items()}
    asked = frozenset(item for item in taken.shown if definition.by_id[item].required)
    unasked = [item.id for item in definition.items if item.id in taken.shown and item.id not in states]
    over = ended or (bool(states) and not any(item in asked for item in unasked))
    view = View(
        taken.answers, asked, group, bounds(definition, taken, over=over), _unsure(definition, states)
    )

    held = [rule for rule in definition.triage if not rule.waits_for and holds(rule.when, view)]
    pending = [rule for rule in definition.triage if rule.waits_for and _pending(rule, view, states)]
    fired = {rule.id for rule in (*held, *(pending if over else ()))}
    levels = {rule.id: rule.level for rule in definition.triage if rule.id in fired}

    unreadable = tuple(item for item, state in states.items() if state is State.UNREADABLE)
    if unreadable:
        # At least whoever holds the screen; and every rule that some answer in its place would make true.
        feared = (
            r.level for r in definition.triage if not r.waits_for and holds(r.when, view, cautious=True)
        )
        levels[UNREADABLE] = worst(Level.TALK, *feared)
    if taken.unknown:
        levels[UNKNOWN_ITEM] = worst(Level.TALK, definition.worst)
    level = worst(*levels.values())
    alerts = tuple(rule for rule, its in levels.items() if its > Level.NONE)
    return Judgement(
        level=level,
        alerts=alerts,
        levels={rule: levels[rule] for rule in alerts},
        unreadable=unreadable,
        unknown=taken.unknown,
        inconsistent=_inconsistent(definition, taken),
        incomplete=any(states.get(item) is not State.ANSWERED for item in asked),
        wait=_wait(pending, states, level),  # none once it has come: the level is there then
        next=() if ended else tuple(unasked),
        tasks=tuple(
            Todo(task.id, task.level, concerned(task.when, view))
            for task in definition.tasks
            if (over or not task.at_end) and holds(task.when, view)
        ),
        ended=over,
    )


def claimed(definition: Definition, taken: Reading, group: str, total: Decimal) -> Level:
    """What a received total would mean by itself, `talk` at least: it may be right, and an answer wrong."""
    found = {**bounds(definition, taken, over=True), TOTAL: ((total, total),)}
    view = View(taken.answers, taken.shown, group, found)
    held = [rule.level for rule in definition.triage if not rule.waits_for and holds(rule.when, view)]
    return worst(Level.TALK, *held)


def bounds(definition: Definition, taken: Reading, *, over: bool) -> dict[str, tuple[Range, ...]]:
    """What each score can still become: without its undecided items, and, if it has any, with them.

    Of these the worst is what counts, by whichever rule: more points are not worse everywhere.
    """
    without, *others = _ways(definition, taken, over=over)
    touched = {item for way in others for item in way.spans}

    def range_(score: Score, way: _Way) -> Range:
        # Once nothing is going to be answered any more, a score that exists is final.
        final = scoring.total(score, way.counted, way.shown) if over else None
        if final is not None:
            return final, final
        return scoring.bounds(score, definition.by_id, way.counted, way.spans)

    return {
        score.id: tuple(
            range_(score, way) for way in (without, *(() if touched.isdisjoint(score.every_item) else others))
        )
        for score in definition.scores
    }


@attrs.frozen
class _Way:
    """One way of making up the scores: the answers that count, the items that were asked, and the points that
    those can have of which branching says nothing, or not enough."""

    counted: Mapping[str, Answer]
    shown: AbstractSet[str]
    spans: Mapping[str, Range] = attrs.field(factory=dict)


def _ways(definition: Definition, taken: Reading, *, over: bool) -> list[_Way]:
    """All undecided items are hidden, or all were asked. An answer to one of these says something of its
    lead-in, if one alone is open, which may itself have points: each such answer is believed in turn."""
    hidden = _Way(taken.counted, taken.shown)
    undecided = taken.undecided(definition, over=over)
    if not undecided:
        return [hidden]
    counted = {**taken.counted, **{item: one for item, one in undecided.items() if one is not None}}
    given = {item for item, one in counted.items() if one.state is State.ANSWERED}
    spans: dict[str, Range] = {}
    leads: dict[str, list[Range]] = {}
    for id_ in undecided:
        item = definition.by_id[id_]
        if (points := item.answers.points()) is not None:
            spans[id_] = points
        if id_ in given and item.when is not None and len(open_ := items_in(item.when) - given) == 1:
            [lead] = open_
            found = span(item.when, definition.by_id[lead], View(counted, group=taken.group))
            if found is not None and found not in leads.setdefault(lead, []):
                leads[lead].append(found)
    leads = {lead: found for lead, found in leads.items() if found}
    shown = taken.shown.union(undecided)
    turns = max([1, *map(len, leads.values())])
    believed = [
        {lead: found[min(turn, len(found) - 1)] for lead, found in leads.items()} for turn in range(turns)
    ]
    return [hidden, *(_Way(counted, shown, spans | one) for one in believed)]


def _inconsistent(definition: Definition, taken: Reading) -> tuple[str, ...]:
    hidden = [
        item for item, one in taken.answers.items() if one.state is State.ANSWERED and item not in taken.shown
    ]
    undecided = taken.undecided(definition, over=True) if hidden else {}
    return tuple(item for item in hidden if item not in undecided)


def _unsure(definition: Definition, states: Mapping[str, State]) -> frozenset[str]:
    """Scores that an unreadable answer belongs to, or may have shown or hidden an item of."""
    unreadable = {item for item, state in states.items() if state is State.UNREADABLE}
    if not unreadable:
        return frozenset()
    touched = unreadable.union(definition.order)
    return frozenset(score.id for score in definition.scores if not touched.isdisjoint(score.every_item))


def _pending(rule: Rule, view: View, states: Mapping[str, State]) -> bool:
    return bool(_unanswered(rule, states)) and holds(rule.when, view, cautious=True)


def _unanswered(rule: Rule, states: Mapping[str, State]) -> tuple[str, ...]:
    return tuple(item for item in rule.waits_for if states.get(item) is not State.ANSWERED)


def _wait(pending: list[Rule], states: Mapping[str, State], level: Level) -> Wait | None:
    rule = max(pending, key=lambda r: (r.level, -r.seconds), default=None)
    if rule is None or rule.level <= level:
        return None
    return Wait(_unanswered(rule, states), rule.seconds, rule.level, rule.id)
