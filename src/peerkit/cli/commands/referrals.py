# SPDX-License-Identifier: Apache-2.0
"""`peerkit referrals`: what is open, what is waited for, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, gathering, out, people
from peerkit.cli.app import App
from peerkit.cli.root import Group
from peerkit.cli.speaking import label
from peerkit.errors import Malformed, NotFound, Refused
from peerkit.model.referral import ANSWERS, DECLINE_REASONS, HOLD_REASONS, OUTCOMES, RUNNING, Referral
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Session

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
    from peerkit import Service

    try:
        return verbatim(s.get(Service, service).name)
    except (NotFound, Refused, Malformed):
        return verbatim(f"service/{service}")


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
