# SPDX-License-Identifier: Apache-2.0
"""Which answers tell whom, in words, read off the rules of a questionnaire: so that somebody knows it before
they answer anything.

A question is named by its number in the form. What a rule says is said shortly and rather too widely: nobody
is told of an answer that was not named here. Only what follows a lead-in is named with it: a description is
there because of the yes before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

import attrs

from peerkit.instruments import Instrument
from peerkit.instruments.conditions import All, Any_, Compare, Condition, Has, Total, View, leaves
from peerkit.levels import Level
from peerkit.safety.narrowed import (
    ALWAYS,
    Key,
    Narrowed,
    branches,
    enough,
    fits,
    implied,
    keys,
    nothing,
    rules,
)
from peerkit.texts import Message, _, joined, listed

NUMBERED = re.compile(r"q([0-9]+)")
"""How the id of a question with a number is written."""

LOW, HIGH, SOME = "low", "high", "some"
SUMS = {
    LOW: _("low numbers altogether"),
    HIGH: _("high numbers altogether"),
    SOME: _("some numbers altogether"),
}
VERY = {LOW: _("very low numbers altogether"), HIGH: _("very high numbers altogether")}
"""By what they are; the second where a lower level begins with such numbers already."""

ANY, UNFIT = _("any answer"), _("answers that do not fit together")

ANSWERS: dict[str, Callable[[Message], Message]] = {
    "yes": lambda question: _("yes to {question}", question=question),
    "no": lambda question: _("no to {question}", question=question),
    "any": lambda question: _("any answer to {question}", question=question),
    "most": lambda question: _("any answer but the lowest to {question}", question=question),
    "some": lambda question: _("some answers to {question}", question=question),
    "skipped": lambda question: _("skipping {question}", question=question),
    "declined": lambda question: _("declining {question}", question=question),
}
"""How an answer is said, in this order."""

Named: TypeAlias = dict[str, dict[str, None]]
"""Items by how their answer is said."""


@attrs.define
class _Words:
    """How answers to a questionnaire are said: a question by its number in the form, which is what its id
    says or, where none says one, where it stands."""

    instrument: Instrument
    places: dict[str, int] = attrs.field(init=False)
    names: dict[str, str] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Number the questions."""
        self.places = {item.id: place for place, item in enumerate(self.instrument.items)}
        said = {item: NUMBERED.fullmatch(item) for item in self.places}
        if any(said.values()):
            self.names = {item: found.group(1) if found else item for item, found in said.items()}
        else:
            self.names = {item: str(place + 1) for item, place in self.places.items()}

    def plain(self, named: Named, *, each: bool = False) -> list[Message]:
        """Answers by how they are said: to one of several questions, or to each of them."""
        return [say(self.question(named[word], each=each)) for word, say in ANSWERS.items() if word in named]

    def either(self, parts: Iterable[Condition]) -> Message:
        """Parts of which one is enough, in one phrase."""
        named: Named = {}
        others: dict[Message, None] = {}
        for part in parts:
            match part:
                case Compare() | Has():
                    for item, key in keys(self.instrument, part).items():
                        named.setdefault(str(key[0]), {})[item] = None
                case Total():
                    others.update((SUMS[one], None) for one in _sums(part))
                case All():
                    others[ANY if part == ALWAYS else self.together(part)] = None
        first, *rest = [*self.plain(named), *others]
        return joined([first, *(_("or {answer}", answer=one) for one in rest)])

    def together(self, condition: All) -> Message:
        """Parts that are to hold together."""
        named: Named = {}
        others: list[Message] = []
        for part in condition.parts:
            match part:
                case Compare(items) | Has(items) if len(items) == 1:
                    [(item, key)] = keys(self.instrument, part).items()
                    named.setdefault(str(key[0]), {})[item] = None
                case _:
                    inner = self.either(branches(part))
                    others.append(joined(["(", inner, ")"], "") if isinstance(part, Any_) else inner)
        first, *rest = [*self.plain(named, each=True), *others]
        return joined([first, *(_("together with {answer}", answer=one) for one in rest)])

    def question(self, items: Iterable[str], *, each: bool = False) -> Message:
        """Questions as they are named, one of them or each."""
        wanted = sorted(dict.fromkeys(items), key=self.places.__getitem__)
        names = [self.names[one] for one in wanted]
        if len(names) == 1:
            return _("question {n}", n=names[0])
        digits = [int(one) for one in names if one.isdigit()]
        if len(names) > 2 and digits == [*range(digits[0], digits[0] + len(names))]:
            first, last = names[0], names[-1]
            if each:
                return _("each of questions {first} to {last}", first=first, last=last)
            return _("one of questions {first} to {last}", first=first, last=last)
        if each:
            return _("each of questions {list}", list=listed(names))
        return _("one of questions {list}", list=listed(names))


