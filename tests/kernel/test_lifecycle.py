# SPDX-License-Identifier: Apache-2.0
"""Every line of every lifecycle table, held against truths written by hand beside their sources."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest
from act_arguments import ARGUMENTS, KAI, MAYA, ROBIN
from hypothesis import given, settings
from hypothesis import strategies as st

from peerkit import Actor, Alert, Decision, GoalPlan, Refused
from peerkit.kinds import PLACES, core_kind
from peerkit.kit.deciding import decision_fault
from peerkit.model.base import Record
from peerkit.model.decision import Strength
from peerkit.model.plan import Goal, Scale, TakenStep
from peerkit.model.response import Need
from peerkit.model.restoration import Gap
from peerkit.model.safety_plan import Entry
from peerkit.testing import make

TRUTH = tomllib.loads((Path(__file__).parent.parent / "truth" / "lifecycle.toml").read_text(encoding="utf-8"))
LINES = [(kind, act, line) for kind, acts in TRUTH.items() for act, line in acts.items()]
NAMES = [f"{kind}.{act}" for kind, act, _ in LINES]


def cast(kind: type[Any], **fields: Any) -> Any:
    """A stored record of the kind with Maya as its person and Kai as its supporter or author."""
    people = {"person": MAYA, "supporter": KAI, "author": ROBIN, "owner": KAI, "holder": KAI, "mentor": ROBIN}
    known: dict[str, Any] = {name: people[name] for name in people if name in kind.field_classes}
    if kind.kind == "safety_response":
        known["needs"] = ()
    if kind.kind in {"feedback", "safety_plan"}:
        known["shared_with"] = (KAI,)
    for name in known.keys() & people.keys():  # where a field holds several
        known[name] = (known[name],) if "tuple" in str(kind.__annotations__[name]) else known[name]
    return make(kind, version=1, **{**known, "id": MAYA if kind.kind == "person" else "r", **fields})


def plan_with_a_scale() -> GoalPlan:
    scale = Scale(levels=("1", "2", "3", "4", "5"))
    return make(GoalPlan, person=MAYA, goals=(Goal(id="g", words="w", scale=scale),))


def call(kind: type[Any], act: str, record: Any, **details: Any) -> Any:
    """The act, made on a record (or as a creation)."""
    if record is None:
        people: dict[str, Any] = {"person": MAYA, "plan": plan_with_a_scale()}
        people |= dict.fromkeys(("author", "signer", "mentor"), ROBIN)
        arguments = {name: who for name, who in people.items() if name in creation_arguments(kind, act)}
        arguments |= {"goal": "g"} if kind.kind == "progress" else {}
        if kind.kind in creation_arguments(kind, act):
            arguments[kind.kind] = cast(kind)  # goes on from another one of Maya's
        if kind.kind == "read":
            arguments["person"] = (MAYA,)
        return make(kind, through=act, **arguments, **details)
    return getattr(record, act)(**ARGUMENTS.get(f"{kind.kind}.{act}", {}), **details)


def creation_arguments(kind: type[Any], act: str) -> tuple[str, ...]:
    code = getattr(kind, act).__wrapped__.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def known_states(kind: str, *, part: bool) -> list[str]:
    lines = {act: line for act, line in TRUTH[kind].items() if ("part" in line) is part}
    found = {one for line in lines.values() for one in line["from"]}
    found |= {
        to for line in lines.values() for to in ([line["to"]] if isinstance(line["to"], str) else line["to"])
    }
    return sorted(found - {"new", "same", "*"})


def in_state(kind: type[Any], line: dict[str, Any], state: str) -> Any:
    if line.get("part") == "needs":
        made = cast(kind)
        wanting = attrs.evolve(made, needs=(Need(id="acted", state=state),))
        object.__setattr__(wanting, "trail", made.trail)
        return wanting
    if line.get("part") == "gaps":
        return cast(kind, gaps=(Gap(id="g", of="alert", acts=("open",), state=state),))
    if line.get("part") == "entries":
        return cast(kind, entries=(Entry(id="g", section="alone", words="w", state=state),))
    if "part" in line:
        goal = Goal(id="g", words="w", state=state, steps=(TakenStep(id="s", words="w"),))
        return cast(kind, goals=(goal,))
    if kind is Alert:
        return cast(kind, state=state, offered=KAI)  # whom somebody handed it on to
    return cast(kind, state=state)


def test_the_truth_knows_every_act_of_every_kind() -> None:
    assert {kind: sorted(acts) for kind, acts in TRUTH.items()} == {
        kind: sorted(core_kind(kind).table) for kind in PLACES
    }


@pytest.mark.parametrize(("name", "act", "line"), LINES, ids=NAMES)
def test_it_happens_from_its_states_and_from_no_other(name: str, act: str, line: dict[str, Any]) -> None:
    kind = core_kind(name)
    assert kind is not None
    after = [line["to"]] if isinstance(line["to"], str) else line["to"]
    if line["from"] == ["new"] and "part" not in line:
        made = call(kind, act, None)
        assert made.trail.acts[0].creates
        assert made.version == 0
        assert after == ["same"] or made.state in after
        return
    if line["from"] == ["new"]:
        made = call(kind, act, cast(kind))
        assert [one.state for one in getattr(made, line["part"])] == after
        return
    part = "part" in line
    for state in known_states(name, part=part) or [""]:
        before = in_state(kind, line, state) if state else cast(kind)
        if state in line["from"] or "*" in line["from"]:
            made = call(kind, act, before)
            parts = getattr(made, line["part"]) if part else ()
            left = parts[0].state if parts else state if part else getattr(made, "state", "")
            assert left in after or (after == ["same"] and left == state)
            assert [one.name for one in made.trail.acts] == [act]
        else:
            with pytest.raises(Refused) as caught:
                call(kind, act, before)
            assert caught.value.codes == ("lifecycle",)


DECIDERS = {
    "person": [MAYA],
    "supporter": [KAI],
    "author": [ROBIN],
    "signer": [ROBIN],
    "either": [MAYA, KAI],
    "anyone": [MAYA, KAI, ROBIN, "somebody"],
    "kit": [],
    "person or kit": [MAYA],
    "author or kit": [ROBIN],
    "mentor": [ROBIN],
    "person or mentor": [MAYA, ROBIN],
}
STRENGTHS = {
    "nothing": Strength.none,
    "said": Strength.said,
    "witnessed": Strength.witnessed,
    "signed": Strength.signed,
    "own account": Strength.own,
}
WAYS = {
    Strength.said: {"how": "spoken"},
    Strength.witnessed: {"how": "spoken", "witness": "somebody-else"},
    Strength.signed: {"how": "paper", "evidence": "drawer"},
}


IN_PLACE = {
    *("consent.give", "consent.give_once", "consent.refuse", "consent.withdraw", "notice.stop"),
    *("referral.send", "referral.recall"),
}
"""What a substitute may be given to decide (P, people: they may consent to disclosure within their
authority); lifting a no only where a substitute said it."""


@pytest.mark.parametrize(("name", "act", "line"), LINES, ids=NAMES)
def test_it_is_decided_by_whose_it_is_and_no_weaker_than_it_needs(
    name: str, act: str, line: dict[str, Any]
) -> None:
    kind = core_kind(name)
    assert kind is not None

    def fault(actor: Actor, **decision: Any) -> str:
        made = call(kind, act, start(kind, line), **decision)
        found = decision_fault(made.trail.acts[-1], kind.table[act], made.trail.before or made, actor)
        return found[0] if found else ""

    for decider in (MAYA, KAI, ROBIN, "somebody"):
        allowed = decider in DECIDERS[line["who"]]
        assert fault(Actor(decider)) == ("" if allowed else "not-theirs")
        recorder = Actor("recorder")
        assert fault(recorder, by=Decision.of(decider)) == "not-their-account"
        for strength, way in WAYS.items():
            enough = line["who"] == "anyone" or strength >= STRENGTHS[line["needs"]]
            expected = "not-theirs" if not allowed else "" if enough else "too-weak"
            assert fault(recorder, by=Decision.of(decider, **way)) == expected
        in_place = fault(recorder, by=Decision.of("sdm", how="paper", evidence="x", on_behalf_of=decider))
        assert in_place == ("no-authority" if f"{name}.{act}" in IN_PLACE else "persons-own")
        assert fault(Actor.system("bot"), by=Decision.of(decider, how="spoken")) == "system-decides"
    own = fault(Actor.system("bot"))
    assert own == ("" if line["who"] in {"anyone", "kit", "person or kit", "author or kit"} else "not-theirs")


def start(kind: type[Any], line: dict[str, Any]) -> Any:
    if line["from"] == ["new"]:
        return cast(kind) if "part" in line else None
    state = line["from"][0]
    if state == "*":
        return in_state(kind, line, "unmet") if "part" in line else cast(kind)
    return in_state(kind, line, state)


# -- any sequence of acts --------------------------------------------------------------------------


@pytest.mark.parametrize("name", [kind for kind in PLACES if len(TRUTH[kind]) > 1])
def test_any_sequence_of_acts_goes_where_the_truth_says(name: str) -> None:
    """A walk through the acts in any order, legal and illegal, against the truth alone."""
    kind = core_kind(name)
    assert kind is not None
    lines = {act: line for act, line in TRUTH[name].items() if line["from"] != ["new"] and "part" not in line}
    taken: dict[str, int] = dict.fromkeys(lines, 0)

    @settings(max_examples=40)
    @given(st.lists(st.sampled_from(sorted(lines)), max_size=12))
    def walk(acts: list[str]) -> None:
        record: Record = cast(kind)
        for act in acts:
            line, state = lines[act], getattr(record, "state", "")
            legal = "*" in line["from"] or state in line["from"]
            legal = legal and (act != "take_over" or bool(getattr(record, "offered", "")))
            try:
                record = call(kind, act, record)
            except Refused:
                assert not legal
                continue
            assert legal
            taken[act] += 1
            after = [line["to"]] if isinstance(line["to"], str) else line["to"]
            assert after == ["same"] or getattr(record, "state", "") in after

    if lines:
        walk()
        reachable = {
            act for act, line in lines.items() if kind.kind != "relationship" or act == "end" or line
        }
        assert sum(taken.values()) > len(reachable)  # the walk was no standing still


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["suggest", "add_goal", "adopt", "set_aside", "achieve"]), st.integers(0, 3)
        ),
        max_size=15,
    )
)
def test_goals_walk_each_for_itself(steps: list[tuple[str, int]]) -> None:
    plan = make(GoalPlan)
    model: list[str] = []
    for act, which in steps:
        if act in {"suggest", "add_goal"}:
            plan = getattr(plan, act)("x")
            model.append(TRUTH["goal_plan"][act]["to"])
        elif model:
            number = which % len(model)
            line = TRUTH["goal_plan"][act]
            if model[number] in line["from"]:
                plan = getattr(plan, act)(plan.goals[number].id)
                model[number] = line["to"]
            else:
                with pytest.raises(Refused):
                    getattr(plan, act)(plan.goals[number].id)
        assert [goal.state for goal in plan.goals] == model
