# SPDX-License-Identifier: Apache-2.0
"""A safety plan as a card for the wallet: panels of its size on a sheet, to cut out and fold.

A panel is as large as a bank card (ISO/IEC 7810, ID-1). Words that do not fit go on with the next panel, and
on the next sheet: nothing is made smaller than can be read, and nothing is cut. It names neither the person
nor the program, since a wallet is lost and opened by others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from peerkit.model.safety_plan import SafetyPlan
from peerkit.paper import Block, Pages
from peerkit.safety import own_plan
from peerkit.texts import Texts, _, verbatim

if TYPE_CHECKING:
    from fpdf import FPDF

    from peerkit.fonts import Case

WIDTH, HEIGHT = 85.6, 54.0
"""A panel in millimetres."""

COLUMNS, ROWS = 2, 4
SHEET = COLUMNS * ROWS
"""Panels on a sheet: folded in the middle they are front and back, and then one behind the other."""

PADDING, FOOT, TOP = 4.0, 4.0, 36.0
"""Around the words of a panel, for its number, and above the panels of a sheet (mm)."""

RULED = 1.5
"""Above a heading, and below it for the line under it (mm)."""

SIZE, LARGE = 9, 14
"""Points of the text, and of large print."""

TITLE = _("My plan for hard hours")


@attrs.frozen
class _Piece:
    """What stands in a panel, `height` mm high, and `before` mm below what comes before it."""

    text: str = attrs.field(repr=False)
    points: int
    height: float
    rule: bool = False
    keeps: bool = False
    """Whether what comes next stands in the same panel."""

    @property
    def before(self) -> float:
        return RULED if self.rule else 0


class Cards(Pages):
    """Pages whose text runs through panels. A heading has a line under it."""

    def heading(self, text: str) -> None:
        """What comes is about this. It does not stand alone at the end of a panel."""
        self.add(Block(text, self.size + 1, rule=True))

    def entry(self, words: str, reach: str) -> None:
        """Somebody's words, and below them how to reach whom they name, in the same panel where that fits."""
        self.add(Block(verbatim(words), self.size, room=1 if reach else 0))
        if reach:
            self.line(verbatim(reach))

    def drawn(self, case: Case) -> bytearray:
        """The sheets."""
        pdf = self.begun(case, footed=False)
        pdf.set_auto_page_break(auto=False)
        pdf.add_page()
        _margins(pdf, 0)
        panels = self._panels(pdf, case)
        for number, panel in enumerate(panels):
            if not number % SHEET:
                if number:
                    pdf.add_page()
                self._sheet(pdf, case, len(panels) - number)
            self._panel(pdf, case, number, panel, len(panels))
        return pdf.output()

    def _panels(self, pdf: FPDF, case: Case) -> list[list[_Piece]]:
        """What stands in which panel: an entry goes to the next one whole, if it fits there."""
        room = HEIGHT - 2 * PADDING - FOOT
        panels: list[list[_Piece]] = [[]]
        pieces = [_Piece(self.title, self.size + 3, self.height(pdf, case, self.title, self.size + 3))]
        for block in self.blocks:
            height = self.height(pdf, case, block.text, block.points) + (RULED if block.rule else 0)
            piece = _Piece(block.text, block.points, height, block.rule, block.rule or bool(block.room))
            pieces += self._apart(pdf, case, piece, room)
        left = room
        about: _Piece | None = None
        for at, piece in enumerate(pieces):
            if piece.before + _together(pieces, at) > left and panels[-1]:
                panels.append([])
                left = room
                again = None if piece.rule else about  # a part that goes on has its heading again
                if again is not None and again.height + _together(pieces, at) <= room:
                    panels[-1].append(again)
                    left -= again.height
            about = piece if piece.rule else about
            left -= piece.height + (piece.before if panels[-1] else 0)
            panels[-1].append(piece)
        return panels

    def _apart(self, pdf: FPDF, case: Case, piece: _Piece, room: float) -> list[_Piece]:
        """The piece, or line by line what would not fit in one panel with a heading of two lines."""
        if piece.height <= room - (self.size + 1) - RULED:
            return [piece]
        lines = [verbatim(one) for one in self.lines(pdf, case, piece.text, piece.points)]
        return [_Piece(one, piece.points, self.height(pdf, case, one, piece.points)) for one in lines]

    def _sheet(self, pdf: FPDF, case: Case, count: int) -> None:
        """The lines to cut and to fold along."""
        rows = min(ROWS, -(-count // COLUMNS))
        left, width = _left(pdf, 0), COLUMNS * WIDTH
        pdf.set_left_margin(left)
        pdf.set_right_margin(pdf.w - left - width)
        pdf.set_y(TOP - 12)
        self.write(pdf, case, self.foot(0), SIZE)
        pdf.rect(left, TOP, width, rows * HEIGHT)
        pdf.set_dash_pattern(dash=1.5, gap=1.5)
        pdf.line(left + WIDTH, TOP, left + WIDTH, TOP + rows * HEIGHT)
        for row in range(1, rows):
            pdf.line(left, TOP + row * HEIGHT, left + width, TOP + row * HEIGHT)
        pdf.set_dash_pattern()

    def _panel(self, pdf: FPDF, case: Case, number: int, panel: list[_Piece], count: int) -> None:
        row = number % SHEET // COLUMNS
        _margins(pdf, number % COLUMNS)
        y = TOP + row * HEIGHT + PADDING
        for piece in panel:
            y += piece.before if piece is not panel[0] else 0
            pdf.set_y(y)
            self.write(pdf, case, piece.text, piece.points)
            y += piece.height
            if piece.rule:
                pdf.line(pdf.l_margin, y - 1, pdf.w - pdf.r_margin, y - 1)
        pdf.set_y(TOP + (row + 1) * HEIGHT - FOOT - 1)
        self.write(pdf, case, f"{number + 1}/{count}", SIZE - 2)


def _together(pieces: list[_Piece], at: int) -> float:
    """How high (mm) a piece is with what it keeps beside it."""
    height = pieces[at].height
    while pieces[at].keeps and at + 1 < len(pieces):
        at += 1
        height += pieces[at].height
    return height


def _left(pdf: FPDF, column: int) -> float:
    return float((pdf.w - COLUMNS * WIDTH) / 2 + column * WIDTH)


def _margins(pdf: FPDF, column: int) -> None:
    """The words stand in a panel of this column."""
    pdf.set_left_margin(_left(pdf, column) + PADDING)
    pdf.set_right_margin(pdf.w - _left(pdf, column) - WIDTH + PADDING)


def card(plan: SafetyPlan, say: Texts, *, large: bool, fonts: Iterable[str | os.PathLike[str]]) -> bytes:
    """The plan as it stands, in the person's words and order; without what is only suggested."""
    cut = _("Cut along the line around, then fold along the others: first in the middle.")
    made = Cards(
        say(TITLE),
        locale=say.locale,
        extra="print",
        size=LARGE if large else SIZE,
        foot=lambda _number: say(cut),
        fonts=fonts,
    )
    for title, entries in own_plan.parts(plan):
        made.heading(say(title))
        for number, entry in enumerate(entries, start=1):
            made.entry(f"{number}. {entry.words}", entry.reach)
    return made.bytes()
