# SPDX-License-Identifier: Apache-2.0
"""Goals as data: what they cost and need, and the version for somebody who has not got it."""

from __future__ import annotations

import json
from typing import Any, cast

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import peerkit
from peerkit import Malformed, PluginError, hookimpl
from peerkit.cli import main
from peerkit.cli.app import App
from peerkit.hooks import GoalTemplate, Suggestion
from peerkit.texts import Message, for_locale


class Riverside:
    """A plugin that brings goals as data."""

    name = "riverside"

    def __init__(self, *templates: GoalTemplate) -> None:
        self.templates = templates

    @hookimpl
    def peerkit_supply(self) -> Any:
        yield from self.templates


SOUP = GoalTemplate(
    "soup",
    "Cook a pot of soup on Sundays",
    "it lasts for days",
    "Riverside group",
    cost="about 8 $",
    needs=("money", "kitchen", "fridge"),
    instead={
        "kitchen fridge": "Buy two tins of soup on Sundays",
        "money": "Cook what the food bank had on Sundays",
        "money kitchen fridge": "Go to the community meal on Sundays",
    },
)
SWIM = GoalTemplate("swim", "Swim once a week", "water carries", "a group", needs=("pool", "transport"))


@pytest.mark.parametrize(
    ("barriers", "words", "cost", "needs", "unfit"),
    [
        ((), "Cook a pot of soup on Sundays", "about 8 $", ("money", "kitchen", "fridge"), 0),
        (("income",), "Cook what the food bank had on Sundays", "", ("kitchen", "fridge"), 0),
        (("kitchen",), "Buy two tins of soup on Sundays", "about 8 $", ("money",), 0),
        (("housing",), "Buy two tins of soup on Sundays", "about 8 $", ("money",), 0),
        (("income", "fridge"), "Go to the community meal on Sundays", "", (), 0),
        (("transport",), "Cook a pot of soup on Sundays", "about 8 $", ("money", "kitchen", "fridge"), 1),
        (("pool",), "Cook a pot of soup on Sundays", "about 8 $", ("money", "kitchen", "fridge"), 1),
    ],
)
def test_a_goal_comes_in_the_version_that_does_without(
    barriers: tuple[str, ...], words: str, cost: str, needs: tuple[str, ...], unfit: int
) -> None:
    with (
        peerkit.open("memory:", discover=False, plugins=[Riverside(SOUP, SWIM)]) as kit,
        kit.session() as s,
    ):
        found = s.suggest("goal", barriers=barriers)
    assert (found[0].what, found[0].cost, found[0].needs) == (words, cost, needs)
    assert (len(found), found.unfit) == (2 - unfit, unfit)


CODES = ("money", "kitchen", "fridge", "pool")


@given(
    needs=st.lists(st.sampled_from(CODES), unique=True),
    keys=st.lists(st.lists(st.sampled_from(CODES), min_size=1, unique=True), max_size=4),
    lacks=st.frozensets(st.sampled_from(CODES)),
)
def test_nobody_is_ever_given_what_they_lack(
    needs: list[str], keys: list[list[str]], lacks: frozenset[str]
) -> None:
    instead = {" ".join(key): f"without {key}" for key in keys if set(key) <= set(needs)}
    template = GoalTemplate("x", "all", "easy", "a group", cost="5 $", needs=tuple(needs), instead=instead)
    found = template.fitting(lacks)
    fits = not lacks & {*needs} or any(lacks & {*needs} <= {*key.split()} for key in instead)
    assert (found is not None) == fits
    if found is not None:
        assert lacks.isdisjoint(found[2])
        assert found[1] == "" or "money" not in lacks or "money" not in needs


def test_a_plugins_own_suggestion_that_needs_what_is_short_is_left_out() -> None:
    class Asked:
        name = "asked"

        @hookimpl
        def peerkit_suggest(self, question: Any) -> Any:
            yield Suggestion(f"short: {', '.join(question.barriers)}", "as asked")
            yield Suggestion("Bake bread", "it smells well", needs=("kitchen",))

    with peerkit.open("memory:", discover=False, plugins=[Asked()]) as kit, kit.session() as s:
        found = s.suggest("goal", barriers=["housing"])
        assert ([one.what for one in found], found.unfit) == (["short: housing"], 1)
        for wrong in ("housing", ["hosing"]):
            with pytest.raises(Malformed, match="barrier") as refused:
                s.suggest("goal", barriers=wrong)
        assert "income (money is short), housing (" in refused.value.sentence
        assert "kitchen (" in refused.value.sentence
        french = for_locale("fr")(cast("Message", refused.value.sentence))
        assert "revenu (l’argent manque)" in french  # as it may be typed there


@pytest.mark.parametrize("instead", [{"fridge": "x"}, {"": "x"}, {"kitchen": " "}])
def test_a_version_without_what_is_no_need_is_no_supply(instead: dict[str, str]) -> None:
    odd = GoalTemplate("walk", "Walk", "easy", "a group", needs=("kitchen",), instead=instead)
    with pytest.raises(PluginError, match="goal template walk"):
        peerkit.open("memory:", discover=False, plugins=[Riverside(odd)], strict=True)


def test_the_command_shows_what_a_goal_costs_and_needs() -> None:
    nager = attrs.evolve(SWIM, locale="fr", words="Nager chaque semaine")
    soupe = attrs.evolve(SOUP, locale="fr", words="Faire une soupe", instead={"money": "Cuisiner ce qu’on a"})
    with peerkit.open("memory:", discover=False, plugins=[Riverside(SOUP, SWIM, soupe, nager)]) as kit:
        app = App()
        with app.using(kit):

            def run(*args: str) -> Any:
                return CliRunner().invoke(main, ["plans", "ideas", *args], obj=app)

            plain = run().output
            assert "somewhere to cook" in plain
            assert "about 8 $" in plain
            assert "Swim once a week" in plain
            short = run("--barrier", "transport", "--barrier", "income", "--lang", "fr").output
            assert "Cuisiner ce qu’on a" in short
            assert "un endroit où cuisiner" in short
            assert "1 autre a besoin de ce qui manque" in short
            assert run("--barrier", "transport", "--barrier", "Revenu", "--lang", "fr").output == short
            held = json.loads(run("--barrier", "transport", "--json").output)
            assert (held["unfit"], held["goals"][0]["needs"]) == (1, ["money", "kitchen", "fridge"])
            assert run("--barrier", "hosing").exit_code == 2
            wrong = run("--barrier", "logment", "--lang", "fr")
            assert "logement (le logement manque)" in wrong.output
            assert run("--barrier", "housing", "--lang", "fr").exit_code == 0  # a code is one in any language
