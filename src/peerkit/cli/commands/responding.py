# SPDX-License-Identifier: Apache-2.0
"""`peerkit respond`: what was done about an alert, and closing it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import doing, looking, out
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import label, say
from peerkit.errors import Malformed, Objection, Refused
from peerkit.model.response import NEEDS, OUTCOMES, REASONS
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from peerkit.kit import Kit, Session

NEED = "NEED"
ACTS = ("act", "meet", "close", "close-incomplete", "settle")


@click.command()
@click.argument("alert")
@click.argument("act", type=click.Choice(ACTS))
@click.option("--words", metavar="FILE", help="What was done, in a file; - is standard input.")
@click.option("--need", type=click.Choice(NEEDS), help="For meet: which condition of closing is met.")
@click.option("--agreed/--not-agreed", default=None, help="For act: whether the person agreed to it.")
@click.option("--because", metavar="FILE", help="For act: why it was done all the same, in a file.")
@click.option("--report", metavar="REPORT", help="For act: your duty report, if that is what was done.")
@click.option(
    "--reason",
    multiple=True,
    metavar="NEED=CODE",
    help="For close-incomplete, one for each open condition: why it stays open.",
)
@click.option(
    "--outcome", type=click.Choice(OUTCOMES), help="For closing: what it came to; asked for at a terminal."
)
@acting
@database
@as_json
@click.pass_obj
def respond(
    app: App,
    *,
    alert: str,
    act: str,
    words: str | None,
    need: str | None,
    agreed: bool | None,
    because: str | None,
    report: str | None,
    reason: tuple[str, ...],
    outcome: str | None,
) -> None:
    """Record what was done about ALERT, or close it.

    act: something was done, in words. meet: a condition of closing is met. close: all of them are.
    close-incomplete: with a coded reason for each that is not. settle: you decided about the people
    whom the alert's concern names.

    The conditions (NEED): supervisor_knows, acted, person_told, handed_over, followed_up,
    debrief_offered. The reasons (CODE): unreachable, anonymous, died, declined, not_applicable,
    done_elsewhere.
    """
    reasons = dict(_pair(one) for one in reason)
    _before_it_asks(app, alert, act, reasons)
    details: dict[str, Any] = {
        "words": doing.typed(words, ask=_("What was done?") if act == "act" else out.NOTHING)
    }
    if need:
        details["need"] = need
    if agreed is not None:
        details["consent"] = agreed
    if because:
        details["reason"] = doing.typed(because)
    if report:
        details["report"] = report.removeprefix("duty_report/")
    if reason:
        details["reasons"] = reasons
    if outcome or (act.startswith("close") and sys.stdin.isatty() and not app.as_json):
        details["outcome"] = outcome or _came_to()
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        made = s.respond(alert, act.replace("-", "_"), **details)
        if app.as_json:
            out.emit(
                {"kind": made.kind, "id": made.id, "state": made.state, "unmet": getattr(made, "unmet", ())}
            )
            return
        unmet = joined([_coded("need", one) for one in getattr(made, "unmet", ())], ", ")
        waits = bool(unmet) and made.state == "open" and not _beside(kit, s, made)
        left = _("Before it can be closed: {needs}.", needs=unmet) if waits else ""
        out.line(joined([_("Recorded."), left]) if not act.startswith("close") else _("Closed."))
        if waits:
            out.line(
                _("For each: {command}", command=verbatim(f"peerkit respond {alert} meet --need {NEED}"))
            )


def _beside(kit: Kit, s: Session, made: Any) -> bool:
    """Whether whoever raised the alert noted what they did, and somebody else has it in hand."""
    from peerkit.model.safety import Alert
    from peerkit.safety.entitled import only_notes
    from peerkit.safety.reading import get

    alert = get(kit, Alert, getattr(made, "alert", ""))
    return alert is not None and only_notes(kit, s.actor, alert)


def _before_it_asks(app: App, alert: str, act: str, reasons: dict[str, str]) -> None:
    """Refused with what stands against it anyway: nobody is to type for nothing."""
    with app.kit() as kit, kit.session(app.actor(kit)) as s:
        if act != "settle":  # a concern may be settled when its alert is closed
            looking.not_closed(kit, s.actor, alert, "act_on", beside=act == "act")
        if act.startswith("close"):
            _closable(s, alert, reasons if act == "close-incomplete" else None)


def _closable(s: Session, alert: str, reasons: dict[str, str] | None) -> None:
    """Refused with what is still open, before anything is asked. `reasons` are those of closing incomplete.
    Whoever may not know of the alert hears that from the lane itself."""
    from peerkit.safety.looking import alert_named, unmet

    found = alert_named(s, alert)
    still = () if found is None else unmet(s.kit, found)
    codes = joined([_coded("reason", one) for one in REASONS], ", ")
    if any(code not in REASONS for code in (reasons or {}).values()):
        raise Malformed(_("there is no such reason. The reasons: {codes}", codes=codes), where="--reason")
    missing = tuple(one for one in still if one not in (reasons or {}))
    if not missing:
        return
    needs = joined([_coded("need", one) for one in missing], ", ")
    if reasons is None:
        told = _("still to do: {needs}. Or close it as incomplete, with a reason for each", needs=needs)
        how = f"peerkit respond {alert} close-incomplete --reason {still[0]}=CODE"
        told = joined([told, _("({command}). The reasons: {codes}", command=how, codes=codes)])
        raise Refused([Objection("needs-unmet", told, "safety_response")])
    told = _("each open condition needs a reason: {needs}. The reasons: {codes}", needs=needs, codes=codes)
    raise Refused([Objection("needs-reasons", told, "safety_response")])


def _came_to() -> str:
    """What whoever closes an alert says that it came to; nothing is an answer too."""
    out.line(_("What did it come to? Alarms that were none are counted from that, never people."))
    out.pairs([(verbatim(code), label("safety_response", "outcome", code)) for code in OUTCOMES], indent=2)
    asked = say(_("One of these, or nothing"))
    return str(
        click.prompt(
            asked, default="", show_default=False, type=click.Choice(("", *OUTCOMES)), show_choices=False
        )
    )


def _coded(field: str, code: str) -> Message:
    """A condition of closing (`need`), or why it stays open (`reason`), with the code that options take."""
    return joined([label("safety_response", field, code), verbatim(f"[{code}]")])


def _pair(text: str) -> tuple[str, str]:
    need, sign, code = text.partition("=")
    if not sign:
        raise Malformed(_("it is written NEED=CODE, such as person_told=unreachable"), where="--reason")
    return need, code
