# SPDX-License-Identifier: Apache-2.0
"""Which answers tell whom, in words, read off the rules of a questionnaire: so that somebody knows it before
they answer anything.

A question is named by its number in the form. What a rule says is said shortly and rather too widely: nobody
is told of an answer that was not named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import attrs

from peerkit.instruments import Instrument
from peerkit.instruments.conditions import (
    OPERATORS,
    Age,
    All,
    Any_,
    Compare,
    Condition,
    Has,
    Total,
    items_in,
    leaves,
)
from peerkit.instruments.definition import Rule
from peerkit.levels import Level
from peerkit.texts import Message, _, joined, listed

NUMBERED = re.compile(r"q([0-9]+)")
"""How the id of a question with a number is written."""

SUMS = {True: _("low numbers altogether"), False: _("high numbers altogether")}
VERY = {True: _("very low numbers altogether"), False: _("very high numbers altogether")}
"""By whether they are low ones; the second where a lower level begins with such numbers already."""


@attrs.define
class _Named:
    """What the rules of one level name."""

    yes: dict[str, None] = attrs.field(factory=dict)
    no: dict[str, None] = attrs.field(factory=dict)
    most: dict[str, None] = attrs.field(factory=dict)
    some: dict[str, None] = attrs.field(factory=dict)
    later: list[Message] = attrs.field(factory=list)
    sums: dict[bool, Message] = attrs.field(factory=dict)
    unfit: bool = False


def levels_of(instrument: Instrument, age_band: str | None) -> tuple[Level, ...]:
    """The levels that answers of somebody of this age can come to, the lowest first."""
    return tuple(sorted({rule.level for rule in _rules(instrument, age_band)}))


def answers(instrument: Instrument, level: Level, age_band: str | None) -> Message | None:
    """Which answers come to a level, as a part of a sentence; None where there is nothing to name."""
    group = instrument.ages.group(age_band)
    rules = _rules(instrument, age_band)
    above = {item for rule in rules if rule.level > level and not rule.waits_for for item in _yes(rule)}
    found, mine = _Named(), [rule for rule in rules if rule.level is level]
    for rule in mine:  # plain ones first: the others name only what is left
        if not rule.waits_for and not _contrary(rule):
            found.yes.update(dict.fromkeys(item for item in _yes(rule) if item not in above))
    known = above.union(found.yes)
    for rule in mine:
        _name(found, instrument, rule, group, known)
    for low in {one for rule in rules if rule.level < level for one in _sums(rule)} & {*found.sums}:
        found.sums[low] = VERY[low]
    parts = [
        *([_("yes to {question}", question=_question(instrument, found.yes))] if found.yes else []),
        *([_("no to {question}", question=_question(instrument, found.no))] if found.no else []),
    ]
    if found.most:
        most = _question(instrument, found.most)
        parts.append(_("any answer but the lowest to {question}", question=most))
    if found.some:
        parts.append(_("some answers to {question}", question=_question(instrument, found.some)))
    parts += [*found.later, *found.sums.values()]
    parts += [_("answers that do not fit together")] if found.unfit else []
    return joined(parts, "; ") if parts else None


def declining(instrument: Instrument, age_band: str | None) -> Level:
    """The level that declining a question comes to for somebody of this age; `none` if it tells nobody."""
    group = instrument.ages.group(age_band)
    return max(
        (
            rule.level
            for rule in _rules(instrument, age_band)
            if any(isinstance(one, Has) and one.state == "declined" for one in _leaves(rule, group))
        ),
        default=Level.NONE,
    )


def _rules(instrument: Instrument, age_band: str | None) -> list[Rule]:
    """The rules that tell somebody and can hold for somebody of this age."""
    group = instrument.ages.group(age_band)
    return [rule for rule in instrument.triage if rule.level > Level.NONE and _applies(rule.when, group)]


def _applies(condition: Condition, group: str) -> bool:
    match condition:
        case Age(wanted):
            return wanted == group
        case All(parts):
            return all(_applies(part, group) for part in parts)
        case Any_(parts):
            return any(_applies(part, group) for part in parts)
    return True


def _leaves(rule: Rule, group: str) -> list[Compare | Has | Total | Age]:
    """What a rule compares, without those of its branches that are for another age."""
    return [*_kept(rule.when, group)]


def _kept(condition: Condition, group: str) -> Iterable[Compare | Has | Total | Age]:
    if isinstance(condition, Any_):
        for part in condition.parts:
            if _applies(part, group):
                yield from _kept(part, group)
    else:
        yield from leaves(condition)


def _bools(rule: Rule, wanted: bool) -> dict[str, None]:  # noqa: FBT001  # yes or no
    """The items to which a rule asks for this answer."""
    return {
        item: None
        for part in leaves(rule.when)
        if isinstance(part, Compare)
        and isinstance(part.value, bool)
        and (part.value is wanted) is (part.op == "=")
        for item in part.items
    }


def _yes(rule: Rule) -> dict[str, None]:
    return _bools(rule, wanted=True)


def _contrary(rule: Rule) -> bool:
    """Whether it asks for a yes and for a no."""
    return bool(_yes(rule)) and bool(_bools(rule, wanted=False))


def _name(found: _Named, instrument: Instrument, rule: Rule, group: str, known: set[str]) -> None:
    """Take over what a rule names beside a plain yes."""
    yes, no = _yes(rule), _bools(rule, wanted=False)
    if rule.waits_for:
        what = _("yes to {question}", question=_question(instrument, yes)) if yes else _("other answers")
        left = _question(instrument, rule.waits_for)
        found.later.append(_("{answers}, if {question} is left open", answers=what, question=left))
    elif _contrary(rule):
        if not known.issuperset(yes):
            found.unfit = True
    else:
        found.no.update(no)
    for part in _leaves(rule, group):
        match part:
            case Compare(items=items, value=value) if not isinstance(value, bool):
                for item in items:
                    (found.most if _all_but_one(instrument, item, part) else found.some)[item] = None
            case Has(items=items, state=state) if state != "declined":
                found.some.update(
                    dict.fromkeys(item for item in items if not _follows(instrument, item, known))
                )
    found.sums.update((low, SUMS[low]) for low in _sums(rule))


def _sums(rule: Rule) -> set[bool]:
    """Which totals a rule asks for: low ones, high ones."""
    return {part.op in {"<", "<="} for part in leaves(rule.when) if isinstance(part, Total)}


def _follows(instrument: Instrument, item: str, known: set[str]) -> bool:
    """Whether a question is asked only after answers that were named already."""
    when = instrument.by_id[item].when
    return when is not None and known.issuperset(items_in(when)) and bool(items_in(when))


def _all_but_one(instrument: Instrument, item: str, part: Compare) -> bool:
    """Whether every answer but the one with the fewest points fits."""
    points = [one.points for one in instrument.by_id[item].answers.options]
    if part.op not in {">", ">="} or len(points) < 2 or None in points:
        return False
    known = sorted(one for one in points if one is not None)
    test = OPERATORS[part.op]
    return not test(known[0], part.value) and all(test(one, part.value) for one in known[1:])


def _question(instrument: Instrument, items: Iterable[str]) -> Message:
    """Questions by their number in the form: what their ids say, or, where none has one, where they stand."""
    order = [item.id for item in instrument.items]
    wanted = sorted(dict.fromkeys(items), key=order.index)
    numbered = any(NUMBERED.fullmatch(one) for one in order)
    names = [_number(one) if numbered else str(order.index(one) + 1) for one in wanted]
    if len(names) == 1:
        return _("question {n}", n=names[0])
    digits = [int(one) for one in names if one.isdigit()]
    if len(names) > 2 and digits == [*range(digits[0], digits[0] + len(names))]:
        return _("one of questions {first} to {last}", first=names[0], last=names[-1])
    return _("one of questions {list}", list=listed(names))


def _number(item: str) -> str:
    found = NUMBERED.fullmatch(item)
    return found.group(1) if found else item
