# SPDX-License-Identifier: Apache-2.0
"""Pages to read: one plain layout for whatever is printed or taken out, through fpdf2.

    say = texts.for_locale("fr")
    pages = Pages(say(_("My summary")), locale=say.locale)
    pages.heading(say(_("This month")))
    pages.line(say(_("Measured {n} times", n=12)))
    pages.picture(png, say(_("A chart: …")))
    keep(Path("summary.pdf"), "summary", pages.bytes)

Black on white, left-aligned, without italics or capitals for emphasis, after the Canadian National Institute
for the Blind's Clear Print guidelines (12 to 18 points, and 18 or more for large print).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

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
class Block:
    """A paragraph to come: `room` is the height (mm) that has to be left on the page, `rule` a line to sign
    on above it, `picture` one that stands above it, at most so high (mm) as `room`."""

    text: str = attrs.field(repr=False)
    points: int
    room: float = 0
    rule: bool = False
    picture: bytes = attrs.field(default=b"", repr=False)


class Pages:
    """A document under way: `heading`, `line`, `picture`, `space`, `sign`, then `bytes`. `size` is in points
    (`SIZE`, or `LARGE` for large print), `locale` the language of what is written; `foot` gives what stands
    at the foot of a page, by its number. `extra` is what brings the libraries.

    `fonts` are font files for letters that the first font lacks, in that order. If there are letters that
    none has, `bytes` is Malformed, unless `lacking` says what stands about it on top of the first page.
    PluginError without fpdf2 or uharfbuzz, naming the extra that brings them.
    """

    def __init__(
        self,
        title: str,
        *,
        locale: str,
        extra: str = "print",
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
        self.title, self.foot = title, foot or (lambda _number: "")
        self._locale, self._footed, self._lacking = locale, foot is not None, lacking
        self._fonts = tuple(fonts)
        self.blocks: list[Block] = []

    def heading(self, text: str) -> None:
        """What comes is about this. It does not stand alone at the end of a page."""
        self.space(self.size * 2.2)
        self.line(text, 3)

    def line(self, text: str, larger: int = 0) -> None:
        """A paragraph, `larger` than the text by so many points."""
        self.add(Block(text, self.size + larger))

    def space(self, room: float = 0) -> None:
        """An empty line, on the next page if there is not that much room (mm) on this one."""
        self.add(Block("", self.size // 2, room))

    def sign(self, label: str) -> None:
        """A line to sign on, with what it is for below."""
        self.add(Block(label, self.size - 2, self.size * 2, rule=True))

    def picture(self, image: bytes, words: str, *, height: float = 90) -> None:
        """A picture, such as a chart, between the margins and at most so high (mm). `words` say what it shows
        and stand below it: for whoever hears the page read, and for a copy on which it is too pale.

        `image` is a PNG or a JPEG; Malformed for anything else, or without words.
        """
        from PIL import Image

        try:
            with Image.open(BytesIO(image), formats=("PNG", "JPEG")) as opened:
                opened.verify()
        except Exception:  # noqa: BLE001  # whatever is in it
            raise Malformed("a picture is a whole PNG or JPEG", where="picture.image") from None
        if not words.strip():
            raise Malformed("a picture needs words that say what it shows", where="picture.words")
        self.add(Block(words, self.size - 2, height, picture=image))

    def add(self, block: Block) -> None:
        """What comes next."""
        self.blocks.append(block)

    def bytes(self) -> bytes:
        """The PDF."""
        strict = self._lacking is None
        letters = letters_of(f"{self.foot(1)}/0123456789", self.title, *(one.text for one in self.blocks))
        case = packed(self._fonts, letters, strict=strict)
        if strict and case.lacking:
            told = _(
                "the fonts here lack letters that stand in it ({lacking}): name a font file that has them,"
                " such as one of Noto's",
                lacking=case.told(),
            )
            raise Malformed(told, where="--font")
        try:
            return bytes(self.drawn(case))
        except Exception:  # noqa: BLE001  # fonts are made by many
            if strict:
                raise Malformed(_("one of the fonts cannot be put on a page"), where="--font") from None
            return bytes(self.drawn(helvetica(letters)))

    def drawn(self, case: Case) -> bytearray:
        """The pages, set in these fonts."""
        pdf = self.begun(case)
        if self._footed:
            pdf.set_auto_page_break(auto=True, margin=12 + 1.7 * self.size)  # five lines of it
        pdf.add_page()
        first = [Block(self.title, self.size + 8)]
        if self._lacking is not None and case.lacking:
            first.append(Block(self._lacking(case), self.size + 3))
        for block in (*first, *self.blocks):
            if block.room and pdf.will_page_break(block.room):
                pdf.add_page()
            if block.picture:
                image = BytesIO(block.picture)
                pdf.image(image, w=pdf.epw, h=block.room, keep_aspect_ratio=True, alt_text=block.text)
            if block.rule:
                y = pdf.get_y() + self.size
                pdf.line(pdf.l_margin, y, pdf.l_margin + 110, y)
                pdf.set_y(y + 1)
            self.write(pdf, case, block.text, block.points)
        return pdf.output()

    def begun(self, case: Case, *, footed: bool = True) -> FPDF:
        """A document without a page, in these fonts; `footed` with the foot at the end of each page."""
        from fpdf import FPDF

        pages = self

        class Footed(FPDF):
            def footer(pdf) -> None:  # noqa: N805  # the page's, inside the document's
                if footed and pages._footed:
                    pdf.set_y(-pdf.b_margin + 6)
                    pages.write(pdf, case, pages.foot(pdf.page_no()), pages.size * 2 // 3)

        pdf = Footed(format="Letter")
        pdf.core_fonts_encoding = "cp1252"  # Helvetica's own, which has quotes and dashes beside Latin-1
        pdf.set_lang(self._locale)
        pdf.set_title(self.title)
        case.bring(pdf)
        return pdf

    def write(self, pdf: FPDF, case: Case, text: str, points: int) -> None:
        """A paragraph between the margins."""
        pdf.multi_cell(0, points * 0.5, **_set(pdf, case, text, points), new_x="LMARGIN", new_y="NEXT")

    def height(self, pdf: FPDF, case: Case, text: str, points: int) -> float:
        """How high (mm) a paragraph would be."""
        given = _set(pdf, case, text, points)
        return cast("float", pdf.multi_cell(0, points * 0.5, **given, dry_run=True, output="HEIGHT"))

    def lines(self, pdf: FPDF, case: Case, text: str, points: int) -> list[str]:
        """The lines into which a paragraph would be broken."""
        given = _set(pdf, case, text, points)
        return cast("list[str]", pdf.multi_cell(0, points * 0.5, **given, dry_run=True, output="LINES"))


def _set(pdf: FPDF, case: Case, text: str, points: int) -> dict[str, Any]:
    """The text as it is drawn, with its side, once the document has its font and direction."""
    shown = case.shown(text)
    # A sentence of peerkit's goes its own way, whoever is named in it; what is all somebody's, theirs.
    theirs = isinstance(text, Message) and text.context == JOINED
    right = theirs and from_the_right(shown)
    pdf.set_font(case.family(shown), size=points)
    if case.fonts:
        pdf.set_text_shaping(shaped(shown), direction="rtl" if right else "ltr")
    return {"text": shown, "align": "R" if right else "L"}


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
