# SPDX-License-Identifier: Apache-2.0
"""Goal attainment scaling and reliable change, against truths written by hand; nothing adds them up by
supporter."""

from __future__ import annotations

import decimal
import tomllib
import typing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerkit import GoalPlan, Malformed, Measure, Progress, Refused
from peerkit.kinds import PLACES, core_kind
from peerkit.model.attainment import t_score
from peerkit.model.base import Part, part_types
from peerkit.model.plan import Scale
from peerkit.model.reliable_change import Reliability, reliable_change
from peerkit.testing import make

TRUTH = tomllib.loads(
    (Path(__file__).parent.parent / "truth" / "attainment.toml").read_text(encoding="utf-8")
)
LEVELS = ("not at all", "once a month", "every second week", "every week", "twice a week")

levels = st.integers(-2, 2)
weights = st.one_of(st.integers(1, 100), st.decimals(min_value="0.01", max_value=100, places=2))
placed = st.lists(st.tuples(levels, weights), min_size=1, max_size=12)


def pairs(line: dict[str, Any]) -> list[tuple[int, Decimal]]:
    return [(x, Decimal(w)) for x, w in zip(line["levels"], line["weights"], strict=True)]


@pytest.mark.parametrize("line", TRUTH["t"], ids=lambda line: line["because"])
def test_t_is_what_was_published(line: dict[str, Any]) -> None:
    assert str(t_score(pairs(line))) == line["t"]


@pytest.mark.parametrize("line", TRUTH["misprint"], ids=lambda line: line["because"])
def test_t_is_not_what_a_slip_makes_of_it(line: dict[str, Any]) -> None:
    assert str(t_score(pairs(line))) not in line["not"]


@pytest.mark.parametrize("line", TRUTH["index"], ids=lambda line: line["because"])
def test_a_change_is_reliable_beyond_its_error(line: dict[str, Any]) -> None:
    known = Reliability(Decimal(line["sd"]), Decimal(line["r"]), line["better"], "by hand")
    found = reliable_change(Decimal(line["baseline"]), Decimal(line["follow_up"]), known)
    assert found is not None
    assert (str(found.index), found.direction) == (line["index"], line["direction"])
    assert found.reliable is (line["direction"] != "none")


def test_where_nothing_is_known_nothing_is_worked_out() -> None:
    assert reliable_change(1, 9, None) is None


@given(placed)
def test_it_is_symmetric_about_fifty(given_: list[tuple[int, Any]]) -> None:
    both = t_score(given_) + t_score([(-x, w) for x, w in given_])
    assert 0 <= both - 100 <= Decimal("0.01")  # an exact half is rounded up on both sides


@given(st.data(), placed)
def test_the_order_of_goals_counts_for_nothing(data: st.DataObject, given_: list[tuple[int, Any]]) -> None:
    assert t_score(given_) == t_score(data.draw(st.permutations(given_)))


@given(placed, st.integers(0, 11))
def test_a_goal_that_came_further_never_lowers_it(given_: list[tuple[int, Any]], which: int) -> None:
    number = which % len(given_)
    level, weight = given_[number]
    further = [*given_[:number], (min(level + 1, 2), weight), *given_[number + 1 :]]
    assert t_score(further) >= t_score(given_)


@given(placed)
def test_a_hosts_own_arithmetic_changes_nothing(given_: list[tuple[int, Any]]) -> None:
    expected = t_score(given_)
    with decimal.localcontext(decimal.Context(prec=3, rounding=decimal.ROUND_DOWN)):
        assert t_score(given_) == expected


