# SPDX-License-Identifier: Apache-2.0
"""`peerkit relationships`: who waits, who walks with whom, and the steps between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, gathering, options, out, people
from peerkit.cli.app import App
from peerkit.cli.picking import pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed
from peerkit.model.relationship import ENDINGS, WAYS, Relationship
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Session

ORDER = ("enquiry", "declined", "proposed", "agreed", "paused")
"""States in the order in which they are listed: who waits comes first."""

WALKING = ("agreed", "paused")

AGREEMENT: dict[str, Message] = {
    "part": _("What the supporter is to the person, and what not"),
    "helps": _("What helps"),
    "does_not_help": _("What does not help"),
    "boundaries": _("Boundaries"),
    "limits": _("What stays between the two, and what cannot"),
    "rhythm": _("How often, and how"),
}
"""The words of an agreement, and how each is asked for at a keyboard."""

WORDS_OF: dict[str, Message] = {
    "hopes": _("What they hope for"),
    "wishes": _("What they wish"),
    **AGREEMENT,
    "goodbye": _("How they wish to say goodbye"),
}
"""All the words of a relationship, and how each is shown."""

WORDS = _("Read their words from standard input, each on a line of its own under its name: `helps: …`.")


@click.group(cls=Group, invoke_without_command=True)
@click.option("--all", "over", is_flag=True, help="Also those that ended.")
@doing.listing
@click.pass_context
def relationships(ctx: click.Context, *, over: bool) -> None:
    """List who waits, the longest first, then who walks with whom.

    REL, in the commands below, is the id of a relationship, or the name of the person whose only one it is.
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.find_object(App) or App()
    states = (*ORDER, "ended") if over else ORDER
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = [one for state in states for one in gathering.every(s, Relationship, state=state)]
            called = people.beside(s, found)
        if app.as_json:
            out.emit(found)
            return
        if not found:
            out.line(_("None."))
        for one in found:
            _shown(one, called)


relationships.path = "relationships"


def _shown(one: Relationship, called: dict[str, Message], *, whole: bool = False) -> None:
    pair = [called[one.person], *([called[one.supporter]] if one.supporter else [])]
    state = label("relationship", "state", one.state)
    out.line(_("{names}: {state}", names=joined(pair, " – "), state=state), style="bold")
    yes = {
        (True, False): _("the person has said yes, the supporter not yet"),
        (False, True): _("the supporter has said yes, the person not yet"),
    }.get((one.person_agreed, one.supporter_agreed))
    out.pairs(
        [
            (_("id"), verbatim(f"relationship/{one.id}")),
            (_("so far"), yes if one.state == "proposed" and yes is not None else None),
            (_("rhythm"), None if whole else verbatim(one.rhythm)),
            (_("rests until"), verbatim(one.rests_until.isoformat()) if one.rests_until else None),
            (_("goodbye"), verbatim(one.ending_on.isoformat()) if one.ending_on else None),
        ],
        indent=2,
    )


