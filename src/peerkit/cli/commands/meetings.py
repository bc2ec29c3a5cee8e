# SPDX-License-Identifier: Apache-2.0
"""`peerkit meetings`: planned, held, and what is noted of them together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

from peerkit.cli import doing, gathering, out, people
from peerkit.cli.app import App
from peerkit.cli.picking import pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed
from peerkit.model.meeting import PRESENT, SUPPORT, TOGETHER, Meeting
from peerkit.model.relationship import Relationship
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

F = TypeVar("F", bound=Callable[..., Any])

BEFORE = timedelta(days=14)
"""How far back the list goes without --all."""


@click.group(cls=Group, invoke_without_command=True)
@click.option("--all", "every", is_flag=True, help="All of them, and not only from two weeks ago on.")
@doing.listing
@click.pass_context
def meetings(ctx: click.Context, *, every: bool) -> None:
    """List meetings, the next one last, and which still wait to be noted as held.

    MEETING, in the commands below, is its id, or the name of the person whose only planned one it is.
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.find_object(App) or App()
    with app.kit() as kit:
        now = kit.clock.now()
        with kit.session(app.actor(kit)) as s:
            # What is not shown is not read: reading is logged. A day more, since zones differ by less.
            since = (now - BEFORE - timedelta(days=1)).replace(tzinfo=None).isoformat()
            recent = () if every else (lambda meeting: meeting.local >= since,)
            found = gathering.every(s, Meeting, *recent)
            shown = [one for one in found if every or one.starts >= now - BEFORE]
            called = people.names(s, {one.person for one in shown})
        found = sorted(shown, key=lambda one: one.starts)
        if app.as_json:
            out.emit(found)
            return
        if not found:
            out.line(_("None."))
        for one in found:
            _shown(kit, one, called[one.person], late=one.state == "planned" and one.starts < now)


meetings.path = "meetings"


def _shown(
    kit: Kit, one: Meeting, person: Message, *, late: bool, more: Sequence[tuple[Message, Message]] = ()
) -> None:
    state = _("it has begun: was it held?") if late else label("meeting", "state", one.state)
    when = people.when(kit, one.starts)
    out.line(_("{when}, {person}: {state}", when=when, person=person, state=state), style="bold")
    rows = [(_("id"), verbatim(f"meeting/{one.id}")), (_("place"), verbatim(one.place)), *more]
    out.pairs(rows, indent=2)


@meetings.command()
@click.argument("meeting")
@doing.listing
@click.pass_obj
def show(app: App, *, meeting: str) -> None:
    """Show MEETING with its note and the person's answer. A name means their latest that was held."""
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = _latest(s, meeting)
            called = people.names(s, {found.person})
        if app.as_json:
            out.emit(found)
            return
        support = joined([label("meeting", "support", one) for one in found.support], ", ")
        more = [
            (_("minutes"), verbatim(found.minutes)),
            (_("support"), support),
            (_("was there too"), joined([_present(one) for one in found.present], ", ")),
            (_("note"), verbatim(found.note)),
            (_("answer"), verbatim(found.answer)),
        ]
        _shown(kit, found, called[found.person], late=False, more=more)


def _present(one: str) -> Message:
    part, _sign, words = one.partition(":")
    said = label("meeting", "present", part.strip())
    return joined([said, verbatim(words.strip())], ": ") if words.strip() else said


def taking_place(function: F) -> F:
    """The options that say how a meeting was."""
    for option in (
        click.option(
            "--present",
            multiple=True,
            type=click.Choice(PRESENT),
            help="Who else was there, by their part; may be repeated.",
        ),
        click.option(
            "--support", multiple=True, type=click.Choice(SUPPORT), help="What it was; may be repeated."
        ),
    ):
        function = option(function)
    return function


@meetings.command()
@click.argument("person")
@click.argument("when")
@click.option("--minutes", type=click.IntRange(1, 1440), default=60, show_default=True, help="How long.")
@doing.deciding
@click.pass_obj
def plan(app: App, *, person: str, when: str, minutes: int, decided: doing.Decided) -> None:
    """Plan a meeting with PERSON, whom you walk beside, for WHEN (2026-12-01T14:30, as the wall's clock)."""
    _met(app, "plan", person, when, decided, {"minutes": minutes})


