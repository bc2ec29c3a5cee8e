# SPDX-License-Identifier: Apache-2.0
"""An import's account, for people and for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import click

from peerkit_hsds.outcome import Outcome
from peerkit_hsds.report import Problem, Report

FIRST = 5
"""How many lines of a file are named for each reason."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def as_json(outcome: Outcome) -> str:
    """Everything, as one JSON object."""
    report = outcome.report
    told: dict[str, Any] = {
        "source": outcome.source,
        "dialect": report.dialect,
        "dry_run": outcome.dry,
        "entries": {
            "listed": outcome.listed,
            "revised": outcome.revised,
            "returned": outcome.returned,
            "same": outcome.same,
            "gone": outcome.gone,
            "missing": outcome.missing,
            "refused": [
                {"key": one.key, "file": one.origin.file, "line": one.origin.line, "codes": one.codes}
                for one in outcome.refused
            ],
        },
        "rows": {"read": report.rows, "kept": report.kept, "reported": report.reported},
        "adds_up": outcome.adds_up,
        "whole": report.whole,
        "files": [
            {
                "file": file.name,
                "table": file.table,
                "rows": file.rows,
                "kept": file.kept,
                "kept_as": dict(file.kept_as),
                "reported": file.reported,
            }
            for file in report.files
        ],
        "skipped": [{"file": name, "reason": why} for name, why in report.skipped],
        "reported": [_plain(one) for one in report.problems],
        "notes": [_plain(one) for one in report.notes],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)


def _plain(one: Problem) -> dict[str, Any]:
    said = {
        "file": one.file,
        "line": one.line,
        "path": one.path,
        "column": one.column,
        "rows": one.rows,
        "code": one.code,
        "reason": one.sentence,
    }
    return {name: value for name, value in said.items() if value != ""}


def tell(outcome: Outcome, *, every_row: bool) -> None:
    """The account, printed."""
    report = outcome.report
    click.secho(f"{_clean(outcome.source)}: {report.dialect}", bold=True)
    for line in (*_table(report), *_entries(outcome)):
        click.echo(line)
    for line in _problems(report.problems, "not kept", every_row=every_row):
        click.echo(line)
    for line in _problems(report.notes, "to look at", every_row=every_row):
        click.echo(line)
    for one in outcome.refused:
        click.echo(f"  {_clean(one)}")


def _table(report: Report) -> Iterator[str]:
    rows = [(_clean(f.name), f.rows, f.kept, f.reported) for f in report.files]
    rows.append(("all files", report.rows, report.kept, report.reported))
    width = max(len(name) for name, *_ in rows)
    yield f"  {'file':{width}} {'rows':>9} {'kept':>9} {'reported':>9}"
    for name, *numbers in rows:
        yield f"  {name:{width}} " + " ".join(f"{n:>9,}" for n in numbers)
    for name, why in report.skipped:
        yield f"  {_clean(name)}: left out, {why}"


def _entries(outcome: Outcome) -> Iterator[str]:
    numbers = (
        (outcome.listed, "new"),
        (outcome.revised, "changed"),
        (outcome.returned, "back"),
        (outcome.same, "as they were"),
        (outcome.gone, "gone"),
        (len(outcome.refused), "refused"),
    )
    said = ", ".join(f"{n:,} {word}" for n, word in numbers if n) or "none"
    yield f"Entries: {said}." + (" Nothing was written: this was a dry run." if outcome.dry else "")
    if outcome.missing:
        why = (
            "more than half of what was known: if they are really gone, say --sure"
            if outcome.report.whole
            else "but it could not be read whole, so they stay as they are"
        )
        yield f"{outcome.missing:,} entries are there no longer, {why}."


def _problems(problems: Iterable[Problem], what: str, *, every_row: bool) -> Iterator[str]:
    """Rows `not kept`, or kept and `to look at`."""
    if every_row:
        for one in problems:
            yield f"  {what}: {_clean(one)}"
        return

    def alike(one: Problem) -> tuple[str, str]:
        return one.file, one.code

    for (file, _), group in groupby(sorted(problems, key=lambda p: (*alike(p), p.line)), alike):
        same = list(group)
        many = sum(one.rows for one in same)
        lines = ", ".join(str(one.line) for one in same[:FIRST])
        rest = " … (--rows lists each)" if len(same) > FIRST else ""
        head = f"{many:,} row{'s' if many > 1 else ''} {what}"
        yield f"  {_clean(file)}: {head}: {_clean(same[0].sentence)}: line {lines}{rest}"


def _clean(text: object) -> str:
    """A text that a terminal can show: a file's name may be anything."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(text))
