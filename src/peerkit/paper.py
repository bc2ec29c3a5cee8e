# SPDX-License-Identifier: Apache-2.0
"""Pages to read: one plain layout for whatever is printed or taken out, through fpdf2.

Black on white, left-aligned, without italics or capitals for emphasis, after the Canadian National Institute
for the Blind's Clear Print guidelines (12 to 18 points, and 18 or more for large print).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from peerkit.errors import Malformed, PluginError
from peerkit.fonts import Case, from_the_right, helvetica, letters_of, packed, shaped
from peerkit.texts import _
from peerkit.texts.message import JOINED, Message

if TYPE_CHECKING:
    from fpdf import FPDF

SIZE, LARGE = 14, 18
"""Points of the text, and of large print."""


@attrs.frozen
class _Block:
    """A paragraph to come: `room` is the height (mm) that has to be left on the page, `rule` a line to sign
    on above it."""

    text: str = attrs.field(repr=False)
    points: int
    room: float = 0
    rule: bool = False


class Pages:
    """A document under way: `heading`, `line`, `space`, `sign`, then `bytes`. `foot` stands at the foot of
    each page.

    `fonts` are font files for letters that the first font lacks, in that order. If there are letters that
    none has, `bytes` is Malformed, unless `lacking` says what stands about it on top of the first page.
    PluginError without fpdf2 or uharfbuzz, naming the extra that brings them.
    """

    def __init__(
        self,
        title: str,
        *,
        locale: str,
        extra: str,
        size: int = SIZE,
        foot: Callable[[int], str] | None = None,
        fonts: Iterable[str | os.PathLike[str]] = (),
        lacking: Callable[[Case], str] | None = None,
    ) -> None:
        try:
            import fpdf  # noqa: F401
            import uharfbuzz  # type: ignore[import-untyped]  # noqa: F401  # joins the letters of scripts that are joined
        except ImportError:
            raise PluginError(f"it needs an extra: pip install 'peerkit[{extra}]'") from None
        for logger in ("fpdf", "fontTools"):  # what a font lacks is said here, and no letter in a log
            logging.getLogger(logger).setLevel(logging.CRITICAL)
        self.size = size
        self._title, self._locale, self._foot, self._lacking = title, locale, foot, lacking
        self._fonts = tuple(fonts)
        self._blocks: list[_Block] = []

    def heading(self, text: str) -> None:
        """What comes is about this. It does not stand alone at the end of a page."""
        self.space(self.size * 2.2)
        self.line(text, 3)

    def line(self, text: str, larger: int = 0) -> None:
        """A paragraph, `larger` than the text by so many points."""
        self._blocks.append(_Block(text, self.size + larger))

    def space(self, room: float = 0) -> None:
        """An empty line, on the next page if there is not that much room (mm) on this one."""
        self._blocks.append(_Block("", self.size // 2, room))

    def sign(self, label: str) -> None:
        """A line to sign on, with what it is for below."""
        self._blocks.append(_Block(label, self.size - 2, self.size * 2, rule=True))

    def bytes(self) -> bytes:
        """The PDF."""
        strict = self._lacking is None
        foot = "" if self._foot is None else f"{self._foot(1)}0123456789"
        letters = letters_of(foot, self._title, *(one.text for one in self._blocks))
        case = packed(self._fonts, letters, strict=strict)
        if strict and case.lacking:
            told = _(
                "the fonts here lack letters that stand in it ({lacking}): name a font file that has them,"
                " such as one of Noto's",
                lacking=case.told(),
            )
            raise Malformed(told, where="--font")
        try:
            return bytes(self._drawn(case))
        except Exception:  # noqa: BLE001  # fonts are made by many
            if strict:
                raise Malformed(_("one of the fonts cannot be put on a page"), where="--font") from None
            return bytes(self._drawn(helvetica(letters)))

    def _drawn(self, case: Case) -> bytearray:
        from fpdf import FPDF

        size, foot, write = self.size, self._foot, self._write

        class Footed(FPDF):
            def footer(pdf) -> None:  # noqa: N805  # the page's, inside the document's
                if foot is not None:
                    pdf.set_y(-pdf.b_margin + 6)
                    write(pdf, case, foot(pdf.page_no()), size * 2 // 3)

        pdf = Footed(format="Letter")
        pdf.core_fonts_encoding = "cp1252"  # Helvetica's own, which has quotes and dashes beside Latin-1
        pdf.set_lang(self._locale)
        pdf.set_title(self._title)
        if foot is not None:
            pdf.set_auto_page_break(auto=True, margin=12 + 1.7 * size)  # five lines of it
        case.bring(pdf)
        pdf.add_page()
        first = [_Block(self._title, size + 8)]
        if self._lacking is not None and case.lacking:
            first.append(_Block(self._lacking(case), size + 3))
        for block in (*first, *self._blocks):
            if block.room and pdf.will_page_break(block.room):
                pdf.add_page()
            if block.rule:
                y = pdf.get_y() + size
                pdf.line(pdf.l_margin, y, pdf.l_margin + 110, y)
                pdf.set_y(y + 1)
            write(pdf, case, block.text, block.points)
        return pdf.output()

    @staticmethod
    def _write(pdf: FPDF, case: Case, text: str, points: int) -> None:
        shown = case.shown(text)
        # A sentence of peerkit's goes its own way, whoever is named in it; what is all somebody's, theirs.
        theirs = isinstance(text, Message) and text.context == JOINED
        right = theirs and from_the_right(shown)
        pdf.set_font(case.family(shown), size=points)
        if case.fonts:
            pdf.set_text_shaping(shaped(shown), direction="rtl" if right else "ltr")
        side = "R" if right else "L"
        pdf.multi_cell(0, points * 0.5, shown, align=side, new_x="LMARGIN", new_y="NEXT")


def new_file(target: Path, where: str) -> int:
    """A new file that only its owner reads; Malformed if one is there already, or none can be made."""
    try:
        return os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        told = _("the file cannot be made: is it there already, or its folder missing?")
        raise Malformed(told, where=where) from None


def keep(target: Path, where: str, make: Callable[[], Any]) -> None:
    """Make a new file, then what stands in it; nothing is left of it if something fails on the way."""
    handle = new_file(target, where)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(make())
    except BaseException:
        target.unlink(missing_ok=True)
        raise
