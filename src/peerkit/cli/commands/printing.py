# SPDX-License-Identifier: Apache-2.0
"""`peerkit print`: agreement, consent, plan and card on paper."""

from __future__ import annotations

import click

from peerkit.cli import out, picking
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import texts
from peerkit.model.base import Record
from peerkit.texts import _, verbatim
from peerkit.texts.labels import label

WHAT = ("agreement", "consent", "plan", "letter", "card")
STATES = {
    "agreement": ("proposed", "agreed", "paused"),
    "consent": ("given", "refused"),
    "plan": (),
    "letter": ("issued",),
    "card": ("kept",),
}
"""Of several records of a person, those that a name can mean."""


@click.command("print")
@click.argument("what", type=click.Choice(WHAT))
@click.argument("record")
@click.option("--to", "file", required=True, metavar="FILE", help="A new file, readable by you alone.")
@click.option("--large", is_flag=True, help="Large print: 18 points, 14 on a card.")
@click.option(
    "--font",
    "fonts",
    multiple=True,
    metavar="FILE",
    help="A font for letters that the others lack. Can be repeated; the first that has a letter draws it.",
)
@acting
@database
@as_json
@click.pass_obj
def print_(app: App, *, what: str, record: str, file: str, large: bool, fonts: tuple[str, ...]) -> None:
    """Print an agreement, a consent, a plan or a letter of hours to FILE, a PDF in plain words; or a safety
    plan as a card for the wallet, to cut out and fold.

    RECORD is an id, or the name of the person whose only one it is. The id, the version and its hash
    stand at the foot (but for a card), so that a signature on paper can be filed for exactly that. --lang
    chooses the language. It needs the extra `print`.

    Nothing is printed that would lack letters: if no font here has them, it says of which scripts, and
    --font names one that does (PEERKIT_FONTS too, for good). Those of Noto have nearly every script.

    What you print of your own stands in your log as taken out. What you print of somebody else's, the
    person can read in theirs.
    """
    from peerkit.model.credential import Letter
    from peerkit.model.safety_plan import SafetyPlan
    from peerkit.printing.documents import DOCUMENTS, LETTER
    from peerkit.printing.letting import CARD, print_to

    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            beside: dict[str, type[Record]] = {LETTER: Letter, CARD: SafetyPlan}
            kind = beside[what] if what in beside else DOCUMENTS[what][0]
            found = picking.pick(s, kind, record, states=STATES[what])
        print_to(kit, what, found.id, file, actor=actor, say=texts(), large=large, fonts=fonts)
    if app.as_json:
        out.emit({"kind": found.kind, "id": found.id, "version": found.version, "file": file})
        return
    printed = label("", "printed", what)
    told = _("Printed: {what}, version {version}.", what=printed, version=found.version)
    out.line(told, style="bold")
    out.line(verbatim(f"{found.kind}/{found.id}"))
    out.line(_("Whoever opens the file reads it: delete it once it is on paper."), style="dim")
