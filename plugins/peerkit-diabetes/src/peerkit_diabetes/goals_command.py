# SPDX-License-Identifier: Apache-2.0
"""`peerkit diabetes goals`: goals that fit, and putting them forward into a person's plan."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

import attrs
import click

from peerkit import Decision, GoalPlan, Malformed, Session, commands
from peerkit.texts import Message, joined, listed, verbatim
from peerkit_diabetes.forward import kept_barriers, suggested
from peerkit_diabetes.templates import id_of
from peerkit_diabetes.words import _, many

if TYPE_CHECKING:
    from peerkit.hooks import Suggestion


@click.command()
@click.argument("person", required=False)
@click.option(
    "--area",
    default="",
    help="Only those of one area, with what each costs, takes and follows: food, movement, sleep, …",
)
@click.option(
    "--barrier",
    "barriers",
    multiple=True,
    metavar="CODE",
    help="What is short: income, housing, food, transport, access, or a need such as kitchen. Can be "
    "repeated, and is not kept. Left out, it is what PERSON's notebook says, if you may read that.",
)
@click.option(
    "--suggest", "ids", multiple=True, metavar="ID", help="Put this one into PERSON's plan. Can be repeated."
)
@commands.deciding
@click.pass_obj
def goals(
    app: commands.App,
    *,
    person: str | None,
    area: str,
    barriers: tuple[str, ...],
    ids: tuple[str, ...],
    decided: commands.Decided,
) -> None:
    """Show goals that many people have had, each in a version that does without what is short.

    With --suggest it stands in PERSON's plan as your suggestion. It is nobody's goal until they say it in
    words of their own: `peerkit plans adopt PERSON GOAL --words`.
    """
    if ids:

        def create(s: Session, by: Decision | None) -> GoalPlan:
            plan, short = commands.pick(s, GoalPlan, person or ""), commands.shortages(barriers)
            return suggested(s, plan, ids, barriers=short, locale=commands.texts().locale, by=by)

        commands.make(app, decided, create, "suggest")
        return
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            plan = _plan(s, person)
            whose = actor.person if plan is None else plan.person
            short = commands.shortages(barriers) or kept_barriers(s, whose)
            found = s.suggest("goal", about=plan, text=area, locale=commands.texts().locale, barriers=short)
    every = [(id_of(one.source), one) for one in found if id_of(one.source)]
    held = [(name, one) for name, one in every if one.weight] if area else every  # those that were meant
    if every and not held:
        areas = ", ".join(dict.fromkeys(one.area for _name, one in every))
        raise Malformed(_("there are goals of these areas: {areas}", areas=areas), where="--area")
    if app.as_json:
        commands.emit([{"id": name, **attrs.asdict(one)} for name, one in held])
        return
    if area:
        for name, one in held:
            _shown(name, one)
    else:
        _listed(held)
    if not held:
        commands.line(_("There is no goal here that is not in the plan already."))
        return
    click.echo()
    commands.line(many("{n} goal.", "{n} goals.", len(held)), style="dim")
    if short:
        codes = listed([commands.label("", "barrier", code) for code in short])
        commands.line(_("Each in its version for this: {codes}.", codes=codes), style="dim")
    if not area:
        told = _("What each costs, takes and follows: `--area {area}`.", area=shlex.quote(held[0][1].area))
        commands.line(told, style="dim")


def _plan(s: Session, person: str | None) -> GoalPlan | None:
    """The plan of whoever is named; one's own, if there is one."""
    if person is None:
        return next(iter(s.find(GoalPlan, person=s.actor.person).readable), None) if s.actor.person else None
    return commands.pick(s, GoalPlan, person)


def _listed(held: Iterable[tuple[str, Suggestion]]) -> None:
    """One line a goal, under its area."""
    for area, goals in groupby(held, key=lambda one: one[1].area):
        commands.title(verbatim(area))
        for name, one in goals:
            commands.line(joined([verbatim(one.what), verbatim(f"[{name}]")], "  "), indent=2)


def _shown(name: str, one: Suggestion) -> None:
    commands.line(joined([verbatim(one.what), verbatim(f"[{name}]")], "  "), style="bold")
    needs: Message | None = (
        listed([commands.label("", "need", need) for need in one.needs]) if one.needs else None
    )
    rows = [
        (_("cost"), verbatim(one.cost) if one.cost else _("nothing")),  # each says what it costs, or is free
        (_("takes"), needs),
        (_("why"), verbatim(one.reason)),
        (_("source"), verbatim(one.source)),
    ]
    commands.pairs(rows, indent=2)
