# SPDX-License-Identifier: Apache-2.0
"""`peerkit log`, `take-out`, `break-glass`, `merge`, `split`: whose record it is, and who has seen it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from peerkit.cli import doing, options, out, people
from peerkit.cli.app import App
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.speaking import say
from peerkit.errors import Malformed, NotFound
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.kit.merging import Joined


@click.command()
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Also what is kept quiet about, such as a shelter.")
@click.option("--since", metavar="WHEN", help="Only from this instant on, such as 2026-11-22T09:30Z.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="So many lines.")
@acting
@database
@as_json
@click.pass_obj
def log(app: App, *, name: str | None, everything: bool, since: str | None, limit: int) -> None:
    """Tell who has seen what about you, what went to whom and why, and what was decided.

    Newest first. A coordinator, or the privacy contact, prints it for the person of NAME; that is in the
    log too. What may not be shown is there without its content.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        whose = actor.person
        if name is not None:
            with kit.session(actor) as s:
                whose = people.person(s, name).id
        begin = None if since is None else options.instant(since, "--since")
        entries = kit.log(actor=actor, person=whose, everything=everything, since=begin, limit=limit)
        if app.as_json:
            out.emit([{"at": one.at, "what": one.what, "text": one.text} for one in entries])
            return
        if not entries:
            out.line(_("Nothing yet."))
        for one in entries:
            out.hanging(joined([people.when(kit, one.at), " "]), joined([one.text]))


@click.command("take-out")
@click.argument("file")
@click.option("--passphrase-stdin", is_flag=True, help="Read the passphrase from standard input, one line.")
@click.option("--anyway", is_flag=True, help="Also where somebody else may see this device.")
@acting
@database
@as_json
@click.pass_obj
def take_out(app: App, *, file: str, passphrase_stdin: bool, anyway: bool) -> None:
    """Write everything about you that you may read to FILE, a new encrypted PDF.

    Any phone opens it with the passphrase, of 15 characters at least; a program finds take-out.json in it.
    The passphrase is asked for, or read from standard input: it never stands on the command line, where
    others could see it. Nobody can open the file without it. It needs the extra `takeout`.
    """
    if passphrase_stdin:
        phrase = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        phrase = click.prompt(say(_("Passphrase")), hide_input=True, confirmation_prompt=True)
    else:
        raise click.UsageError(_("The passphrase comes from a terminal, or with --passphrase-stdin."))
    with app.kit() as kit:
        done = kit.take_out(file, passphrase=phrase, actor=app.actor(kit), anyway=anyway)
    if app.as_json:
        out.emit(done)
        return
    out.line(many("{n} record is in it.", "{n} records are in it.", done.records))
    if done.withheld:
        kept = many(
            "{n} is not, since it is about somebody else too.",
            "{n} are not, since they are about somebody else too.",
            done.withheld,
        )
        out.line(kept)
    if done.unread:
        from peerkit.kit.take_out import told_unread

        out.line(told_unread(done.unread))
    if done.warning:
        out.line(joined([done.warning]), style="yellow")


@click.command("break-glass")
@click.argument("name")
@click.option("--reason", required=True, metavar="WORDS", help="Why it cannot wait. The person reads it.")
@acting
@database
@as_json
@click.pass_obj
def break_glass(app: App, *, name: str, reason: str) -> None:
    """Open the record of the person of NAME (an id, where you may not read the name) for a while.

    For those who support others or hold an office, where somebody's word cannot be waited for. Whatever you
    read meanwhile is logged with it, the person is told, and another human reviews it.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        try:
            glass = kit.break_glass(name, reason=reason, actor=actor)
        except NotFound:  # no id: only now, since a name is looked up for nobody who may not break the glass
            found = people.known(kit, name)
            if len(found) != 1:
                several = _("several people have that name: name one by id")
                nobody = _("nobody has that name: name one by id")
                raise Malformed(several if found else nobody, where="NAME") from None
            glass = kit.break_glass(found[0], reason=reason, actor=actor)
        if app.as_json:
            out.emit({"id": glass.id, "person": glass.about, "until": glass.until})
            return
        until = people.when(kit, glass.until)
        out.line(_("Open until {when}. The person will be told, and it is reviewed.", when=until))


@click.command()
@click.argument("kept")
@click.argument("away")
@click.option("--reason", required=True, metavar="WORDS", help="How you know that the two are one human.")
@click.option("--yes", is_flag=True, help="Do not ask again. Needed where nobody can be asked.")
@acting
@database
@as_json
@click.pass_obj
def merge(app: App, *, kept: str, away: str, reason: str, yes: bool) -> None:
    """Join two records of one human: all that hangs on AWAY hangs on KEPT from now on (ids or names).

    The stricter of two words on sharing wins; open alerts and referrals stay open. Stopped half-way, the
    same command goes on. `peerkit split` parts them again.
    """
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            one, other = people.person(s, kept), people.person(s, away)
        doing.sure(_("Join these two records?"), yes=yes)
        done = kit.merge(one, other, reason=reason, actor=actor)
    _told(app, done, _("Joined."))


@click.command()
@click.argument("merge_id", metavar="MERGE")
@click.option("--reason", required=True, metavar="WORDS", help="How you know that they are two.")
@click.option("--yes", is_flag=True, help="Do not ask again. Needed where nobody can be asked.")
@acting
@database
@as_json
@click.pass_obj
def split(app: App, *, merge_id: str, reason: str, yes: bool) -> None:
    """Part what MERGE (the id that `peerkit merge` told) joined wrongly, as history tells.

    What came while they were one stays where it is and is listed: a human says whose it is.
    """
    with app.kit() as kit:
        doing.sure(_("Part these two records?"), yes=yes)
        done = kit.split(merge_id, reason=reason, actor=app.actor(kit))
    _told(app, done, _("Parted."))


def _told(app: App, done: Joined, word: Message) -> None:
    if app.as_json:
        out.emit({"merge": done.merge.id, "moved": done.moved, "look": [list(one) for one in done.look]})
        return
    moved = many("{n} record moved.", "{n} records moved.", done.moved)
    out.line(joined([word, moved, _("Merge {id}.", id=done.merge.id)]))
    if done.look:
        out.line(_("These came while they were one. Look at each, and say whose it is:"))
        for kind, one in done.look:
            out.line(verbatim(f"{kind} {one}"), indent=2)
