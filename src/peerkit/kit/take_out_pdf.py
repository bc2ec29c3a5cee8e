# SPDX-License-Identifier: Apache-2.0
"""A take-out as one encrypted PDF (AES-256): pages to read on any phone, and `take-out.json` attached for a
program. fpdf2 makes the pages and pypdf encrypts them; both are of the extra `takeout`."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from peerkit.errors import PluginError
from peerkit.kit.take_out import plain
from peerkit.texts import _, for_locale, many

FONTS = (
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/TTF/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
    "/System/Library/Fonts/Supplemental/Arial Unicode.ttf",
    "C:/Windows/Fonts/arial.ttf",
)
"""Where fonts with many scripts lie. The first is used, the others where it lacks a letter; without any,
letters beyond Western European ones show as ?, and the attached file has them."""

TITLE = _("What is kept about you")
SIZE = 14
"""Points: the Canadian National Institute for the Blind's Clear Print guidelines ask for 12 to 18."""


def written(found: Mapping[str, Any], passphrase: str) -> bytes:
    """The file's bytes."""
    try:
        from fpdf import FPDF
        from pypdf import PdfWriter
    except ImportError:
        raise PluginError("a take-out needs its extra: pip install 'peerkit[takeout]'") from None
    logging.getLogger("fpdf").setLevel(logging.CRITICAL)  # it would log letters that a font lacks
    logging.getLogger("fontTools").setLevel(logging.CRITICAL)
    pdf = FPDF(format="Letter")
    say = for_locale(*found.get("languages", ()))
    pdf.set_lang(say.locale)
    pdf.set_title(say(TITLE))
    family = _fonts(pdf)
    pdf.add_page()

    def line(text: str, size: int = SIZE) -> None:
        pdf.set_font(family, size=size)
        shown = text if family != "Helvetica" else text.encode("latin-1", "replace").decode("latin-1")
        pdf.multi_cell(0, size * 0.5, shown, new_x="LMARGIN", new_y="NEXT")

    line(say(TITLE), 22)
    taken = found["taken_out"][:16].replace("T", " ")
    line(say(_("{program}, taken out {when} (UTC)", program=found["program"], when=taken)))
    line(say(_("A program can read all of this in the attached file, take-out.json.")))
    if found["withheld"]:
        held = many(
            "{n} record is not in it, since it is about somebody else too.",
            "{n} records are not in it, since they are about somebody else too.",
            found["withheld"],
        )
        line(say(held))
    for record in found["records"]:
        line("")
        line(say.label("", "kind", str(record.get("kind", ""))).capitalize(), 17)
        for text in _lines(record):
            line(text)
    line("")
    line(say(_("Who has seen what")), 22)
    for entry in found["log"]:
        line(f"{entry['at'][:16].replace('T', ' ')}  {entry['text']}")
    pages, out = BytesIO(), BytesIO()
    pdf.output(pages)
    writer = PdfWriter(clone_from=pages)
    writer.add_attachment("take-out.json", plain(found).encode())
    writer.encrypt(passphrase, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _fonts(pdf: Any) -> str:
    """The font to use; others stand behind it for letters that it lacks."""
    names: list[str] = []
    for number, place in enumerate(FONTS):
        if Path(place).is_file():
            pdf.add_font(f"f{number}", fname=place)
            names.append(f"f{number}")
    if names[1:]:
        pdf.set_fallback_fonts(names[1:])
    return names[0] if names else "Helvetica"


def _lines(value: Mapping[str, Any], indent: int = 0) -> list[str]:
    """A document as lines: what is empty, and ids of the machine's own, are left to the attachment."""
    found: list[str] = []
    for name, held in value.items():
        if held in ("", None, [], {}, False) or name in {"kind", "id", "version", "records", "word", "basis"}:
            continue
        label = " " * indent + name.replace("_", " ")
        if isinstance(held, Mapping):
            found += [f"{label}:", *_lines(held, indent + 4)]
        elif isinstance(held, list) and held and isinstance(held[0], Mapping):
            for one in held:
                found += [f"{label}:", *_lines(one, indent + 4)]
        else:
            text = ", ".join(str(one) for one in held) if isinstance(held, list | tuple) else str(held)
            found.append(f"{label}: {text}")
    return found
