# SPDX-License-Identifier: Apache-2.0
"""`peerkit safety-plan`: what somebody wrote down for the hours that are hard. It is theirs."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, options, out, people
from peerkit.cli.app import App
from peerkit.cli.picking import part_of, pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import say
from peerkit.errors import Malformed, NotFound, PeerkitError
from peerkit.model.safety_plan import SECTIONS, Entry, SafetyPlan
from peerkit.safety import own_plan
from peerkit.safety.next_steps import in_force, line_said, number_said
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

REACH = " | "
"""Parts the words of an entry from how to reach whom they name."""


@click.group("safety-plan", cls=Group)
def safety_plan() -> None:
    """Safety plans: PERSON is a name, an id, or a plan's id; ENTRY its number, as `show` lists them, or its
    id; PART is signs, alone, company, help, services, safer or worth.

    A plan is the person's, and read by nobody else unless they share it. What you record for them says with
    --decided-by and --how that it is theirs; that somebody may read it takes more than their spoken word:
    --how device, --how paper, or a --witness.
    """


safety_plan.path = "safety-plan"


@safety_plan.command()
@click.argument("person", required=False)
@doing.listing
@click.pass_obj
def show(app: App, *, person: str | None) -> None:
    """Show the safety plan of PERSON; your own, if you name nobody."""
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            plan = pick(s, SafetyPlan, person or "")
            if app.as_json:
                out.emit(plan)
                return
            called = _called(s, plan)
        out.line(verbatim(f"safety_plan/{plan.id}"), style="dim")
        numbers = {one.id: n for n, one in enumerate(numbered(plan), start=1)}
        for title, entries in own_plan.parts(plan):
            out.title(title)
            for one in entries:
                _entry(numbers[one.id], one)
        if plan.suggestions:
            out.title(_("What others suggest; it is nobody's plan until the person says so"))
        for one in plan.suggestions:
            _entry(numbers[one.id], one, under=own_plan.TITLES[one.section])
        click.echo()
        out.pairs(list(_around(plan, called)))
        _mentioned(kit, plan, mine=plan.person == actor.person)


def _called(s: Session, plan: SafetyPlan) -> dict[str, Message]:
    """The names of whom the plan names. Whose plan it is chose them, and so may know who they are."""
    ids = {*plan.shared_with, plan.asks} - {""}
    called = people.names(s, ids)
    if plan.person == s.actor.person:
        called |= people.unread(s, ids)
    return called


def _entry(number: int, one: Entry, *, under: Message = out.NOTHING) -> None:
    out.hanging(verbatim(f"{number:>3}  "), own_plan.line(one), label_style="bold")
    if under:
        out.line(under, indent=5, style="dim")


def _around(plan: SafetyPlan, called: Mapping[str, Message]) -> Iterator[tuple[Message, Message]]:
    """Who reads it, where it opens, when it is looked at again."""
    yield _("read by"), joined([called[one] for one in plan.shared_with], ", ")
    if plan.for_callers:
        yield _("read by"), _("whoever takes an alert about the person")
    if plan.opens_first:
        yield _("opens"), _("first in the next steps, in front of who may read it")
    if plan.review_on is not None:
        yield _("looked at again"), verbatim(plan.review_on.isoformat())
        yield _("reminded"), called.get(plan.asks, _("the person"))
    if plan.state == "aside":
        yield _("state"), _("set aside")


def _mentioned(kit: Kit, plan: SafetyPlan, *, mine: bool) -> None:
    """What is not there, for whoever wants to know; and the lines that could stand in it."""
    lines = in_force(kit.program)[0]
    for code in plan.mentions(lines):
        kind, _sign, section = code.partition(":")
        told = {
            "empty": _(
                "Nothing stands there yet: {part} ({code})",
                part=own_plan.TITLES.get(section, ""),
                code=section,
            ),
            "no-line": _("No line to call stands in it."),
            "no-review": _("No day is chosen to look at it again."),
        }[kind]
        out.line(told, style="dim")
    for line in plan.lacks(lines):
        said = line_said(line)
        command = f"peerkit safety-plan add {plan.id} services --line {shlex.quote(line.number)}"
        told = (
            joined([_("To add, if you want it: {line}", line=said), verbatim(command)], "\n  ")
            if mine
            else _("To add, if they want it: {line} (--line {number})", line=said, number=line.number)
        )
        out.line(told, style="dim")


@safety_plan.command()
@click.argument("person")
@click.option("--read-by", "readers", multiple=True, metavar="NAME", help="Who may read it. Can be repeated.")
@doing.deciding
@click.pass_obj
def write(app: App, *, person: str, readers: tuple[str, ...], decided: doing.Decided) -> None:
    """Write a plan with PERSON, in their words: begin it, with what they say for each part.

    At the keyboard each part is asked for, and Enter goes on to the next. From standard input each begins on
    a line of its own with its name, `alone: …`; each line is an entry. How to reach somebody stands behind
    the words: `Ana | 555-0100`. Any part may be left out.

    You read on what you wrote down for them only if they name you with --read-by.
    """
    given: dict[str, list[str]] = {}

    def create(s: Session, by: Any) -> SafetyPlan:
        whose = people.person(s, person)
        if s.find(SafetyPlan, person=whose.id, state="kept"):
            raise Malformed(_("they have a plan: add to it, or set it aside first"), where="safety_plan")
        plan = SafetyPlan.begin(person=whose, by=by)
        for section, lines in given.items():
            for one in lines:
                plan = plan.add(section, **_parted(one), by=by)
        for reader in readers:
            plan = plan.share(people.chosen(s, reader, whose.id), by=by)
        return plan

    doing.tried(app, decided, create)
    try:
        _ask(given)
        doing.make(app, decided, create, "begin")
    except (PeerkitError, click.Abort):
        _not_lost(given)
        raise


def _ask(found: dict[str, list[str]]) -> None:
    """The entries of each part that something is said for."""
    if not sys.stdin.isatty():
        for section, text in doing.several(own_plan.TITLES).items():
            found[section] = [one for one in text.splitlines() if one.strip()]
        return
    out.line(
        _(
            "In their words. Enter alone goes on to the next part. How to reach somebody stands after ` | `: "
            "`Ana | 555-0100`"
        ),
        style="dim",
    )
    for section in SECTIONS:
        while one := doing.prompted(own_plan.TITLES[section]).strip():
            found.setdefault(section, []).append(one)


def _not_lost(given: Mapping[str, list[str]]) -> None:
    """What was typed for nothing, as standard input takes it: nobody is to say such things twice. On the
    terminal alone, where it stands anyway."""
    if not given or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return
    click.echo()
    out.line(
        _(
            "What you typed is NOT stored. To enter it again, copy it to a file, as it stands here, and give "
            "that as standard input (< FILE):"
        ),
        style="bold",
    )
    for section, lines in given.items():
        click.echo(out.clean("\n".join([f"{section}: {lines[0]}", *lines[1:]])))
    click.echo()


def _parted(text: str) -> dict[str, str]:
    words, sign, reach = text.rpartition(REACH)
    return {"words": words.strip(), "reach": reach.strip()} if sign and words.strip() else {"words": text}


@safety_plan.command()
@click.argument("person")
@click.argument("part", type=click.Choice(SECTIONS))
@click.option("--line", metavar="NUMBER", help="A line of the program or its region, by its number.")
@doing.deciding
@click.pass_obj
def add(app: App, *, person: str, part: str, line: str | None, decided: doing.Decided) -> None:
    """Add something at the end of a PART of PERSON's plan, in their words, from standard input.

    How to reach whom it names stands behind the words: `Ana | 555-0100`.
    """
    given = {} if line is not None else _parted(doing.words(_("In their words")))

    def arguments(s: Session, _plan: SafetyPlan) -> dict[str, Any]:
        return {"section": part, **(given or _named(s.kit, str(line)))}

    doing.do(app, SafetyPlan, person, "add", decided, arguments=arguments, states=("kept",))


def _named(kit: Kit, number: str) -> dict[str, str]:
    """A line of the program, said in the language of the call; one that takes texts says so."""
    for one in in_force(kit.program)[0]:
        if one.number == number:
            return {"words": say(one.name), "reach": say(number_said(one))}
    raise NotFound(_("neither the program nor its region has a line of that number"))


@safety_plan.command()
@click.argument("person")
@click.argument("part", type=click.Choice(SECTIONS))
@doing.deciding
@click.pass_obj
def suggest(app: App, *, person: str, part: str, decided: doing.Decided) -> None:
    """Suggest something for a PART of PERSON's plan, from standard input. They adopt it, or do not."""
    given = _parted(doing.words(_("What you suggest")))

    def arguments(s: Session, _plan: SafetyPlan) -> dict[str, Any]:
        return {"section": part, **given, "author": s.actor.person}

    doing.do(app, SafetyPlan, person, "suggest", decided, arguments=arguments, states=("kept",))


