# SPDX-License-Identifier: Apache-2.0
"""What an import did, row by row. Row numbers, columns, codes and ids; nothing that stands in the sheet."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from peerkit.sheet.columns import Columns
from peerkit.sheet.rows import Problem
from peerkit.texts import Message, _

OUTCOMES: Mapping[str, Message] = {
    "made": _("came in"),
    "part": _("came in, but not all of the row"),
    "again": _("came in before, nothing was changed"),
    "not": _("did not come in"),
}
"""How a row ended."""

REASONS: Mapping[str, Message] = {
    # nothing of the row comes in
    "formula": _("it is a formula whose value is not in the file: save it in a spreadsheet program"),
    "error-value": _("the cell holds an error of the spreadsheet's"),
    "merged": _("the cell is merged with others, so whose value it is nobody knows: unmerge it"),
    "no-name": _("there is no name in the row"),
    "ambiguous-day": _(
        "the day can be read in two ways: write it like 2026-11-27, or say its order in a mapping"
    ),
    "short-year": _("the year is cut to two figures: write all four"),
    "no-day": _("it is no day"),
    "turned-day": _(
        "the spreadsheet may have turned day and month around, as it did not understand other "
        "days of the column: write it like 2026-11-27, as text"
    ),
    "other-order": _("the day is not in the order that the mapping says"),
    "no-yes-or-no": _("it is neither yes nor no"),
    "no-such-word": _("it is none of the words that are known here"),
    "no-language": _("a language is not known here by that name: write its tag, like en or fr-CA"),
    "no-hours": _("they are no weekly hours: write them like mon-fri 09:00-17:00, sat 10:00-14:00"),
    "cut-number": _("the spreadsheet has shortened the number: format the column as text"),
    "no-number": _("it is no telephone number"),
    "no-address": _("it is no e-mail address"),
    "double": _(
        "somebody of this name or address is there already: write “new” in the column same_as if it "
        "is another human, or that person's id"
    ),
    "no-such-person": _("the column same_as names nobody who is there"),
    "refused": _("peerkit refused it"),
    # a part of the row does not come in
    "asks-without-paper": _(
        "no paper attests that they ask for support, so a task asks somebody to ask "
        "them; what the row says of hopes and wishes is left out"
    ),
    "asks-not-said": _("the row tells hopes or wishes, but not that they ask for support: left out"),
    "role-without-paper": _(
        "no paper attests that they take on the role and whose experience it is, so a "
        "task asks somebody to ask them"
    ),
    "consent-without-paper": _("no consent comes in without its paper"),
    "consent-not-whole": _("a consent says to whom, for which purpose, and which classes of data"),
    "no-such-recipient": _("there is no active recipient of that name or id, or several of that name"),
    "not-enrolled-again": _(
        "it is added to whom same_as names; what the row says of that person is left out"
    ),
}
"""Why something did not come in, by code."""


@attrs.frozen
class RowReport:
    """One row: how it ended, what was made (kind and id), and why something was not."""

    row: int
    outcome: str
    made: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    refusals: tuple[str, ...] = ()
    """Codes of objections, where peerkit refused it."""


@attrs.define
class Report:
    """A whole import. `id` undoes it; empty in a dry run, and where nothing came in."""

    columns: Columns
    dry_run: bool
    id: str = ""
    rows: list[RowReport] = attrs.field(factory=list)
    empty: int = 0
    ended: int = 0
    """The row after which it did not look any further, since only empty ones came; 0 if the file ended."""

    @property
    def totals(self) -> dict[str, int]:
        """How many rows ended how; `rows` is their sum."""
        counts = dict.fromkeys(OUTCOMES, 0)
        for one in self.rows:
            counts[one.outcome] += 1
        return {**counts, "rows": sum(counts.values())}
