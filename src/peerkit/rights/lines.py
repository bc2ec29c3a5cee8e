# SPDX-License-Identifier: Apache-2.0
"""A line of the rights table, and how it is read."""

from __future__ import annotations

import attrs

from peerkit.errors import Malformed, PluginError
from peerkit.model.base import READERS


@attrs.frozen
class Row:
    """One line of the table."""

    role: str
    kind: str
    read: bool
    acts: frozenset[str]

    def may(self, act: str) -> bool:
        """Whether the line lets its role record the act."""
        return act in self.acts or "*" in self.acts

    @property
    def shuts(self) -> bool:
        """Whether it is of an office that settles concerns, or of somebody who lets others read: whoever an
        open concern names reads nothing by such a line, until a human decided."""
        own, _, field = self.role.partition(":")
        return field in READERS or (self.kind == "concern" and own != "own")


def parse(text: str, source: str = "rights") -> tuple[Row, ...]:
    """The rows of a table; Malformed names the line that does not fit."""
    rows = []
    for number, line in enumerate(text.strip().splitlines()[1:], start=2):
        cells = line.split()
        if len(cells) != 4 or cells[2] not in {"yes", "no"}:  # the four columns
            raise Malformed(
                "a line of the rights table is: role kind yes|no acts", where=f"{source}: line {number}"
            )
        acts = frozenset() if cells[3] == "-" else frozenset(cells[3].split(","))
        rows.append(Row(cells[0], cells[1], cells[2] == "yes", acts))
    return tuple(rows)


def rows_for(plugin: str, kind: str, text: str) -> tuple[Row, ...]:
    """The rows that a plugin brings for a kind of its own; PluginError for those of another kind."""
    rows = parse(text, plugin) if text.strip() else ()
    for row in rows:
        if row.kind != kind:
            raise PluginError(f"plugin {plugin} brings rights for {row.kind}, not for the kind beside them")
    return rows
