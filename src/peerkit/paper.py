# SPDX-License-Identifier: Apache-2.0
"""Pages to read: one plain layout for whatever is printed or taken out, through fpdf2.

Black on white, left-aligned, without italics or capitals for emphasis, after the Canadian National Institute
for the Blind's Clear Print guidelines (12 to 18 points, and 18 or more for large print).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from peerkit.errors import Malformed, PluginError
from peerkit.texts import _

FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
"""Where fonts with many scripts lie. The first is used, the others where it lacks a letter; without any,
letters beyond Western European ones show as ?."""

SIZE, LARGE = 14, 18
"""Points of the text, and of large print."""


class Pages:
    """A document under way: `heading`, `line`, `rule`, then `bytes`. `foot` stands at the foot of each page.

    PluginError without fpdf2, naming the extra that brings it.
    """

    def __init__(
        self,
        title: str,
        *,
        locale: str,
        extra: str,
        size: int = SIZE,
        foot: Callable[[int], str] | None = None,
    ) -> None:
        try:
            from fpdf import FPDF
        except ImportError:
            raise PluginError(f"it needs an extra: pip install 'peerkit[{extra}]'") from None
        logging.getLogger("fpdf").setLevel(logging.CRITICAL)  # it would log letters that a font lacks
        logging.getLogger("fontTools").setLevel(logging.CRITICAL)
        self.size = size

        class Footed(FPDF):
            def footer(pdf) -> None:  # noqa: N805  # the page's, inside the document's
                if foot is not None:
                    pdf.set_y(-pdf.b_margin + 6)
                    self._write(foot(pdf.page_no()), size * 2 // 3)

        self._pdf = Footed(format="Letter")
        self._pdf.set_lang(locale)
        self._pdf.set_title(title)
        if foot is not None:
            self._pdf.set_auto_page_break(auto=True, margin=12 + 1.7 * size)  # five lines of it
        self._family = self._fonts()
        self._pdf.add_page()
        self.line(title, 8)

    def heading(self, text: str) -> None:
        """What comes is about this. It does not stand alone at the end of a page."""
        if self._pdf.will_page_break(self.size * 2.2):
            self._pdf.add_page()
        self.space()
        self.line(text, 3)

    def line(self, text: str, larger: int = 0) -> None:
        """A paragraph, `larger` than the text by so many points."""
        self._write(text, self.size + larger)

    def space(self) -> None:
        """An empty line."""
        self._write("", self.size // 2)

    def sign(self, label: str) -> None:
        """A line to sign on, with what it is for below."""
        if self._pdf.will_page_break(self.size * 2):
            self._pdf.add_page()
        y = self._pdf.get_y() + self.size
        self._pdf.line(self._pdf.l_margin, y, self._pdf.l_margin + 110, y)
        self._pdf.set_y(y + 1)
        self.line(label, -2)

    def bytes(self) -> bytes:
        """The PDF."""
        return bytes(self._pdf.output())

    def _write(self, text: str, size: int) -> None:
        pdf = self._pdf
        pdf.set_font(self._family, size=size)
        shown = text if self._family != "Helvetica" else text.encode("latin-1", "replace").decode("latin-1")
        pdf.multi_cell(0, size * 0.5, shown, align="L", new_x="LMARGIN", new_y="NEXT")

    def _fonts(self) -> str:
        """The font to use; others stand behind it for letters that it lacks."""
        names: list[str] = []
        for number, place in enumerate(FONTS):
            if Path(place).is_file():
                self._pdf.add_font(f"f{number}", fname=place)
                names.append(f"f{number}")
        if names[1:]:
            self._pdf.set_fallback_fonts(names[1:])
        if names and find_spec("uharfbuzz") is not None:  # joins the letters of scripts that are joined
            self._pdf.set_text_shaping(True)
        return names[0] if names else "Helvetica"


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