def test_halves_are_rounded_up() -> None:
    """With ρ = 1, T is 50 + 10·Σwx/Σw: here 50.005, and 49.995."""
    slight = [(1, Decimal("0.5")), (0, Decimal("999.5"))]
    assert str(t_score(slight, rho=Decimal(1))) == "50.01"
    assert str(t_score([(-x, w) for x, w in slight], rho=Decimal(1))) == "50.00"


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [(3, 1)],
        [(True, 1)],
        [(1, Decimal("NaN"))],
        [(1, Decimal("Infinity"))],
        [(1, 0.5)],
        [(1, -1)],
        [(1, 0), (2, 0)],
        [(1, 10**30)],
        [("1", 1)],
    ],
)
def test_what_is_no_scale_is_malformed(wrong: Any) -> None:
    with pytest.raises(Malformed):
        t_score(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        {"sd": Decimal(0)},
        {"r": Decimal(1)},
        {"r": Decimal("NaN")},
        {"better": "up"},
        {"source": " "},
        {"sd": 5.0},
    ],
)
def test_a_reliability_has_a_range_and_a_source(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {"sd": Decimal(5), "r": Decimal("0.8"), "better": "lower", "source": "by hand"}
    with pytest.raises(Malformed):
        Reliability(**{**right, **wrong})


# -- on a plan -------------------------------------------------------------------------------------


def scaled(world: Any) -> Any:
    plan = GoalPlan.begin(person=world.maya).add_goal("Library").add_goal("Sleep").add_goal("Call my sister")
    one, two, three = (goal.id for goal in plan.goals)
    plan = plan.write_scale(one, LEVELS, weight=2, baseline=-1).write_scale(two, LEVELS)
    return world.save(plan.decline_scaling(three), actor=world.maya)


def test_the_latest_word_of_the_person_counts(world: Any) -> None:
    plan = scaled(world)
    one, two, three = (goal.id for goal in plan.goals)
    for level in (0, 2, 1):
        world.save(Progress.place(plan=plan, goal=one, level=level), actor=world.maya)
    world.save(Progress.note(plan=plan, goal=one, words="So-so", author=world.maya), actor=world.maya)
    found = plan.attainment(world.every(Progress))
    assert (found.t, found.baseline, found.change) == (60, 40, 20)
    assert (found.placed, found.not_placed, found.declined) == ((one,), (two,), (three,))
    world.save(Progress.place(plan=plan, goal=two, level=0), actor=world.maya)
    found = plan.attainment(world.every(Progress))
    # 50 + 10·2/√(0.7·5 + 0.3·9) = 50 + 20/2.48998; the change is of the goal with a baseline alone
    assert (str(found.t), found.change) == ("58.03", 20)
    aside = plan.set_aside(one)
    assert aside.attainment(world.every(Progress)).placed == (two,)


def test_nothing_placed_is_no_number(world: Any) -> None:
    found = scaled(world).attainment([])
    assert (found.t, found.baseline, found.change, found.placed) == (None, None, None, ())


def test_only_the_person_places_themselves(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = scaled(world)
    entry = Progress.place(plan=plan, goal=plan.goals[0].id, level=2)
    with pytest.raises(Refused) as caught:
        world.save(entry, actor=kai)
    assert caught.value.codes == ("not-theirs",)


def test_a_scale_can_be_declined_and_taken_off(world: Any) -> None:
    plan = scaled(world)
    off = plan.decline_scaling(plan.goals[0].id)
    assert (off.goals[0].scale, off.goals[0].scaling) == (None, "declined")
    with pytest.raises(Malformed):
        Progress.place(plan=off, goal=off.goals[0].id, level=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"levels": LEVELS[:4]},
        {"levels": (*LEVELS[:4], " ")},
        {"levels": "abcde"},
        {"levels": LEVELS, "weight": Decimal("NaN")},
        {"levels": LEVELS, "weight": 0},
        {"levels": LEVELS, "weight": 1.5},
        {"levels": LEVELS, "baseline": 3},
        {"levels": (1, 2, 3, 4, 5)},
    ],
)
def test_a_scale_has_five_levels_in_words(wrong: dict[str, Any]) -> None:
    plan = make(GoalPlan).add_goal("Library")
    with pytest.raises(Malformed):
        plan.write_scale(plan.goals[0].id, **wrong)


# -- never a rating of a supporter -----------------------------------------------------------------


def every_field(owner: type[Any]) -> set[str]:
    hints = typing.get_type_hints(owner, include_extras=True)
    return set(hints) | {name for hint in hints.values() for p in part_types(hint) for name in every_field(p)}


HOLDING = {"level", "levels", "scale", "weight", "baseline"}


def test_what_holds_a_level_names_no_supporter() -> None:
    """`author` of an entry with a level is the person, since `place` takes no other."""
    other = {"alert", "credential", "restoration"}  # how urgent it is or was; of which level a training is
    holding = {kind for kind in PLACES if {"level", "levels", "scale"} & every_field(core_kind(kind))} - other
    assert holding == {"goal_plan", "progress"}
    assert GoalPlan.subject_fields == ("person",)
    assert Measure.subject_fields == ("person",)
    assert "author" not in typing.get_type_hints(Progress.place)


@pytest.mark.parametrize("kind", [GoalPlan, Progress, Measure])
def test_no_condition_order_or_count_reaches_it(world: Any, kind: type[Any]) -> None:
    assert not {*HOLDING, "score", "goals"} & set(kind.indexed)
    with world.kit.session(actor=world.maya) as s:
        for name in {*HOLDING, "score", "goals"} & every_field(kind):
            for ask in (
                lambda n=name: s.count(kind, **{n: 1}),
                lambda n=name: s.find(kind, lambda r: getattr(r, n) > 0),
                lambda n=name: s.find(kind, order=n),
            ):
                with pytest.raises(Malformed):
                    ask()


def test_a_part_is_never_indexed() -> None:
    assert issubclass(Scale, Part)
    assert not set(Scale.field_classes) & set(GoalPlan.indexed)


def test_a_supporters_name_finds_no_level(world: Any) -> None:
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = scaled(world)
    world.save(Progress.place(plan=plan, goal=plan.goals[0].id, level=1), actor=world.maya)
    with world.kit.session(actor=kai) as s:
        assert s.count(Progress, author=kai.id) == 0
        assert s.count(Measure, person=kai.id) == 0
