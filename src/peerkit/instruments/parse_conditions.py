# SPDX-License-Identifier: Apache-2.0
"""The conditions of a definition, from TOML.

```toml
{ item = "q9", op = ">=", value = 1 }                       an answer
{ any_of = ["q1", "q2"], op = "=", value = true }           one of several; all_of: each of them
{ item = "q1", state = "declined" }                         what became of a question (branching: unanswered)
{ score = "total", op = ">=", value = 10 }                  a score
{ age = "youth" }                                           an age group of the definition
{ all = [ … ] }   { any = [ … ] }                           several conditions
```
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from peerkit.instruments.answers import AnswerSet, Kind
from peerkit.instruments.conditions import OPERATORS, Age, All, Any_, Compare, Condition, Has, Total
from peerkit.instruments.possible import World, possible, unanswerable
from peerkit.instruments.table import Table, near
from peerkit.texts import Message, _

_DEEPEST = 16


def condition(parent: Table, key: str, world: World, *, states: Collection[str]) -> Condition:
    """Read the condition under a key. `states` are those it may ask for at this place. One that can never
    hold is refused: it would look like one that watches."""
    return _read(parent.table(key), world, states, 0)


def _read(table: Table, world: World, states: Collection[str], depth: int) -> Condition:
    if depth > _DEEPEST:
        table.fail(_("conditions go {deepest} levels deep at most", deepest=_DEEPEST))
    heads = [key for key in ("item", "any_of", "all_of", "score", "age", "all", "any") if key in table]
    if len(heads) != 1:
        table.fail(_("a condition has one of item, any_of, all_of, score, age, all, any"))
    found: Condition
    match heads[0]:
        case "all" | "any" as key:
            parts = tuple(_read(part, world, states, depth + 1) for part in table.tables(key))
            if not parts:
                table.fail(_("this needs conditions in it"), key)
            found = All(parts) if key == "all" else Any_(parts)
            if key == "all" and not possible(found, world):
                table.fail(_("these contradict each other: they never hold together"), key)
        case "age":
            if not world.ages:
                table.fail(_("the file names no age groups: [ages] with groups, and unknown"), "age")
            found = Age(table.one_of("age", sorted(world.ages)))
        case "score":
            score = table.one_of("score", sorted(world.scores))
            found = Total(score, table.one_of("op", tuple(OPERATORS)), table.number("value"))
            if not possible(found, world):
                low, high = world.scores[score]
                told = _(
                    "this never holds: the score {score} goes from {low} to {high}",
                    score=score,
                    low=low,
                    high=high,
                )
                table.fail(told, "value")
        case key:
            found = _about_items(table, key, world, states)
    table.done()
    return found


def _about_items(table: Table, key: str, world: World, states: Collection[str]) -> Compare | Has:
    items = (table.string(key),) if key == "item" else table.strings(key)
    for item in items:
        if item not in world.items:
            table.fail(_("there is no such item{near}", near=near(item, world.items)), key)
    if not items:
        table.fail(_("this needs items"), key)
    every = key == "all_of"
    if "state" in table:
        return Has(items, every, table.one_of("state", states))
    op = table.one_of("op", tuple(OPERATORS))
    value = table.answer("value")
    for answers in {id(set_): set_ for set_ in (world.items[item].answers for item in items)}.values():
        objection = _mismatch(answers, op, value)
        if objection is not None:
            table.fail(objection, "value")
    found = Compare(items, every, op, value)
    if (never := unanswerable(found, world)) is not None:
        table.fail(_("this never holds: no answer to {item} is so", item=never), "value")
    return found


def _mismatch(
    answers: AnswerSet,
    op: str,
    value: bool | int | str | Decimal,  # noqa: FBT001  # an answer, not a switch
) -> Message | None:
    """Why a value is nothing that these answers could ever be compared with; None where it is."""
    if answers.kind is Kind.TEXT:
        return _("a text is not compared, whatever it says; ask for its state")
    if op not in ("=", "!="):
        numeric = not isinstance(value, bool | str) and answers.points() is not None
        return None if numeric else _("{op} compares points with a number", op=op)
    if answers.kind is Kind.WHOLE_NUMBER:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return None if whole else _("this must be {what}", what=_("a whole number"))
    known = any(type(value) is type(option.value) and value == option.value for option in answers.options)
    return None if known else _("this is none of the answers to choose from")
