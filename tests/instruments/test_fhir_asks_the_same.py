# SPDX-License-Identifier: Apache-2.0
"""What comes of a FHIR Questionnaire asks the same questions: random ones, and random answers to them, judged
by an evaluator of its own.

The evaluator is written after HL7's words and knows nothing of points: FHIR R4 (4.0.1, 2019),
`Questionnaire.item.enableWhen` ("When an item is disabled, all of its descendants are disabled"), and R5
(5.0.0, 2023), the same and the operators ("at least one answer has a value that is greater"; "if enableWhen
logic depends on an item that is disabled, the logic should proceed as though the item is not valued").
"""

from __future__ import annotations

import copy
import json
import operator
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from hypothesis import event, example, given
from hypothesis import strategies as st
from made_fhir import HIDDEN, boolean, bounds, choice, counted, questionnaire, when

from peerkit.errors import Malformed
from peerkit.instruments import Instrument, parse
from peerkit.instruments.fhir import imported
from peerkit.instruments.triage import reading

OPERATORS = {
    "=": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
OWN_WORDS = {"valueString": "In words of their own"}

# -- FHIR, as HL7 says it ------------------------------------------------------------------------------


def walked(
    items: list[dict[str, Any]], around: tuple[dict[str, Any], ...] = ()
) -> Iterator[tuple[dict[str, Any], tuple[dict[str, Any], ...]]]:
    """Each item, and those around it."""
    for item in items:
        yield item, around
        yield from walked(item.get("item", []), (*around, item))


def is_question(item: dict[str, Any]) -> bool:
    return item["type"] not in ("group", "display")


class Form:
    """A form that is filled in: which of its questions are enabled."""

    def __init__(self, items: list[dict[str, Any]], answers: dict[str, dict[str, Any]]) -> None:
        self.around = {item["linkId"]: (*around, item) for item, around in walked(items)}
        self.answers = answers

    def enabled(self, link: str) -> bool:
        return all(self._met(item) for item in self.around[link])

    def _met(self, item: dict[str, Any]) -> bool:
        rules = [self._rule(one) for one in item.get("enableWhen", [])]
        return not rules or (any(rules) if item.get("enableBehavior") == "any" else all(rules))

    def _rule(self, rule: dict[str, Any]) -> bool:
        link = rule["question"]
        answer = self.answers.get(link) if self.enabled(link) else None
        [compared] = (value for key, value in rule.items() if key.startswith("answer"))
        if rule["operator"] == "exists":
            return (answer is not None) is compared
        if answer is None:
            return False  # also of `!=`, which would hold in FHIR: that is told
        [(sort, value)] = answer.items()
        same_sort = f"answer{sort.removeprefix('value')}" in rule
        if isinstance(value, dict):
            value, compared = value["code"], compared.get("code") if isinstance(compared, dict) else None
        if rule["operator"] == "!=":
            return not (same_sort and value == compared)
        return same_sort and bool(OPERATORS[rule["operator"]](value, compared))


# -- random ones ---------------------------------------------------------------------------------------


@st.composite
def forms(draw: st.DrawFn) -> list[dict[str, Any]]:
    links = [f"/{n}" if draw(st.booleans()) else f"q-{n}" for n in range(draw(st.integers(2, 7)))]
    wild = draw(st.integers(0, 3)) == 0  # hidden ones and results among them, of which most are refused
    earlier: list[dict[str, Any]] = []
    items = [boolean("first"), *draw_items(draw, links, earlier, 0, wild=wild)]
    if draw(st.booleans()):  # what comes later may decide too; in a circle it is refused
        item = draw(st.sampled_from([one for one, _around in walked(items)]))
        item["enableWhen"] = [*item.get("enableWhen", []), draw_rule(draw, earlier or items[:1])]
        item["enableBehavior"] = "all"
    return items


def draw_items(
    draw: st.DrawFn, links: list[str], earlier: list[dict[str, Any]], depth: int, *, wild: bool
) -> list[dict[str, Any]]:
    made = []
    while links and (not made or depth == 0 or draw(st.booleans())):
        kinds = ["boolean", "integer", "choice", "choice", "open-choice", "text", "group", "group", "display"]
        item: dict[str, Any] = {"linkId": links.pop(0), "type": draw(st.sampled_from(kinds)), "text": "Words"}
        made.append(item)
        if earlier:
            rules = [draw_rule(draw, earlier) for _ in range(draw(st.integers(0, 2)))]
            item |= {"enableWhen": rules, "enableBehavior": draw(st.sampled_from(["all", "any"]))}
        if item["type"] == "integer":
            item |= bounds(0, 4)
        if item["type"] in ("choice", "open-choice"):
            item["answerOption"] = draw(options())
        if wild and draw(st.integers(0, 4)) == 0:
            item.setdefault("extension", []).append({"url": HIDDEN, "valueBoolean": True})
        if wild and draw(st.integers(0, 4)) == 0:
            item["readOnly"] = True
        if is_question(item):
            earlier.append(item)
        if item["type"] == "group" or (item["type"] != "display" and draw(st.integers(0, 3)) == 0):
            item["item"] = draw_items(draw, links, earlier, depth + 1, wild=wild)
    return made


@st.composite
def options(draw: st.DrawFn) -> list[dict[str, Any]]:
    many = draw(st.integers(2, 5))
    sort = draw(st.sampled_from(["Integer", "Integer", "Coding", "String"]))
    values: list[Any] = list(range(many)) if sort == "Integer" else list("abcde"[:many])
    weights = draw(
        st.sampled_from([[None] * many, list(range(many))[::-1], list(range(1, many + 1)), [2] * many])
        | st.lists(st.sampled_from([None, 0, 1, 2.5, 3]), min_size=many, max_size=many)
    )
    return [
        counted({f"value{sort}": {"code": value, "display": "One"} if sort == "Coding" else value}, weight)
        for value, weight in zip(values, weights, strict=True)
    ]


def draw_rule(draw: st.DrawFn, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    asked = draw(st.sampled_from(earlier))
    numbers = "valueInteger" in answers_to(asked)[0]
    sign = draw(st.sampled_from(["=", "!=", "exists", *(OPERATORS if numbers else [])]))
    if sign == "exists" or asked["type"] == "text":
        return when(asked["linkId"], "exists", answerBoolean=True)
    [(sort, value)] = draw(st.sampled_from(answers_to(asked))).items()
    return when(asked["linkId"], sign, **{sort.replace("value", "answer"): value})


def answers_to(item: dict[str, Any]) -> list[dict[str, Any]]:
    match item["type"]:
        case "boolean":
            return [{"valueBoolean": True}, {"valueBoolean": False}]
        case "integer":
            return [{"valueInteger": number} for number in range(5)]
        case "text":
            return [OWN_WORDS]
        case _:
            return [
                {key: value for key, value in one.items() if key.startswith("value")}
                for one in item["answerOption"]
            ]


def elsewhere(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The same questionnaire, its codes to choose from in value sets, their points in code systems."""
    items, contained = copy.deepcopy(items), []
    for item, _around in walked(items):
        options = item.get("answerOption", [{}])
        if "valueCoding" not in options[0]:
            continue
        address = f"https://example.org/{item['linkId']}"
        points = [
            {"code": one["valueCoding"]["code"], "extension": one.get("extension", [])} for one in options
        ]
        codes = [{"code": one["code"]} for one in points]
        include = [{"system": address, "concept": codes}]
        contained += [
            {"resourceType": "CodeSystem", "url": address, "concept": points[::-1]},
            {"resourceType": "ValueSet", "url": address, "compose": {"include": include}},
        ]
        item["answerValueSet"] = address
        del item["answerOption"]
    return questionnaire(*items, contained=contained)


def as_stored(
    made: Instrument, ids: dict[str, str], item: dict[str, Any], given: dict[str, Any]
) -> tuple[str, Any]:
    """An answer as the definition takes it."""
    id_ = ids[item["linkId"]]
    if given == OWN_WORDS:
        return (id_ if item["type"] == "text" else f"{id_}-other"), given["valueString"]
    if "answerOption" not in item:
        [value] = given.values()
        return id_, value
    return id_, made.by_id[id_].answers.options[answers_to(item).index(given)].value


# -- the same ------------------------------------------------------------------------------------------

POINTS_BACKWARDS = [
    choice("q-0", [counted({"valueInteger": n}, 4 - n) for n in range(5)]),
    boolean("q-1", enableWhen=[when("q-0", "<", answerInteger=2)]),
]


@given(forms(), st.sampled_from([elsewhere, lambda items: questionnaire(*items)]), st.data())
@example(POINTS_BACKWARDS, elsewhere, None)
def test_the_same_questions_are_asked_and_the_same_points_given(
    items: list[dict[str, Any]],
    written: Callable[[list[dict[str, Any]]], dict[str, Any]],
    data: st.DataObject | None,
) -> None:
    try:
        found = imported(json.dumps(written(items)), "garden.json")
    except Malformed as refused:
        event(f"refused: {str(refused).partition(' (at')[0]}")
        return
    event("carried over")
    made, told = parse(found.toml), "\n".join(found.left)
    asked = [item.id for item in made.items if not item.id.endswith("-other")]
    questions = [item for item, around in walked(items) if is_question(item) and not fixed((*around, item))]
    assert len(asked) == len(questions)
    ids = {item["linkId"]: id_ for item, id_ in zip(questions, asked, strict=True)}
    for item, around in walked(items):
        here = (*around, item)
        assert not (is_question(item) and hidden(here)) or fixed(here)
        assert not (is_question(item) and fixed(here)) or f"{item['linkId']}: it is worked out" in told
        assert item["linkId"] not in ids or same_points(made, ids[item["linkId"]], item, told)
        rules = [rule for one in here for rule in one.get("enableWhen", [])]
        unlike = item["linkId"] in ids and any(rule["operator"] == "!=" for rule in rules)
        assert unlike == (f"{item['linkId']}: it is asked where an answer is not so" in told)
    for _ in range(6):
        given = {}
        for item in questions:
            several = answers_to(item) + ([OWN_WORDS] if item["type"] == "open-choice" else [])
            one = data.draw(st.sampled_from([None, *several])) if data else several[0]
            if one is not None:
                given[item["linkId"]] = one
        stored = dict(
            as_stored(made, ids, item, given[item["linkId"]]) for item in questions if item["linkId"] in given
        )
        judged = made.judge(stored)
        read = reading(made, stored, made.ages.group(None))
        shown = {id_ for id_ in (*judged.next, *stored) if id_ in read.shown}
        assert read.shown.isdisjoint(judged.inconsistent)
        form = Form(items, given)
        expected = {id_ for link, id_ in ids.items() if form.enabled(link)}
        assert {id_.removesuffix("-other") for id_ in shown} == expected


def fixed(around: tuple[dict[str, Any], ...]) -> bool:
    """Read-only: by itself, or by a group around it."""
    return any(one.get("readOnly") and (one is around[-1] or one["type"] == "group") for one in around)


def hidden(around: tuple[dict[str, Any], ...]) -> bool:
    return any(
        ext["valueBoolean"] for one in around for ext in one.get("extension", []) if ext["url"] == HIDDEN
    )


def same_points(made: Instrument, id_: str, item: dict[str, Any], told: str) -> bool:
    """Whether each answer has the points that the file says, or it is told."""
    held, given = made.by_id[id_].answers.options, item.get("answerOption", [])
    weights = [next((ext["valueDecimal"] for ext in one.get("extension", [])), None) for one in given]
    if None in weights and set(weights) != {None}:
        return f"{item['linkId']}: only some of its answers have points" in told
    return len(held) == len(given or held) and all(
        weight is None or option.points == Decimal(str(weight))
        for option, weight in zip(held, weights, strict=False)
    )
