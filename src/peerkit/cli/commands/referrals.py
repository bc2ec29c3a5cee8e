# SPDX-License-Identifier: Apache-2.0
"""`peerkit referrals`: what is open, what is waited for, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click

from peerkit.cli import doing, gathering, out, people
from peerkit.cli.app import App
from peerkit.cli.picking import pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.model.base import fold
from peerkit.model.directory import Service
from peerkit.model.ids import is_id
from peerkit.model.referral import (
    ANSWERS,
    DECLINE_REASONS,
    ELIGIBLE,
    HOLD_REASONS,
    OUTCOMES,
    RUNNING,
    Referral,
)
from peerkit.model.sharing import Consent, Recipient
from peerkit.rules.sharing import REFERRAL_CLASSES
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Session

N = TypeVar("N", Service, Recipient)

OPEN = ("draft", "going", *RUNNING, "declined", "outcome")
HEARD = ("received", "accepted", "start", "hold", "declined")
"""What a service can say, as the acts are called."""

WAITS: dict[str, tuple[Message, str]] = {
    "draft": (_("their consent, and to be sent"), "send"),
    "sent": (_("a word of the service's"), "heard"),
    "received": (_("whether the service can help"), "heard"),
    "accepted": (_("that it begins"), "heard"),
    "under_way": (_("what comes of it"), "answer"),
    "on_hold": (_("that it goes on"), "heard"),
    "going": (_("what comes of it"), "answer"),
    "declined": (_("another service, or to be closed"), "close"),
    "outcome": (_("the person's own answer"), "answer"),
}
"""What an open referral waits for, and the command of the next step."""


NEED = {"need": _("What is looked for, in their words"), "words": _("What they want the service told")}


@click.group(cls=Group, invoke_without_command=True)
@doing.listing
@click.pass_context
def referrals(ctx: click.Context) -> None:
    """List open referrals, what each waits for, and the next step.

    REFERRAL, in the commands below, is its id, or the name of the person whose only open one it is.
    """
    if ctx.invoked_subcommand is not None:
        return
    app: App = ctx.find_object(App) or App()
    with app.kit() as kit:
        with kit.session(app.actor(kit)) as s:
            found = [one for state in OPEN for one in gathering.every(s, Referral, state=state)]
            called = people.names(s, {one.person for one in found})
            services = {one.service: _service(s, one.service) for one in found}
        if app.as_json:
            out.emit([{"referral": one, "next": WAITS[one.state][1]} for one in found])
            return
        if not found:
            out.line(_("None is open."))
        for one in found:
            waits, then = WAITS[one.state]
            state = label("referral", "state", one.state)
            out.line(_("{names}: {state}", names=called[one.person], state=state), style="bold")
            out.pairs(
                [
                    (_("to"), services[one.service]),
                    (_("waits for"), waits),
                    (_("next"), verbatim(f"peerkit referrals {then} {one.id}")),
                ],
                indent=2,
            )


referrals.path = "referrals"


def _service(s: Session, service: str) -> Message:
    try:
        return verbatim(s.get(Service, service).name)
    except (NotFound, Refused, Malformed):
        return verbatim(f"service/{service}")


FOR = click.option(
    "--service",
    required=True,
    metavar="SERVICE",
    help="Its name or id, as `peerkit directory search` tells it.",
)


@referrals.command()
@click.argument("person")
@FOR
@click.option("--to", metavar="RECIPIENT", help="Who is sent it, by name or id; else the service's only one.")
@click.option(
    "--eligible",
    type=click.Choice(ELIGIBLE),
    default="not_asked",
    show_default=True,
    help="Whether the service is for them, as you found out together.",
)
@click.option("--queue", is_flag=True, help="They want to wait for a place, though it is full.")
@click.option("--warm", is_flag=True, help="Somebody goes along, or makes the first contact with them.")
@doing.deciding
@click.pass_obj
def begin(
    app: App,
    *,
    person: str,
    service: str,
    to: str | None,
    eligible: str,
    queue: bool,
    warm: bool,
    decided: doing.Decided,
) -> None:
    """Write a referral of PERSON's to a service, as they decide. `send` sends it.

    What is looked for comes from standard input, in their words; what they want the service told, on a
    line of its own under `words: …`.
    """
    said = _need()

    def create(s: Session, by: Any) -> Referral:
        found = _named(s, Service, service, "--service", state="listed")
        return Referral.begin(
            person=people.person(s, person),
            service=found,
            recipient=_recipient(s, found, to),
            eligible=eligible,
            queue=queue,
            warm=warm,
            **said,
            by=by,
        )

    doing.make(app, decided, create, "begin")


@referrals.command("go-alone")
@click.argument("person")
@FOR
@doing.deciding
@click.pass_obj
def go_alone(app: App, *, person: str, service: str, decided: doing.Decided) -> None:
    """PERSON goes to a service by themself. Nothing is sent; they are asked later what came of it.

    What is looked for comes from standard input, in their words.
    """
    said = _need()

    def create(s: Session, by: Any) -> Referral:
        found = _named(s, Service, service, "--service", state="listed")
        return Referral.go_alone(person=people.person(s, person), service=found, **said, by=by)

    doing.make(app, decided, create, "go_alone")


def _need() -> dict[str, Any]:
    said = doing.several(NEED, first="need")
    if not said.get("need"):
        raise Malformed(_("the words come on standard input, and nothing came"), where="-")
    return said


def _recipient(s: Session, service: Service, to: str | None) -> Recipient:
    """Who is sent a referral: the one named, or whoever alone receives what goes to the service."""
    if to is not None:
        return _named(s, Recipient, to, "--to", state="active")
    theirs = gathering.every(s, Recipient, service=service.id, state="active")
    if len(theirs) != 1:
        told = _("the service has no recipient, or several: name one (`peerkit act recipient add` makes one)")
        raise Malformed(told, where="--to")
    return theirs[0]


def _named(s: Session, kind: type[N], given: str, where: str, **equal: str) -> N:
    """The only record of a kind that has this name, or the one of this id."""
    one = given.removeprefix(f"{kind.kind}/")
    if is_id(one):
        return s.get(kind, one)
    found = [held for held in gathering.every(s, kind, **equal) if fold(held.name) == fold(given)]
    if not found:
        raise NotFound(_("there is no {kind} of that name or id for you", kind=kind.kind))
    if len(found) > 1:
        ids = ", ".join(held.id for held in found)
        raise Malformed(_("{n} have that name: name one by id ({ids})", n=len(found), ids=ids), where=where)
    return found[0]


@referrals.command()
@click.argument("referral")
@doing.deciding
@click.pass_obj
def consent(app: App, *, referral: str, decided: doing.Decided) -> None:
    """The person agrees that this one REFERRAL tells who they are, how to reach them, and what they said.

    It is their decision; said aloud is enough. `send` is a decision of its own.
    """

    def create(s: Session, by: Any) -> Consent:
        one = pick(s, Referral, referral, states=("draft",))
        classes = tuple(sorted(str(each) for each in REFERRAL_CLASSES))
        return Consent.give_once(
            person=one.person, recipient=one.recipient, referral=one, classes=classes, by=by
        )

    doing.make(app, decided, create, "give_once")


@referrals.command()
@click.argument("referral")
@doing.deciding
@click.pass_obj
def send(app: App, *, referral: str, decided: doing.Decided) -> None:
    """REFERRAL goes out, as the person decides, if their consent covers it."""
    doing.do(app, Referral, referral, "send", decided, states=("draft",))


@referrals.command()
@click.argument("referral")
@click.argument("what", type=click.Choice(HEARD))
@click.option(
    "--reason", type=click.Choice(sorted({*HOLD_REASONS, *DECLINE_REASONS})), help="For hold, declined."
)
@doing.deciding
@click.pass_obj
def heard(app: App, *, referral: str, what: str, reason: str | None, decided: doing.Decided) -> None:
    """Record what the service said of REFERRAL."""
    wants = what in {"hold", "declined"}
    if wants != (reason is not None):
        told = _("hold and declined come with a --reason, the others without")
        raise Malformed(told, where="--reason")
    given: dict[str, Any] = {"reason": reason} if wants else {}
    doing.do(app, Referral, referral, what, decided, arguments=lambda _s, _r: given, states=RUNNING)


@referrals.command()
@click.argument("referral")
@click.argument("outcome", type=click.Choice(OUTCOMES))
@doing.deciding
@click.pass_obj
def outcome(app: App, *, referral: str, outcome: str, decided: doing.Decided) -> None:
    """Record what came of REFERRAL, as you or the service know. The person's own answer is worth more."""
    states = ("going", *RUNNING)
    doing.do(
        app,
        Referral,
        referral,
        "record_outcome",
        decided,
        arguments=lambda _s, _r: {"outcome": outcome},
        states=states,
    )


@referrals.command()
@click.argument("referral")
@click.argument("answer", type=click.Choice(ANSWERS))
@doing.deciding
@click.pass_obj
def answer(app: App, *, referral: str, answer: str, decided: doing.Decided) -> None:
    """Record the person's answer: did you get what you needed? It closes REFERRAL."""
    states = ("going", *RUNNING, "outcome")
    doing.do(
        app, Referral, referral, "answer", decided, arguments=lambda _s, _r: {"answer": answer}, states=states
    )


for name, act, states, told in (
    (
        "recall",
        "recall",
        ("draft", "going", *RUNNING),
        _("The person takes REFERRAL back. It takes effect at once."),
    ),
    (
        "close",
        "close",
        ("outcome", "declined"),
        _("Close REFERRAL, whose outcome is known or which was declined."),
    ),
):
    doing.step(referrals, Referral, "REFERRAL", name, act, states, told)