@safety_plan.command()
@click.argument("person")
@click.argument("entry")
@doing.deciding
@click.pass_obj
def change(app: App, *, person: str, entry: str, decided: doing.Decided) -> None:
    """Put ENTRY of PERSON's plan in other words of theirs, from standard input."""
    given = _parted(doing.words(_("In their words")))

    def arguments(_s: Session, plan: SafetyPlan) -> dict[str, Any]:
        return {"entry": entry_of(plan, entry), **given}

    doing.do(app, SafetyPlan, person, "change", decided, arguments=arguments, states=("kept",))


@safety_plan.command()
@click.argument("person")
@click.argument("entry")
@click.argument("place", type=click.IntRange(min=1))
@doing.deciding
@click.pass_obj
def move(app: App, *, person: str, entry: str, place: int, decided: doing.Decided) -> None:
    """Put ENTRY in another PLACE of its part: 1 is what PERSON tries first."""

    def arguments(_s: Session, plan: SafetyPlan) -> dict[str, Any]:
        return {"entry": entry_of(plan, entry), "to": place}

    doing.do(app, SafetyPlan, person, "move", decided, arguments=arguments, states=("kept",))


def _of_an_entry(name: str, told: str) -> None:
    @safety_plan.command(name, help=told)
    @click.argument("person")
    @click.argument("entry")
    @doing.deciding
    @click.pass_obj
    def one(app: App, *, person: str, entry: str, decided: doing.Decided) -> None:
        def arguments(_s: Session, plan: SafetyPlan) -> dict[str, Any]:
            return {"entry": entry_of(plan, entry)}

        doing.do(app, SafetyPlan, person, name, decided, arguments=arguments, states=("kept",))