@meetings.command()
@click.argument("person")
@click.argument("when")
@click.option("--minutes", type=click.IntRange(1, 1440), default=60, show_default=True, help="How long.")
@taking_place
@doing.deciding
@click.pass_obj
def enter(
    app: App,
    *,
    person: str,
    when: str,
    minutes: int,
    support: tuple[str, ...],
    present: tuple[str, ...],
    decided: doing.Decided,
) -> None:
    """Enter a meeting with PERSON that took place at WHEN, and that nobody had planned here."""
    _met(app, "enter", person, when, decided, {"minutes": minutes, "support": support, "present": present})


def _met(  # noqa: PLR0917
    app: App, act: str, person: str, when: str, decided: doing.Decided, given: dict[str, Any]
) -> None:
    """A meeting of the two who walk together, at a time on the program's clock."""
    local = _wall(when)

    def create(s: Session, by: Any) -> Meeting:
        walk = pick(s, Relationship, person, states=("agreed", "paused"))
        between = {"person": walk.person, "supporter": walk.supporter}
        made: Meeting = getattr(Meeting, act)(
            **between, local=local, timezone=s.kit.program.timezone, **given, by=by
        )
        return made

    doing.make(app, decided, create, act)


@meetings.command()
@click.argument("meeting")
@click.argument("when")
@doing.deciding
@click.pass_obj
def move(app: App, *, meeting: str, when: str, decided: doing.Decided) -> None:
    """Another time for MEETING."""
    local = _wall(when)
    doing.do(
        app, Meeting, meeting, "move", decided, arguments=lambda _s, _r: {"local": local}, states=("planned",)
    )


@meetings.command()
@click.argument("meeting")
@doing.deciding
@click.pass_obj
def cancel(app: App, *, meeting: str, decided: doing.Decided) -> None:
    """MEETING does not take place. Nobody asks why."""
    doing.do(app, Meeting, meeting, "cancel", decided, states=("planned",))


@meetings.command()
@click.argument("meeting")
@click.option("--minutes", type=click.IntRange(1, 1440), help="How long, if it was not as planned.")
@taking_place
@doing.deciding
@click.pass_obj
def hold(
    app: App,
    *,
    meeting: str,
    support: tuple[str, ...],
    present: tuple[str, ...],
    minutes: int | None,
    decided: doing.Decided,
) -> None:
    """MEETING took place: for how long, with which support, and who else was there."""
    doing.do(
        app,
        Meeting,
        meeting,
        "hold",
        decided,
        arguments=lambda _s, _r: {"support": support, "present": present, "minutes": minutes},
        states=("planned",),
    )


doing.step(
    meetings,
    Meeting,
    "MEETING",
    "fall-through",
    "fall_through",
    ("planned",),
    _("MEETING did not take place, also where it stands there as held by mistake. Nobody asks why."),
)


@meetings.command()
@click.argument("meeting")
@click.option(
    "--together", type=click.Choice(TOGETHER), required=True, help="Whether the two wrote it together."
)
@doing.deciding
@click.pass_obj
def note(app: App, *, meeting: str, together: str, decided: doing.Decided) -> None:
    """Write the shared note of MEETING, from standard input. The person reads it and may answer it.

    A name means their latest meeting that was held.
    """
    words = doing.words(_("The note"), needed=together != "offered_declined")
    _after(app, meeting, "write_note", decided, {"note": words, "together": together})


@meetings.command("no-note")
@click.argument("meeting")
@doing.deciding
@click.pass_obj
def no_note(app: App, *, meeting: str, decided: doing.Decided) -> None:
    """The two want no note of MEETING. A name means their latest meeting that was held."""
    _after(app, meeting, "no_note", decided, {})


@meetings.command()
@click.argument("meeting")
@doing.deciding
@click.pass_obj
def answer(app: App, *, meeting: str, decided: doing.Decided) -> None:
    """Write the person's own words beside the note of MEETING, from standard input.

    A name means their latest meeting that was held.
    """
    words = doing.words(_("The person's own words"))
    _after(app, meeting, "answer_note", decided, {"words": words})


def _after(app: App, meeting: str, act: str, decided: doing.Decided, given: dict[str, Any]) -> None:
    """An act on a meeting that was held."""
    doing.make(app, decided, lambda s, by: getattr(_latest(s, meeting), act)(**given, by=by), act)


def _latest(s: Session, given: str) -> Meeting:
    """The meeting of an id, or the latest of a person's that was held."""
    try:
        return pick(s, Meeting, given, states=("held",))
    except Malformed:
        person = people.person(s, given.removeprefix("person/"))
        held = gathering.every(s, Meeting, person=person.id, state="held")
        if not held:
            raise
        return max(held, key=lambda one: one.starts)


def _wall(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(_("a time is written like 2026-12-01T14:30"), where="WHEN") from None
    return found