@attrs.define
class _Said:
    """What the rules of one level come to: answers of which one is enough, those together, and those that
    tell only while a question is open. `above` are the answers that a higher level names, `known` those and
    this one's."""

    instrument: Instrument
    words: _Words
    view: View
    above: set[Key]
    known: set[Key]
    named: Named = attrs.field(factory=dict)
    together: dict[Message, None] = attrs.field(factory=dict)
    later: dict[Message, None] = attrs.field(factory=dict)
    sums: dict[str, Message] = attrs.field(factory=dict)
    unfit: bool = False

    def take(self, one: Narrowed) -> None:
        """Take over what a rule names, as far as it is not named already."""
        parts = branches(one.when)
        if not one.rule.waits_for:
            for part in parts:
                self._name(part)
        elif left := [part for part in parts if not implied(self.instrument, part, self.known)]:
            what = self.words.either(left)
            waits = self.words.question(one.rule.waits_for)
            self.later[_("{answers}, if {question} is left open", answers=what, question=waits)] = None

    def _name(self, part: Condition) -> None:
        match part:
            case _ if _only_declining(part):  # said in a sentence of its own
                pass
            case Compare() | Has():
                for item, key in keys(self.instrument, part).items():
                    follows = isinstance(part, Has) and self._follows(item)
                    if key not in self.above and not follows:
                        self.named.setdefault(str(key[0]), {})[item] = None
            case Total():
                self.sums.update((one, SUMS[one]) for one in _sums(part))
            case All() if implied(self.instrument, part, self.known):
                pass
            case All() if fits(self.instrument, part, self.view):
                self.together[self.words.together(part)] = None
            case _:
                self.unfit = True

    def _follows(self, item: str) -> bool:
        """Whether a question is asked only after answers that are named already."""
        when = self.instrument.by_id[item].when
        return when is not None and implied(self.instrument, when, self.known)


def levels_of(instrument: Instrument, age_band: str | None) -> tuple[Level, ...]:
    """The levels that answers of somebody of this age can come to, the lowest first."""
    return tuple(sorted({one.rule.level for one in rules(instrument, age_band)}))


def answers(instrument: Instrument, level: Level, age_band: str | None) -> Message | None:
    """Which answers come to a level, as a part of a sentence; None where there is nothing to name."""
    found = rules(instrument, age_band)
    above = enough(instrument, (one for one in found if one.rule.level > level))
    mine = [one for one in found if one.rule.level is level]
    if ("always",) in above:
        return None
    known = above | enough(instrument, mine)
    if ("always",) in known:
        return ANY
    said = _Said(instrument, _Words(instrument), nothing(instrument, age_band), above, known)
    for one in mine:
        said.take(one)
    for low in {one for each in found if each.rule.level < level for one in _sums(each.when)} & {*said.sums}:
        said.sums[low] = VERY.get(low, said.sums[low])
    parts = [*said.words.plain(said.named), *said.together, *said.later, *said.sums.values()]
    parts += [UNFIT] if said.unfit else []
    return joined(parts, "; ") if parts else None


def declining(instrument: Instrument, age_band: str | None) -> Level:
    """The level that declining a question comes to for somebody of this age; `none` if it tells nobody."""
    return max(
        (
            one.rule.level
            for one in rules(instrument, age_band)
            if any(isinstance(part, Has) and part.state == "declined" for part in leaves(one.when))
        ),
        default=Level.NONE,
    )


def _only_declining(part: Condition) -> bool:
    found = [*leaves(part)]
    return bool(found) and all(isinstance(one, Has) and one.state == "declined" for one in found)


def _sums(condition: Condition) -> list[str]:
    """Which totals a condition asks for."""
    words = {"<": LOW, "<=": LOW, ">": HIGH, ">=": HIGH}
    return [words.get(part.op, SOME) for part in leaves(condition) if isinstance(part, Total)]