_of_an_entry("adopt", _("PERSON makes ENTRY, which was suggested, a part of their plan."))
_of_an_entry("drop", _("PERSON takes ENTRY out, or does not want what was suggested."))


def _of_a_reader(name: str, told: str) -> None:
    @safety_plan.command(name, help=told)
    @click.argument("person")
    @click.argument("reader")
    @doing.deciding
    @click.pass_obj
    def one(app: App, *, person: str, reader: str, decided: doing.Decided) -> None:
        def arguments(s: Session, plan: SafetyPlan) -> dict[str, Any]:
            return {"reader": people.chosen(s, reader, plan.person)}

        doing.do(app, SafetyPlan, person, name, decided, arguments=arguments)


_of_a_reader("share", _("PERSON lets READER, who is in the program, read their plan."))
_of_a_reader("unshare", _("READER may no longer read PERSON's plan."))


@safety_plan.command()
@click.argument("person")
@click.argument("day")
@click.option("--asks", metavar="NAME", help="Who is reminded; the person themselves, if nobody is named.")
@doing.deciding
@click.pass_obj
def review(app: App, *, person: str, day: str, asks: str | None, decided: doing.Decided) -> None:
    """Choose the DAY, such as 2026-12-18, on which PERSON's plan is looked at again."""

    def arguments(s: Session, plan: SafetyPlan) -> dict[str, Any]:
        whom = {} if asks is None else {"asks": people.chosen(s, asks, plan.person)}
        return {"on": options.day(day, "DAY"), **whom}

    doing.do(app, SafetyPlan, person, "review", decided, arguments=arguments, states=("kept",))


@safety_plan.command()
@click.argument("person")
@click.option("--next", "following", metavar="DAY", help="The next day to look at it, such as 2027-06-18.")
@doing.deciding
@click.pass_obj
def looked(app: App, *, person: str, following: str | None, decided: doing.Decided) -> None:
    """Say that PERSON's plan was looked at again: whoever was reminded has done it."""

    def arguments(_s: Session, _plan: SafetyPlan) -> dict[str, Any]:
        return {} if following is None else {"on": options.day(following, "--next")}

    doing.do(app, SafetyPlan, person, "look_again", decided, arguments=arguments)


for _name, _act, _states, _told in (
    ("stop-review", "stop_review", (), _("Nobody is reminded of PERSON's plan any more.")),
    (
        "open-first",
        "open_first",
        (),
        _("Next steps about PERSON begin with their plan, for its readers."),
    ),
    ("stay-closed", "stay_closed", (), _("Next steps about PERSON do not begin with their plan any more.")),
    (
        "let-callers",
        "let_callers",
        (),
        _("Whoever takes an alert about PERSON may read their plan."),
    ),
    ("shut-callers", "shut_callers", (), _("Whoever takes an alert about PERSON may not read their plan.")),
    ("aside", "set_aside", ("kept",), _("PERSON lets their plan be, without a reason.")),
    ("take-up", "take_up", ("aside",), _("PERSON takes their plan up again, as it was.")),
):
    doing.step(safety_plan, SafetyPlan, "PERSON", _name, _act, _states, _told)


def numbered(plan: SafetyPlan) -> tuple[Entry, ...]:
    """The entries as `show` counts them: the plan in its order, then what is suggested."""
    return (*(one for section in SECTIONS for one in plan.of(section)), *plan.suggestions)


def entry_of(plan: SafetyPlan, given: str) -> str:
    """The id of an entry, by its number or its id; Malformed if there is none."""
    held = numbered(plan)
    if found := part_of(held, given):
        return found
    raise Malformed(_("the plan has {n} entries: name one by its number", n=len(held)), where="ENTRY")
