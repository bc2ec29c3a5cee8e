# SPDX-License-Identifier: Apache-2.0
"""Questionnaires of a few made-up questions and rules, and what is said of them before the first question,
read back: which answers it names."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, parse, triage
from peerkit.instruments.answers import DECLINED, Kind, State, read
from peerkit.instruments.conditions import items_in
from peerkit.levels import Level
from peerkit.safety.asking import DECLINED as DECLINING
from peerkit.safety.asking import TELLS, beforehand

HEAD = """format = 1
id = "ruled"
version = "1.0"
title = "Ruled"
[licence]
status = "own-words"
holder = "Riverside (fictional)"
basis = "Our own words."
checked_on = 2026-11-22
redistribution_permitted = true
item_text_included = false
[ages]
unknown = "young"
groups = { young = ["16-24"], old = ["25-64"] }
[answers]
yes-no = { kind = "yes-no" }
words = { kind = "text" }
number = { kind = "whole-number", low = 0, high = 3 }
[answers.choice]
kind = "choice"
options = [{ value = 0 }, { value = 1 }, { value = 2 }]
"""
BANDS = ("16-24", "25-64", None)


def ruled(
    kinds: Sequence[str],
    rules: Sequence[tuple[Level | str, Mapping[str, Any], Sequence[str]]],
    branching: Mapping[str, Mapping[str, Any]] | None = None,
) -> Instrument:
    """Questions q1, q2, … of these kinds, asked as `branching` says; rules by level, condition, and the items
    that they wait for."""
    ids = [f"q{number}" for number in range(1, len(kinds) + 1)]
    lines = [
        HEAD,
        *(f'[[items]]\nid = "{i}"\nanswers = "{kind}"' for i, kind in zip(ids, kinds, strict=True)),
    ]
    lines += [f'[[branching]]\nitem = "{i}"\nwhen = {toml(when)}' for i, when in (branching or {}).items()]
    scored = [item for item, kind in zip(ids, kinds, strict=True) if kind in {"number", "choice"}]
    method = f'"sum"\nitems = {json.dumps(scored)}\nmissing = "strict"' if scored else '"rule"'
    lines.append(f"[scoring]\nmethod = {method}")
    for number, (level, when, waits) in enumerate(rules):
        lines.append(f'[[triage]]\nid = "r{number}"\nlevel = "{level}"\nwhen = {toml(when)}')
        lines += [f"waits_for = {json.dumps(list(waits))}\nseconds = 60"] if waits else []
    return parse("\n".join(lines))


def toml(value: object) -> str:
    """A condition as a file has it."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(entry)}" for key, entry in value.items()) + " }"
    return "[" + ", ".join(map(toml, value)) + "]" if isinstance(value, list) else json.dumps(value)


# -- any of them -----------------------------------------------------------------------------------------


@st.composite
def conditions(
    draw: Any, kinds: Mapping[str, str], *, branching: bool = False, deep: int = 3
) -> dict[str, Any]:
    """Any condition on these items."""
    numbers = not branching and not {"number", "choice"}.isdisjoint(kinds.values())
    heads = ["one", "one", *(["all", "all", "any"] if deep else []), "age", *(["score"] if numbers else [])]
    head = draw(st.sampled_from(heads))
    if head in {"all", "any"}:
        inner = conditions(kinds, branching=branching, deep=deep - 1)
        return {head: draw(st.lists(inner, min_size=1, max_size=3))}
    if head == "age":
        return {"age": draw(st.sampled_from(["young", "old"]))}
    ordered = st.sampled_from([">=", ">", "<", "<=", "=", "!="])
    if head == "score":
        return {"score": "total", "op": draw(ordered), "value": draw(st.integers(0, 7))}
    kind = draw(st.sampled_from(sorted(set(kinds.values()))))
    alike = st.sampled_from([item for item, its in kinds.items() if its == kind])
    about = draw(st.sampled_from(["item", "any_of", "all_of"]))
    items = draw(alike) if about == "item" else draw(st.lists(alike, min_size=1, max_size=4, unique=True))
    if kind == "words" or draw(st.integers(0, 3)) == 0:
        states = ["answered", "declined", "unanswered" if branching else "skipped"]
        return {about: items, "state": draw(st.sampled_from(states))}
    if kind == "yes-no":
        return {about: items, "op": draw(st.sampled_from(["=", "!="])), "value": draw(st.booleans())}
    return {about: items, "op": draw(ordered), "value": draw(st.integers(0, 2))}


