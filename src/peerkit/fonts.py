# SPDX-License-Identifier: Apache-2.0
"""The fonts that a page is set in, and what they lack: names and words come in any script.

What no font here has is found before a page is made, so that a page never shows less than what it says
without a word about it.
"""

from __future__ import annotations

import glob
import itertools
import os
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed
from peerkit.texts import Message, _, joined, verbatim

if TYPE_CHECKING:
    from fpdf import FPDF

FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/**/DejaVuSans.ttf",
    "/usr/share/fonts/**/NotoSans-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
    "/usr/share/fonts/**/NotoSans*-Regular.[ot]t[fc]",
    "/usr/share/fonts/**/NotoEmoji-Regular.ttf",
    *(
        f"C:/Windows/Fonts/{name}.tt[fc]"
        for name in ["nirmala", "msyh", "malgun", "gadugi", "ebrima", "seguisym"]
    ),
)
"""Where fonts with many scripts lie. The first that is there writes, the others help with letters that it
lacks. Without any it is Helvetica, which every reader of PDFs has, and which has the letters of Western
Europe."""

MORE_FONTS = "PEERKIT_FONTS"
"""The variable of the environment that names more font files, apart as in PATH."""

STAND_INS = {"☐": "[ ]", "☒": "[x]", "•": "-", "’": "'"}
"""What is written for a sign of peerkit's own that the fonts lack."""

MARKS = "\ufffd□"
"""What stands where a letter could not be drawn: the first that there is, else `[?]`."""

SIMPLE = frozenset(
    ("Latn", "Grek", "Cyrl", "Armn", "Geor", "Cans", "Cher", "Hani", "Hira", "Kana", "Hang", "Bopo", "Zyyy")
)
"""Scripts whose letters stand one after the other as they are; the others are shaped."""


@attrs.frozen
class Case:
    """The type that a document is set in: font files with the letters that each has, and the letters that
    are in none of them. Without a font it is Helvetica."""

    fonts: Mapping[str, frozenset[str]]
    lacking: frozenset[str] = attrs.field(default=frozenset(), repr=False)

    def has(self, letter: str) -> bool:
        """Whether it can be drawn."""
        if not self.fonts:
            return _in_helvetica(letter)
        return any(letter in held for held in self.fonts.values())

    def told(self) -> Message:
        """How many letters are lacking and of which scripts, as a person reads it; never which letters."""
        from fontTools import unicodedata as scripts  # type: ignore[import-untyped]

        codes = (scripts.script(one) for one in self.lacking)
        found = Counter("" if one in {"Zyyy", "Zinh", "Zzzz"} else scripts.script_name(one) for one in codes)
        signs = _("signs and pictures")
        return joined(
            (
                _("{script}: {n}", script=verbatim(script) if script else signs, n=n)
                for script, n in sorted(found.items(), key=lambda one: (not one[0], one))
            ),
            ", ",
        )

    @property
    def mark(self) -> str:
        """What stands where a letter could not be drawn."""
        return next((one for one in MARKS if self.has(one)), "[?]")

    def shown(self, text: str) -> str:
        """The text as it is drawn, with a mark for each letter that cannot be."""
        return "".join(one if one == "\n" or self.has(one) else self._instead(one) for one in _plain(text))

    def _instead(self, letter: str) -> str:
        if _blank(letter):
            return " " if unicodedata.category(letter) == "Zs" else letter if self.fonts else ""
        return STAND_INS.get(letter) or self.mark

    def bring(self, pdf: FPDF) -> None:
        """The fonts are there for the document."""
        for number, place in enumerate(self.fonts):
            pdf.add_font(f"f{number}", fname=place)
        pdf.set_fallback_fonts([f"f{number}" for number in range(len(self.fonts))])

    def family(self, text: str) -> str:
        """The font for a paragraph: the first that has all of it, so that words are not pieced together."""
        needed = letters_of(text)
        whole = (number for number, held in enumerate(self.fonts.values()) if needed <= held)
        return f"f{next(whole, 0)}" if self.fonts else "Helvetica"


def packed(named: Iterable[str | os.PathLike[str]], letters: frozenset[str], *, strict: bool) -> Case:
    """The fonts for these letters: the first of the machine's, then those that are named, then others of the
    machine's, each as far as it has what those before it lack. Malformed if what is named is no font and
    that is to be `strict`."""
    more = os.environ.get(MORE_FONTS, "").split(os.pathsep)
    asked = [os.fspath(one) for one in (*named, *more) if one]
    here = _here()
    fonts: dict[str, frozenset[str]] = {}
    for place in itertools.chain(itertools.islice(here, 1), asked, here):
        lacking = letters.difference(*fonts.values())
        if fonts and not lacking and place not in asked:
            break
        held = _held(place)
        if held is None and strict and place in asked:
            raise Malformed(_("it is no font that can be put on a page"), where=place)
        if held and (not fonts or lacking & held):
            fonts[place] = held
    case = Case(fonts, letters.difference(STAND_INS, *fonts.values()))
    plain = helvetica(letters)
    return min(case, plain, key=lambda one: len(one.lacking)) if fonts else plain


def helvetica(letters: frozenset[str]) -> Case:
    """What is there without any font file."""
    return Case({}, frozenset(one for one in letters.difference(STAND_INS) if not _in_helvetica(one)))


def _here() -> Iterator[str]:
    """The font files of this machine, as far as they are known."""
    seen = set[str]()
    for pattern in FONTS:
        for place in sorted(glob.iglob(pattern, recursive=True)):  # noqa: PTH207  # absolute patterns, of any system
            if place not in seen:
                seen.add(place)
                yield place


def _held(place: str) -> frozenset[str] | None:
    """The letters that a font file has; None if it is none that can be put on a page."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    try:
        with Path(place).open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as font:
            drawn = any(table in font for table in ("glyf", "CFF ", "CFF2"))
            return frozenset(map(chr, font.getBestCmap())) if drawn else None
    except Exception:  # noqa: BLE001  # whatever a file that is no font makes of its reader
        return None


def _plain(text: str) -> str:
    """The text in the form that fonts know (a letter and its accent as one), without control characters."""
    lines = unicodedata.normalize("NFC", text).replace("\t", "    ")
    return "".join(one for one in lines if one == "\n" or unicodedata.category(one) != "Cc")


def letters_of(*texts: str) -> frozenset[str]:
    """What of the texts has to be drawn."""
    return frozenset(one for one in set(_plain("".join(texts))) if one != "\n" and not _blank(one))


def _blank(letter: str) -> bool:
    """Whether nothing is to be seen of it: blanks, and what only says how its neighbours look."""
    kind = unicodedata.category(letter)
    return kind in {"Cf", "Zs", "Zl", "Zp"} or "\ufe00" <= letter <= "\ufe0f" or letter >= "\U000e0100"


def _in_helvetica(letter: str) -> bool:
    try:
        return bool(letter.encode("cp1252"))
    except UnicodeEncodeError:
        return False


def shaped(text: str) -> bool:
    """Whether how a letter looks depends on its neighbours, or where it stands on the direction. Shaping
    takes its time, so what does not need it goes without."""
    if text.isascii():
        return False
    from fontTools.unicodedata import script  # type: ignore[import-untyped]

    return any(
        unicodedata.category(one)[0] == "M" or unicodedata.category(one) == "Cf" or script(one) not in SIMPLE
        for one in set(text)
    )


def from_the_right(text: str) -> bool:
    """Whether the paragraph begins in a script that is written from the right."""
    strong = (side for side in map(unicodedata.bidirectional, text) if side in {"L", "R", "AL"})
    return next(strong, "L") != "L"
