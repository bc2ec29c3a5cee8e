# SPDX-License-Identifier: Apache-2.0
"""Goals: own words apart from anybody else's, adopting for another, templates, hostile texts, any walk."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import peerkit
from peerkit import Decision, GoalPlan, Malformed, Person, PluginError, Progress, Refused, hookimpl
from peerkit.codec import Codec
from peerkit.hooks import GoalTemplate
from peerkit.testing import make, strategies

LEVELS = ("not at all", "once a month", "every second week", "every week", "twice a week")


@pytest.fixture
def pair(world: Any) -> tuple[Any, Any, Any]:
    """Maya, Kai who walks beside her, and a plan of hers."""
    kai = world.supporter("kai")
    world.match(world.maya, kai)
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    return world.maya, kai, plan


# -- whose words -----------------------------------------------------------------------------------


def test_a_suggestion_stays_its_authors_when_the_person_says_it_otherwise(world: Any, pair: Any) -> None:
    maya, kai, plan = pair
    plan = world.save(plan.suggest("Visit the market", author=kai), actor=kai)
    goal = plan.goals[0].id
    plan = world.save(world.get(plan).adopt(goal, words="Buy plums where my mother did"), actor=maya)
    plan = world.save(world.get(plan).change_goal(goal, words="Plums, every Saturday"), actor=maya)
    held = world.get(plan).goals[0]
    assert (held.words, held.suggested, held.suggested_by) == (
        "Plums, every Saturday",
        "Visit the market",
        kai.id,
    )


@pytest.mark.parametrize("author", ["maya", "lee", ""])
def test_nobody_suggests_in_anothers_name(world: Any, pair: Any, author: str) -> None:
    _, kai, plan = pair
    whose = getattr(world, author) if author else None
    with pytest.raises(Refused) as caught:
        world.save(plan.suggest("Visit the market", author=whose), actor=kai)
    assert caught.value.codes == ("whose-suggestion",)
    assert world.get(plan).goals == ()


def test_several_suggestions_of_one_commit_are_each_judged(world: Any, pair: Any) -> None:
    maya, kai, plan = pair
    with pytest.raises(Refused) as caught:
        world.save(plan.suggest("One", author=kai).suggest("Two", author=maya), actor=kai)
    assert caught.value.codes == ("whose-suggestion",)


def test_a_persons_own_idea_needs_no_author(world: Any, pair: Any) -> None:
    maya, _, plan = pair
    assert world.save(plan.suggest("Perhaps the choir"), actor=maya).goals[0].suggested_by == ""


def test_nobody_adopts_changes_or_achieves_for_another(world: Any, pair: Any) -> None:
    maya, kai, plan = pair
    plan = world.save(plan.add_goal("Sleep").suggest("Market"), actor=maya)
    mine, idea = (goal.id for goal in plan.goals)
    for act in (
        lambda p, **by: p.adopt(idea, **by),
        lambda p, **by: p.change_goal(mine, words="Sleep more", **by),
        lambda p, **by: p.add_step(mine, "No screens", **by),
        lambda p, **by: p.write_scale(mine, LEVELS, **by),
        lambda p, **by: p.achieve(mine, **by),
    ):
        read = world.get(plan)
        with pytest.raises(Refused) as caught:
            world.save(act(read), actor=kai)
        assert caught.value.codes == ("not-theirs",)
        with pytest.raises(Refused) as caught:  # nor as if she had said so in her own account
            world.save(act(read, by=Decision.of(maya)), actor=kai)
        assert caught.value.codes == ("not-their-account",)
        plan = world.save(act(read, by=Decision.of(maya, how="spoken")), actor=kai)


def test_set_aside_and_taken_up_again(world: Any, pair: Any) -> None:
    maya, _, plan = pair
    plan = plan.add_goal("Choir", supports=("Rosa sings too",), barriers=("the stairs",), area="people")
    goal = plan.goals[0].id
    plan = plan.set_aside(goal).adopt(goal).achieve(goal).adopt(goal)
    held = world.save(plan, actor=maya).goals[0]
    assert (held.state, held.words, held.supports) == ("adopted", "Choir", ("Rosa sings too",))
    assert plan.change_goal(goal, barriers=()).goals[0].barriers == ()


# -- templates -------------------------------------------------------------------------------------


class Riverside:
    """A plugin that brings goals as data."""

    name = "riverside"

    def __init__(self, *templates: GoalTemplate) -> None:
        self.templates = templates

    @hookimpl
    def peerkit_supply(self) -> Any:
        yield from self.templates


WALK = GoalTemplate("walk", "Walk after supper", "easy to keep up", "Riverside group", "Health and rest")
COOK = GoalTemplate("cook", "Cook for a friend", "eating together helps", "Riverside group", "food")
MARCHER = GoalTemplate("walk", "Marcher après le souper", "on s'y tient", "Groupe Riverside", "", "fr")


def test_a_template_is_suggested_with_reason_and_source() -> None:
    with peerkit.open("memory:", discover=False, plugins=[Riverside(COOK, WALK, MARCHER)]) as kit:
        with kit.session() as s:
            maya = s.save(Person.enrol(name="Maya Example (fictional)"))
        with kit.session(actor=maya) as s:
            found = s.suggest("goal", text="health and REST", locale="en-CA")
            assert [(one.what, one.reason, one.source) for one in found] == [
                ("Walk after supper", "easy to keep up", "Riverside group"),
                ("Cook for a friend", "eating together helps", "Riverside group"),
            ]
            assert [one.what for one in s.suggest("goal", locale="fr")] == ["Marcher après le souper"]
            plan = GoalPlan.begin(person=maya).suggest(found[0].what, source=found[0].source)
            assert [one.what for one in s.suggest("goal", about=plan)] == ["Cook for a friend"]
            assert list(s.suggest("match")) == []


def test_a_template_is_nobodys_until_it_is_said_in_own_words() -> None:
    plan = make(GoalPlan).suggest("Walk after supper", source="Riverside group")
    goal = plan.goals[0].id
    with pytest.raises(Malformed, match="words="):
        plan.adopt(goal)
    held = plan.adopt(goal, words="Once round the block with Rosa").goals[0]
    assert (held.state, held.words, held.suggested) == (
        "adopted",
        "Once round the block with Rosa",
        "Walk after supper",
    )
    assert plan.adopt(goal, words="Round the block").set_aside(goal).adopt(goal).goals[0].state == "adopted"


@pytest.mark.parametrize("empty", ["words", "reason", "source", "name"])
def test_a_template_without_its_texts_is_no_supply(empty: str) -> None:
    whole = {"name": "walk", "words": "Walk", "reason": "easy", "source": "a group"} | {empty: " "}
    if empty == "name":
        whole["name"] = ""
        whole["locale"] = ""
    with pytest.raises(PluginError, match="riverside"):
        peerkit.open("memory:", discover=False, plugins=[Riverside(GoalTemplate(**whole))], strict=True)


# -- what people write -----------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["🌻" * 100_000, "👩🏽‍🤝‍👩🏻 " * 20_000, "\x00", "e\u0301", "שלום"])
def test_whatever_a_goal_is_it_comes_back_as_it_was(world: Any, words: str) -> None:
    plan = GoalPlan.begin(person=world.maya).add_goal(words, why=words, area=words, supports=(words,))
    plan = plan.write_scale(plan.goals[0].id, (words,) * 5, weight=Decimal("0.10"))
    held = world.get(world.save(plan, actor=world.maya))
    assert held == plan
    assert str(held.goals[0].scale.weight) == "0.10"


WRONG: dict[str, Any] = {
    "half a pair": lambda plan: plan.add_goal("half \ud800 a pair"),
    "half a pair in a list": lambda plan: plan.add_goal("Library", supports=("\udfff",)),
    "blank": lambda plan: plan.add_goal(" \n"),
    "no text": lambda plan: plan.add_goal(7),
    "beyond the ruler": lambda plan: plan.add_goal("Library", importance=11),
    "NaN": lambda plan: plan.add_goal("Library", confidence=float("nan")),
    "a truth value": lambda plan: plan.add_goal("Library", importance=True),
    "a text for several": lambda plan: plan.add_goal("Library", barriers="stairs"),
    "adopting nothing": lambda plan: plan.adopt("nobody's goal", words=""),
    "scaling nothing": lambda plan: plan.write_scale("no goal", LEVELS),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_what_is_no_goal_leaves_nothing_behind(world: Any, wrong: Any) -> None:
    plan = world.save(GoalPlan.begin(person=world.maya), actor=world.maya)
    with pytest.raises((Malformed, Refused)) as caught:
        world.save(wrong(plan), actor=world.maya)
    assert "\ud800" not in str(caught.value)
    assert world.get(plan).version == 1


def test_an_act_that_there_is_not() -> None:
    with pytest.raises(AttributeError):
        make(GoalPlan).delete_goal("g")  # type: ignore[attr-defined]
    with pytest.raises(Malformed):
        make(GoalPlan).adopt()  # type: ignore[call-arg]


@settings(max_examples=40)
@given(strategies.records(GoalPlan, longest=100))
def test_a_plan_comes_back_from_its_document(plan: GoalPlan) -> None:
    codec = Codec(lambda _: GoalPlan)
    stored = peerkit.ports.Stored(make(GoalPlan, id=plan.id, version=1).trail.envelope, codec.encode(plan))  # type: ignore[union-attr]
    back = codec.decode(stored)
    assert back == plan
    assert codec.encode(back) == codec.encode(plan)


# -- any walk --------------------------------------------------------------------------------------


class Walk(RuleBasedStateMachine):
    """Two people and a plan, in any order of acts: what Maya said is as she said it, what Kai suggested as he
    did, and no goal is adopted but by her."""

    @initialize()
    def begin(self) -> None:
        self.kit = peerkit.open("memory:", discover=False)
        with self.kit.session() as s:
            self.maya = s.save(Person.enrol(name="Maya Example (fictional)"))
            self.kai = s.save(Person.enrol(name="Kai Example (fictional)"))
            said = Decision.of(self.kai, how="spoken")
            s.save(peerkit.PeerSupporter.welcome(self.kai, by=said))
            asked = peerkit.Relationship.enquire(person=self.maya, by=Decision.of(self.maya, how="spoken"))
            asked = s.save(s.save(asked).propose(self.kai))
        with self.kit.session(actor=self.maya) as s:
            asked = s.save(asked.agree())
            self.plan = s.save(GoalPlan.begin(person=self.maya)).id
        with self.kit.session(actor=self.kai) as s:
            s.save(asked.take_on())
        self.said: list[str] = []
        self.suggested: list[str] = []
        self.states: list[str] = []

    def teardown(self) -> None:
        if hasattr(self, "kit"):
            self.kit.close()

    def save(self, who: Person, act: Any) -> bool:
        try:
            with self.kit.session(actor=who) as s:
                s.save(act(s.get(GoalPlan, self.plan)))
        except Refused:
            return False
        return True

    @rule(words=st.text(min_size=1).filter(str.strip))
    def add(self, words: str) -> None:
        assert self.save(self.maya, lambda p: p.add_goal(words))
        self.said.append(words)
        self.suggested.append("")
        self.states.append("adopted")

    @rule(words=st.text(min_size=1).filter(str.strip))
    def suggest(self, words: str) -> None:
        assert self.save(self.kai, lambda p: p.suggest(words, author=self.kai))
        self.said.append(words)
        self.suggested.append(words)
        self.states.append("suggested")

    @precondition(lambda self: self.said)
    @rule(
        which=st.integers(0, 99),
        who=st.sampled_from(["maya", "kai"]),
        act=st.sampled_from(["adopt", "set_aside", "achieve", "change_goal"]),
        words=st.text(min_size=1).filter(str.strip),
    )
    def move(self, which: int, who: str, act: str, words: str) -> None:
        number = which % len(self.said)
        legal = (
            self.states[number]
            in {
                "adopt": {"suggested", "aside", "achieved"},
                "set_aside": {"suggested", "adopted"},
                "achieve": {"adopted"},
                "change_goal": {"adopted"},
            }[act]
        )
        details = {"words": words} if act in {"adopt", "change_goal"} else {}
        done = self.save(getattr(self, who), lambda p: getattr(p, act)(p.goals[number].id, **details))
        assert done is (legal and who == "maya")
        if done:
            after = {"adopt": "adopted", "set_aside": "aside", "achieve": "achieved"}
            self.states[number] = after.get(act, self.states[number])
            self.said[number] = details.get("words", self.said[number])

    @precondition(lambda self: self.said)
    @rule(which=st.integers(0, 99), who=st.sampled_from(["maya", "kai"]))
    def note(self, which: int, who: str) -> None:
        author = getattr(self, who)
        with self.kit.session(actor=author) as s:
            plan = s.get(GoalPlan, self.plan)
            goal = plan.goals[which % len(plan.goals)].id
            s.save(Progress.note(plan=plan, goal=goal, words="so-so", author=author))

    @invariant()
    def as_they_said(self) -> None:
        if not hasattr(self, "plan"):
            return
        with self.kit.session(actor=self.kai) as s:
            plan = s.get(GoalPlan, self.plan)
        assert [goal.words for goal in plan.goals] == self.said
        assert [goal.suggested for goal in plan.goals] == self.suggested
        assert [goal.state for goal in plan.goals] == self.states
        assert {goal.suggested_by for goal in plan.goals if goal.suggested} <= {self.kai.id}


TestWalk = Walk.TestCase
TestWalk.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