@st.composite
def instruments(draw: Any) -> Instrument:
    """Any questionnaire of a few questions, with branching and rules."""
    kinds = draw(
        st.lists(st.sampled_from(["yes-no", "yes-no", "choice", "number", "words"]), min_size=1, max_size=5)
    )
    named = {f"q{number}": kind for number, kind in enumerate(kinds, start=1)}
    branching: dict[str, Any] = {}
    for place, item in enumerate(named):
        if place and draw(st.integers(0, 2)) == 0:
            before = dict([*named.items()][:place])
            branching[item] = draw(conditions(before, branching=True, deep=1))
    always = [item for item in named if item not in branching]
    waits = st.just([]) | st.lists(st.sampled_from(always), min_size=1, max_size=2, unique=True)
    rule = st.tuples(st.sampled_from(["talk", "today", "now"]), conditions(named), waits)
    rules = sorted(draw(st.lists(rule, min_size=1, max_size=4)), key=lambda one: Level(one[0]), reverse=True)
    try:
        return ruled(kinds, rules, branching)
    except Malformed:  # a rule that nothing makes true, or that waits for what it needs answered
        reject()


# -- what is said of them, read back -----------------------------------------------------------------------

ATOM = re.compile(
    r"(?P<word>yes to|no to|any answer to|any answer but the lowest to|some answers to|skipping|declining) "
    r"(?P<each>question|one of questions|each of questions) (?P<named>.+)"
)
OPEN = re.compile(r"(?P<what>.+), if (?P<left>(?:question|one of questions) .+) is left open")


@attrs.frozen
class Said:
    """What is said before the first question to somebody of an age, beside what they answered then."""

    instrument: Instrument
    age_band: str | None
    answers: Mapping[str, Any]

    def names(self, level: Level) -> bool:
        """Whether it names answers of theirs as those that come to a level."""
        lines = beforehand(self.instrument, None, languages=("en",), age_band=self.age_band, short=True)
        declined = DECLINED in self.answers.values()
        for line in lines:
            _tells, found, named = line.partition(" These are: ")
            if found and line.startswith(TELLS[level]):
                assert named.endswith(".")
                if any(self._term(term) for term in named[:-1].split("; ")):
                    return True
        return declined and any(
            line in {DECLINING[one] for one in DECLINING if one >= level} for line in lines
        )

    @property
    def hidden(self) -> list[str]:
        """What they answered though the form did not ask it."""
        taken = triage.reading(self.instrument, self.answers, self.instrument.ages.group(self.age_band))
        return [item for item in self.answers if item not in taken.shown]

    def follows(self, level: Level) -> bool:
        """Whether it names answers as those that come to a level with which the form would have asked it."""
        led = {i for one in self.hidden if (when := self.instrument.by_id[one].when) for i in items_in(when)}
        every = itertools.product(
            *([(item, value) for value in _values(self.instrument, item)] for item in led)
        )
        return any(attrs.evolve(self, answers={**self.answers, **dict(one)}).names(level) for one in every)

    def _term(self, text: str) -> bool:
        waits = OPEN.fullmatch(text)
        if waits:
            items, _every = _items(waits["left"])
            open_ = any(self._state(item) is not State.ANSWERED for item in items)
            return open_ and self._term(waits["what"])
        for word, together in ((" or ", any), (" together with ", all)):
            parts = _split(text, word)
            if len(parts) > 1:
                return together(self._term(part) for part in parts)
        if text.startswith("("):
            assert text.endswith(")")
            return self._term(text[1:-1])
        if text == "answers that do not fit together":
            return bool(self.hidden)
        if text == "any answer" or text.endswith("numbers altogether"):
            return True
        atom = ATOM.fullmatch(text)
        assert atom, text
        items, every = _items(f"{atom['each']} {atom['named']}")
        return (all if every else any)(self._fits(item, atom["word"]) for item in items)

    def _state(self, item: str) -> State:
        if item not in self.answers:
            return State.NOT_ASKED
        return read(self.instrument.by_id[item].answers, self.answers[item]).state

    def _fits(self, item: str, word: str) -> bool:
        taken = read(self.instrument.by_id[item].answers, self.answers.get(item))
        state, value = self._state(item), taken.value  # an answer may be given by its code, too
        if word in {"skipping", "declining"}:
            return state is (State.SKIPPED if word == "skipping" else State.DECLINED)
        if state is not State.ANSWERED:
            return False
        wanted = {
            "yes to": value is True,
            "no to": value is False,
            "any answer but the lowest to": value != 0,
        }
        return wanted.get(word, True)


def _values(instrument: Instrument, item: str) -> list[Any]:
    answers = instrument.by_id[item].answers
    chosen = [option.value for option in answers.options] or [*range(answers.low, answers.high + 1)]
    return [*(["words"] if answers.kind is Kind.TEXT else chosen), DECLINED, None]


def _items(text: str) -> tuple[list[str], bool]:
    """The items that a phrase names, and whether it means each of them."""
    every = text.startswith("each of")
    named = re.sub(r"^(each of |one of )?questions? ", "", text)
    ends = re.fullmatch(r"(\d+) to (\d+)", named)
    names = [*map(str, range(int(ends[1]), int(ends[2]) + 1))] if ends else re.split(r", | and ", named)
    return [f"q{name}" if name.isdigit() else name for name in names], every


def _split(text: str, word: str) -> list[str]:
    """The parts of a text between a word, but not where it stands in brackets."""
    parts, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0 and text.startswith(word, at):
            parts.append(text[start:at])
            start = at + len(word)
    return [*parts, text[start:]]
