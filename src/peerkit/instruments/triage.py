# SPDX-License-Identifier: Apache-2.0
"""From answers to levels: what the safety lane asks after every answer.

Triage is an ordered list of rules; the result is the worst that holds. Rules look at the answers as
given, also at an answer to a question that branching hides: what does not fit together escalates.
While a screen goes on, more answers never lower a level (see `conditions` for why).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import attrs

from peerkit.instruments import scoring
from peerkit.instruments.answers import Answer, State, read
from peerkit.instruments.conditions import View, concerned, holds
from peerkit.instruments.definition import TOTAL, Definition, Rule
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
    """Stored answers, read against a definition."""

    answers: dict[str, Answer]
    shown: frozenset[str]
    """Items that branching shows."""
    counted: dict[str, Answer]
    """The answers among them."""
    unknown: int


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
    return Reading(answers, frozenset(shown), counted, unknown)


def totals(definition: Definition, taken: Reading) -> dict[str, Decimal | None]:
    """Every score, unrounded; none where its policy gives none."""
    return {s.id: scoring.total(s, taken.counted, taken.shown) for s in definition.scores}


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
        inconsistent=tuple(
            item for item, state in states.items() if state is State.ANSWERED and item not in taken.shown
        ),
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
    view = View(
        taken.answers, taken.shown, group, {**bounds(definition, taken, over=True), TOTAL: (total, total)}
    )
    held = [rule.level for rule in definition.triage if not rule.waits_for and holds(rule.when, view)]
    return worst(Level.TALK, *held)


def bounds(definition: Definition, taken: Reading, *, over: bool) -> dict[str, tuple[Decimal, Decimal]]:
    """What each score can still become."""
    found = {s.id: scoring.bounds(s, definition.by_id, taken.counted) for s in definition.scores}
    if over:  # nothing is going to be answered any more, so a score that exists is final
        found.update({id_: (t, t) for id_, t in totals(definition, taken).items() if t is not None})
    return found


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
