# SPDX-License-Identifier: Apache-2.0
"""`peerkit import sheet`: the spreadsheet that an organization has, brought in row by row."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from peerkit.cli import out, people
from peerkit.cli.app import App
from peerkit.cli.doing import agreed
from peerkit.cli.options import acting, as_json, database
from peerkit.cli.root import Group
from peerkit.texts import Message, _, joined, many, verbatim

if TYPE_CHECKING:
    from peerkit.sheet.report import Report, RowReport
    from peerkit.sheet.rows import Problem
    from peerkit.sheet.undoing import Undone


@click.group("import", cls=Group)
def import_() -> None:
    """Bring in what you have in other files.

    A service directory comes in with `peerkit directory import`.
    """


import_.path = "import"


@import_.command()
@click.argument("file", required=False)
@click.option("--map", "mapping", metavar="TOML", help="A file that says which column is what.")
@click.option("--dry-run", is_flag=True, help="Change nothing: show the columns, and how each row would end.")
@click.option("--encoding", metavar="NAME", help="Of a CSV that is not in UTF-8, such as windows-1252.")
@click.option("--undo", metavar="ID", help="Take out what the import of this ID brought in.")
@click.option("--asked-by", metavar="NAME", help="With --undo: who asks for it; you, if it is left out.")
@click.option("--decided-by", metavar="NAME", help="With --undo: who decides it; you, if it is left out.")
@click.option("--yes", is_flag=True, help="Do not ask again. Needed where nobody can be asked.")
@acting
@database
@as_json
@click.pass_obj
def sheet(
    app: App,
    *,
    file: str | None,
    mapping: str | None,
    dry_run: bool,
    encoding: str | None,
    undo: str | None,
    asked_by: str | None,
    decided_by: str | None,
    yes: bool,
) -> None:
    """Bring in the people of FILE, a spreadsheet (CSV, or XLSX with the extra `sheet`), as a coordinator.

    Look with --dry-run first: which column is taken for what, and how each row would end. No decision
    comes in confirmed: that somebody asks for support, or supports, comes in where a column says where
    the signed paper is, else as a task to ask them; a consent without its paper does not come in at all.
    Stopped half-way, or done again, it changes nothing of what is in already.

    --undo erases what an import brought in, as a mistake, unless somebody has built upon it since. Two
    humans ask and decide.
    """
    if undo is not None:
        if file or mapping or dry_run or encoding:
            raise click.UsageError(_("--undo goes without a FILE and its options."))
        _undo(app, undo, asked_by, decided_by, yes=yes)
        return
    if file is None:
        raise click.UsageError(_("Which FILE? Or --undo ID."))
    if asked_by or decided_by:
        raise click.UsageError(_("--asked-by and --decided-by belong to --undo."))
    from peerkit.sheet.columns import read_map
    from peerkit.sheet.importing import bring_in
    from peerkit.sheet.reading import File

    given = read_map(None if mapping is None else Path(mapping))
    source = File(Path(file), encoding or given.encoding, given.sheet)
    with app.kit() as kit:
        report = bring_in(kit, source, given, actor=app.actor(kit), dry_run=dry_run)
    if app.as_json:
        out.emit(_plain(report))
    else:
        _shown(report)


# -- the report ------------------------------------------------------------------------------------


def _plain(report: Report) -> dict[str, Any]:
    from peerkit.sheet.reading import letters

    columns = report.columns
    return {
        "import": report.id,
        "dry_run": report.dry_run,
        "heading": columns.heading,
        "columns": {field: [letters(one) for one in held] for field, held in columns.fields.items()},
        "left_out": [letters(one) for one in columns.left],
        "rows": [
            {
                "row": one.row,
                "outcome": one.outcome,
                "made": [{"kind": kind, "id": made} for kind, made in one.made],
                "reasons": [
                    {"code": p.code, "column": p.column, "about": list(p.about)} for p in one.problems
                ],
                "refusals": list(one.refusals),
            }
            for one in report.rows
        ],
        "totals": report.totals,
        "empty": report.empty,
        "ended": report.ended,
    }


def _shown(report: Report) -> None:
    from peerkit.sheet.reading import letters
    from peerkit.sheet.report import OUTCOMES

    columns = report.columns
    out.line(_("Columns, by the headings in row {row}", row=columns.heading), style="bold")

    def shown(numbers: Sequence[int]) -> Message:
        return verbatim(", ".join(f"{letters(n)}  {columns.headings[n]}" for n in numbers))

    taken = [(verbatim(field), shown(held)) for field, held in columns.fields.items()]
    left = [(_("left out"), shown(columns.left))] if columns.left else []
    out.pairs([*taken, *left], indent=2)
    if any(one.problems for one in report.rows):
        out.title(_("Rows that need a look"))
    for one in report.rows:
        if one.problems:
            _row(one)
    click.echo()
    totals = report.totals
    for outcome, words in OUTCOMES.items():
        if totals[outcome]:
            out.hanging(verbatim(f"{totals[outcome]:>6}  "), words, label_style="bold")
    out.hanging(verbatim(f"{totals['rows']:>6}  "), _("rows in all"), label_style="bold")
    if report.ended:
        told = _(
            "It stopped looking at row {row}: only empty rows came before it. If there is more below, "
            "bring it in from a file of its own.",
            row=report.ended,
        )
        out.line(told, style="yellow")
    click.echo()
    if report.dry_run:
        out.line(_("This was a dry run: nothing was changed. The same without --dry-run brings it in."))
    elif report.id:
        undo = f"peerkit import sheet --undo {report.id}"
        out.line(_("To take all of it out again: {command}", command=undo), style="dim")


def _row(one: RowReport) -> None:
    from peerkit.sheet.report import OUTCOMES

    label = f"{one.row:>6}  "
    out.hanging(verbatim(label), OUTCOMES[one.outcome], label_style="bold")
    for problem in one.problems:
        out.line(_why(problem, one.refusals), indent=len(label))


def _why(problem: Problem, refusals: Sequence[str]) -> Message:
    from peerkit.sheet.report import REASONS

    why = REASONS[problem.code]
    told = _("column {column}: {why}", column=problem.column, why=why) if problem.column else why
    about = f"[{', '.join(f'person/{one}' for one in problem.about)}]" if problem.about else ""
    codes = [verbatim(f"({', '.join(refusals)})")] if refusals else []
    return joined([told, *codes, *([verbatim(about)] if about else [])])


# -- undo ------------------------------------------------------------------------------------------


def _undo(app: App, import_id: str, asked_by: str | None, decided_by: str | None, *, yes: bool) -> None:
    from peerkit.sheet.undoing import undo

    if bool(asked_by) == bool(decided_by):
        raise click.UsageError(
            _("Two humans ask and decide: name the other with --asked-by or --decided-by.")
        )
    with app.kit() as kit:
        actor = app.actor(kit)
        with kit.session(actor) as s:
            other = people.person(s, asked_by or decided_by or "").id
        if not yes:
            if not sys.stdin.isatty():
                raise click.UsageError(_("It cannot be undone: say --yes."))
            if not agreed(_("Erase what this import brought in, for ever?")):
                raise click.Abort
        undone = undo(
            kit,
            import_id,
            actor=actor,
            asked_by=other if asked_by else actor.person,
            decided_by=other if decided_by else actor.person,
        )
    if app.as_json:
        out.emit([_undone(one) for one in undone])
        return
    kept = [one for one in undone if not one.taken]
    for one in kept:
        why = ", ".join(_because(one))
        built = _("stays: somebody has built upon it since ({what})", what=why)
        told = built if one.built else _("stays: peerkit refused it ({codes})", codes=why)
        out.hanging(verbatim(f"{one.row:>6}  "), told, label_style="bold")
    taken = many("{n} row taken out", "{n} rows taken out", len(undone) - len(kept))
    stay = many("{n} stays", "{n} stay", len(kept))
    out.line(_("{taken}, {stay}.", taken=taken, stay=stay), style="bold")


def _because(one: Undone) -> list[str]:
    return [f"{kind}/{record}" for kind, record in one.built] or list(one.refusals)


def _undone(one: Undone) -> dict[str, Any]:
    built = [{"kind": kind, "id": record} for kind, record in one.built]
    return {"row": one.row, "taken": one.taken, "built": built, "refusals": list(one.refusals)}
