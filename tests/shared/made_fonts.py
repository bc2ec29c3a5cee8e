# SPDX-License-Identifier: Apache-2.0
"""Fonts that have exactly the letters that a test needs: every letter a box."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

WESTERN = "".join(map(chr, range(0x20, 0x7F))) + "".join(map(chr, range(0xA0, 0x180))) + "•’☐☒\ufffd"


def font(path: Path, letters: str) -> Path:
    """A font file with these letters."""
    pen = TTGlyphPen(None)
    for move, point in zip(("moveTo", "lineTo", "lineTo"), ((50, 0), (450, 0), (250, 700)), strict=True):
        getattr(pen, move)(point)
    pen.closePath()
    names = {ord(one): f"u{ord(one):05X}" for one in letters}
    order = [".notdef", *names.values()]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(order)
    made.setupCharacterMap(names)
    made.setupGlyf(dict.fromkeys(order, pen.glyph()))
    made.setupHorizontalMetrics(dict.fromkeys(order, (500, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Made", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.save(path)
    return path