@relationships.command()
@click.argument("rel", default="")
@doing.listing
@click.pass_obj
def show(app: App, *, rel: str) -> None:
    """Show REL (yours, if it is left out) with all that the two have agreed, in their words."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        found = pick(s, Relationship, rel, states=(*ORDER,))
        called = people.beside(s, [found])
    if app.as_json:
        out.emit(found)
        return
    _shown(found, called, whole=True)
    more = [(_("crisis policy"), verbatim(found.policy)), (_("stands in"), called.get(found.cover))]
    out.pairs(more, indent=2)
    for name, ask in WORDS_OF.items():
        if getattr(found, name):
            out.line(ask, indent=2, style="dim")
            out.line(verbatim(getattr(found, name)), indent=4)


@relationships.command()
@click.argument("person")
@click.option(
    "--way", type=click.Choice(WAYS), default="one_to_one", show_default=True, help="How they wish it."
)
@click.option("--family", is_flag=True, help="As family of somebody, and not for themselves.")
@click.option("--words", "asked", is_flag=True, help="Read what they hope for from standard input.")
@doing.deciding
@click.pass_obj
def enquire(app: App, *, person: str, way: str, family: bool, asked: bool, decided: doing.Decided) -> None:
    """PERSON asks for support. It is their decision: as a coordinator say how they gave it."""
    hopes = doing.words(_("What they hope for")) if asked else ""
    seeking = "family" if family else "self"

    def create(s: Session, by: Any) -> Relationship:
        who = people.person(s, person)
        return Relationship.enquire(person=who, way=way, seeking_as=seeking, hopes=hopes, by=by)

    doing.make(app, decided, create, "enquire")


@relationships.command()
@click.argument("rel")
@doing.listing
@click.pass_obj
def suggest(app: App, *, rel: str) -> None:
    """Show who could walk beside whoever waits in REL, with the reasons. It decides nothing."""
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = s.suggest("match", about=pick(s, Relationship, rel, states=("enquiry", "declined")))
            called = people.names(s, {one.what for one in found})
        if app.as_json:
            out.emit([{"person": one.what, "reason": one.reason, "source": one.source} for one in found])
            return
        if not found:
            out.line(_("Nobody has room who could be proposed."))
        for one in found:
            out.line(called[one.what], style="bold")
            told = one.reason if isinstance(one.reason, Message) else verbatim(one.reason)
            out.pairs([(_("id"), verbatim(f"person/{one.what}")), (_("why"), told)], indent=2)


@relationships.command()
@click.argument("rel")
@click.argument("supporter")
@doing.deciding
@click.pass_obj
def propose(app: App, *, rel: str, supporter: str, decided: doing.Decided) -> None:
    """Propose SUPPORTER (name or id) in REL. Either may say no."""
    doing.do(
        app,
        Relationship,
        rel,
        "propose",
        decided,
        arguments=lambda s, _record: {"supporter": people.person(s, supporter)},
        states=("enquiry", "declined"),
    )


@relationships.command()
@click.argument("rel", default="")
@click.option("--words", "asked", is_flag=True, help=WORDS)
@click.option(
    "--policy", metavar="CODE", default="", help="Which crisis policy they were shown, such as 2026-11."
)
@doing.deciding
@click.pass_obj
def agree(app: App, *, rel: str, asked: bool, policy: str, decided: doing.Decided) -> None:
    """The person of REL (you, if it is left out) says yes. It is agreed once the supporter has too.

    With --words what they say goes into the agreement: helps, does_not_help, boundaries, rhythm.
    """
    _yes(app, rel, "agree", decided, asked=asked, more={"policy": policy} if policy else {})


@relationships.command("take-on")
@click.argument("rel", default="")
@click.option("--words", "asked", is_flag=True, help=WORDS)
@doing.deciding
@click.pass_obj
def take_on(app: App, *, rel: str, asked: bool, decided: doing.Decided) -> None:
    """The supporter of REL (you, if it is left out) says yes. It is agreed once the person has too.

    With --words what they say goes into the agreement: part, helps, does_not_help, boundaries, limits,
    rhythm.
    """
    _yes(app, rel, "take_on", decided, asked=asked, more={})


def _yes(app: App, rel: str, act: str, decided: doing.Decided, *, asked: bool, more: dict[str, str]) -> None:
    names = [name for name in AGREEMENT if act == "take_on" or name not in {"part", "limits"}]
    said = doing.several({name: AGREEMENT[name] for name in names}) if asked else {}
    doing.do(
        app,
        Relationship,
        rel,
        act,
        decided,
        arguments=lambda _s, _r: {**said, **more},
        states=("proposed",),
        mine="supporter" if act == "take_on" else "person",
    )


@relationships.command()
@click.argument("rel")
@click.option("--cover", metavar="NAME", help="Who stands in, as the two agree.")
@doing.deciding
@click.pass_obj
def reword(app: App, *, rel: str, cover: str | None, decided: doing.Decided) -> None:
    """Put the agreement of REL in other words, from standard input.

    Each begins on a line of its own with its name, `helps: …`. What is left out stays as it is: part,
    helps, does_not_help, boundaries, limits, rhythm.
    """
    said = doing.several(AGREEMENT)
    if not said and cover is None:
        raise Malformed(_("the words come on standard input, and nothing came"), where="-")

    def arguments(s: Session, _record: Relationship) -> dict[str, Any]:
        return said if cover is None else {**said, "cover": people.person(s, cover)}

    doing.do(app, Relationship, rel, "reword", decided, arguments=arguments, states=WALKING)


@relationships.command("hand-over")
@click.argument("rel")
@click.argument("supporter")
@doing.deciding
@click.pass_obj
def hand_over(app: App, *, rel: str, supporter: str, decided: doing.Decided) -> None:
    """Propose SUPPORTER to go on with the person of REL.

    Nothing changes for them until both have said yes (`agree`, `take-on`); then REL ends as handed over.
    """

    def create(s: Session, by: Any) -> Relationship:
        walk = pick(s, Relationship, rel, states=WALKING)
        return Relationship.hand_over(walk, people.person(s, supporter), by=by)

    doing.make(app, decided, create, "hand_over")


@relationships.command("plan-ending")
@click.argument("rel")
@click.argument("day", required=False)
@click.option("--off", is_flag=True, help="They plan no goodbye any more.")
@click.option("--words", "asked", is_flag=True, help="Read how they wish it from standard input.")
@doing.deciding
@click.pass_obj
def plan_ending(
    app: App, *, rel: str, day: str | None, off: bool, asked: bool, decided: doing.Decided
) -> None:
    """The two in REL plan their goodbye for DAY, such as 2026-12-18. It ends when one of them says so."""
    if (day is None) is not off:
        raise click.UsageError(_("Say the DAY, or --off."))
    given: dict[str, Any] = {"on": None if day is None else options.day(day, "DAY")}
    if asked:
        given["goodbye"] = doing.words(WORDS_OF["goodbye"])
    doing.do(app, Relationship, rel, "plan_ending", decided, arguments=lambda _s, _r: given, states=WALKING)


for name, act, states, told in (
    ("decline", "decline", ("enquiry", "proposed"), _("One of the two in REL says no. No reason is asked.")),
    ("resume", "resume", ("paused",), _("On again, after a rest.")),
):
    doing.step(relationships, Relationship, "REL", name, act, states, told)


@relationships.command()
@click.argument("rel")
@click.option("--until", metavar="DAY", help="Somebody asks that day how to go on, such as 2026-12-24.")
@doing.deciding
@click.pass_obj
def pause(app: App, *, rel: str, until: str | None, decided: doing.Decided) -> None:
    """A rest in REL."""
    day = None if until is None else options.day(until, "--until")
    doing.do(
        app, Relationship, rel, "pause", decided, arguments=lambda _s, _r: {"until": day}, states=("agreed",)
    )


@relationships.command()
@click.argument("rel")
@click.option("--ending", type=click.Choice(ENDINGS), default=None, help="A neutral reason; none is needed.")
@doing.deciding
@click.pass_obj
def end(app: App, *, rel: str, ending: str | None, decided: doing.Decided) -> None:
    """REL ends now. This is never refused; somebody else has the person at once."""
    states = ("enquiry", "declined", "proposed", *WALKING)
    doing.do(
        app,
        Relationship,
        rel,
        "end",
        decided,
        arguments=lambda _s, _r: {"ending": ending or ""},
        states=states,
    )
