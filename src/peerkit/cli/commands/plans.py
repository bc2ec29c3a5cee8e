# SPDX-License-Identifier: Apache-2.0
"""`peerkit plans`: goals in the person's own words. A supporter suggests; the person decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, out, people
from peerkit.cli.app import App
from peerkit.cli.options import shortages
from peerkit.cli.picking import part_of, pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label, texts
from peerkit.errors import Malformed
from peerkit.model.plan import Goal, GoalPlan, Progress
from peerkit.texts import _, listed, many, verbatim

if TYPE_CHECKING:
    from peerkit.hooks import Suggestion
    from peerkit.kit import Session


@click.group(cls=Group)
def plans() -> None:
    """Goal plans: PERSON is a name, an id, or a plan's id; GOAL its number, as `show` lists them, or its id.

    A goal is the person's. What you record for them says with --decided-by and --how that it is theirs.
    """


plans.path = "plans"


@plans.command()
@click.argument("person", required=False)
@doing.listing
@click.pass_obj
def show(app: App, *, person: str | None) -> None:
    """Show the plan of PERSON; your own, if you name nobody."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            plan = pick(s, GoalPlan, person or f"person/{actor.person}")
        if app.as_json:
            out.emit(plan)
            return
        out.line(verbatim(f"goal_plan/{plan.id}"), style="dim")
        out.pairs(
            [
                (_("strengths"), verbatim(", ".join(plan.strengths))),
                (_("hopes"), verbatim(plan.hopes)),
            ]
        )
        for number, goal in enumerate(plan.goals, start=1):
            _shown(number, goal)
        if not plan.goals:
            out.line(_("No goals yet."))


def _shown(number: int, goal: Goal) -> None:
    out.hanging(verbatim(f"{number:>3}  "), verbatim(goal.words), label_style="bold")
    state = label("goal_plan", "goals.state", goal.state)
    out.pairs([(_("so far"), state), (_("why"), verbatim(goal.why))], indent=5)
    for step in goal.steps:
        out.line(verbatim(f"{'☒' if step.done else '☐'} {step.words}"), indent=5)


@plans.command()
@click.argument("person")
@doing.deciding
@click.pass_obj
def begin(app: App, *, person: str, decided: doing.Decided) -> None:
    """Begin a plan with PERSON."""

    def create(s: Session, by: Any) -> GoalPlan:
        return GoalPlan.begin(person=people.person(s, person), by=by)

    doing.make(app, decided, create, "begin")


@plans.command()
@click.argument("person")
@doing.deciding
@click.pass_obj
def add(app: App, *, person: str, decided: doing.Decided) -> None:
    """Add a goal of PERSON's own, in their words, from standard input."""
    words = doing.words(_("The goal, in their words"))
    doing.do(app, GoalPlan, person, "add_goal", decided, arguments=lambda _s, _r: {"words": words})


@plans.command()
@click.argument("person")
@doing.deciding
@click.pass_obj
def suggest(app: App, *, person: str, decided: doing.Decided) -> None:
    """Suggest a goal to PERSON, from standard input. It is nobody's until they adopt it."""
    words = doing.words(_("What you suggest"))

    def arguments(s: Session, _record: GoalPlan) -> dict[str, Any]:
        return {"words": words, "author": s.actor.person}

    doing.do(app, GoalPlan, person, "suggest", decided, arguments=arguments)


@plans.command()
@click.argument("person", required=False)
@click.option("--area", default="", help="The area of life whose goals come first, such as sleep.")
@click.option(
    "--barrier",
    "barriers",
    multiple=True,
    metavar="CODE",
    help="What is short: income, housing, food, transport, access, or a need's own code, such as kitchen. It "
    "may stand several times, and is not kept.",
)
@doing.listing
@click.pass_obj
def ideas(app: App, *, person: str | None, area: str, barriers: tuple[str, ...]) -> None:
    """Show goals that many people have had, for PERSON or yourself to look at.

    Those that stand in the plan are left out. With --barrier each comes in a version that does without what
    is short. A goal is nobody's until they adopt it, in words of their own: `peerkit plans suggest`.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            own = s.find(GoalPlan, person=actor.person) if person is None else ()
            plan = pick(s, GoalPlan, person) if person is not None else next(iter(own), None)
            short = shortages(barriers)
            found = s.suggest("goal", about=plan, text=area, locale=texts().locale, barriers=short)
        if app.as_json:
            out.emit({"goals": list(found), "unfit": found.unfit, "left_out": found.left_out})
            return
        for one in found:
            _idea(one)
        if not found:
            out.line(_("No plugin here brings goals that fit."))
        if found.unfit:
            out.line(
                many(
                    "{n} more needs what is short, and has no version without it.",
                    "{n} more need what is short, and have no version without it.",
                    found.unfit,
                ),
                style="dim",
            )
        for name in found.left_out:
            out.line(_("The plugin {plugin} failed to answer.", plugin=name), style="bold")


def _idea(one: Suggestion) -> None:
    out.line(verbatim(one.what), style="bold")
    needs = listed([label("", "need", need) for need in one.needs])
    out.pairs(
        [
            (_("cost"), verbatim(one.cost)),
            (_("needs"), needs if one.needs else None),
            (_("why"), verbatim(one.reason)),
            (_("source"), verbatim(one.source)),
        ],
        indent=2,
    )


@plans.command()
@click.argument("person")
@click.argument("goal")
@click.option("--words", "reworded", is_flag=True, help="In their words, from standard input.")
@doing.deciding
@click.pass_obj
def adopt(app: App, *, person: str, goal: str, reworded: bool, decided: doing.Decided) -> None:
    """PERSON makes GOAL, which was suggested or set aside, their own.

    One that came from a template (`ideas`) is nobody's until they say it in their own words: --words.
    """
    said = {"words": doing.words(_("The goal, in their words"))} if reworded else {}

    def arguments(_s: Session, plan: GoalPlan) -> dict[str, Any]:
        return {"goal": goal_of(plan, goal), **said}

    doing.do(app, GoalPlan, person, "adopt", decided, arguments=arguments)


def _step(name: str, act: str, told: str) -> None:
    @plans.command(name, help=told)
    @click.argument("person")
    @click.argument("goal")
    @doing.deciding
    @click.pass_obj
    def step(app: App, *, person: str, goal: str, decided: doing.Decided) -> None:
        doing.do(
            app,
            GoalPlan,
            person,
            act,
            decided,
            arguments=lambda _s, plan: {"goal": goal_of(plan, goal)},
        )


_step("aside", "set_aside", _("PERSON lets GOAL be, without blame."))
_step("achieve", "achieve", _("PERSON says of GOAL: done."))


@plans.command()
@click.argument("person")
@click.argument("goal")
@doing.deciding
@click.pass_obj
def note(app: App, *, person: str, goal: str, decided: doing.Decided) -> None:
    """Note how it goes with GOAL, in your own words, from standard input."""
    words = doing.words(_("How it goes"))

    def create(s: Session, by: Any) -> Progress:
        plan = pick(s, GoalPlan, person)
        return Progress.note(plan=plan, goal=goal_of(plan, goal), words=words, author=s.actor.person, by=by)

    doing.make(app, decided, create, "note")


def goal_of(plan: GoalPlan, given: str) -> str:
    """The id of a goal, by its number in the plan or its id; Malformed if there is none."""
    if found := part_of(plan.goals, given):
        return found
    raise Malformed(_("the plan has {n} goals: name one by its number", n=len(plan.goals)), where="GOAL")
