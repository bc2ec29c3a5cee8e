# SPDX-License-Identifier: Apache-2.0
"""A take-out as one encrypted PDF (AES-256): pages to read on any phone, and `take-out.json` attached for a
program. fpdf2 makes the pages and pypdf encrypts them; both are of the extra `takeout`."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from peerkit.errors import PluginError
from peerkit.fonts import Case
from peerkit.kit.take_out import plain, told_unread
from peerkit.paper import Pages
from peerkit.texts import Message, Texts, _, many

TITLE = _("What is kept about you")


def written(found: Mapping[str, Any], passphrase: str, say: Texts) -> bytes:
    """The file's bytes, whose pages are in these texts' language."""
    page = Pages(say(TITLE), locale=say.locale, extra="takeout", lacking=lambda case: say(_lacking(case)))
    try:
        from pypdf import PdfWriter
    except ImportError:
        raise PluginError("a take-out needs its extra: pip install 'peerkit[takeout]'") from None
    line = page.line
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
    if found["unread"]:
        line(say(told_unread(found["unread"])))
    for record in found["records"]:
        kind = str(record.get("kind", ""))
        page.heading(say.label("", "kind", kind).capitalize())
        for text in _lines(record, say, kind):
            line(text)
    page.space()
    line(say(_("Who has seen what")), 8)
    for entry in found["log"]:
        line(f"{entry['at'][:16].replace('T', ' ')}  {entry['text']}")
    out = BytesIO()
    writer = PdfWriter(clone_from=BytesIO(page.bytes()))
    writer.add_attachment("take-out.json", plain(found).encode())
    writer.encrypt(passphrase, algorithm="AES-256")
    writer.write(out)
    return out.getvalue()


def _lacking(case: Case) -> Message:
    """What stands on top of a page that lacks letters. A take-out is never refused for want of a font."""
    return _(
        "Some letters could not be drawn on these pages ({lacking}). Where one is missing stands {mark}. The"
        " attached file, take-out.json, has all of them.",
        lacking=case.told(),
        mark=case.mark,
    )


def _lines(value: Mapping[str, Any], say: Texts, kind: str, above: str = "", indent: int = 0) -> list[str]:
    """A document as lines: what is empty, and ids of the machine's own, are left to the attachment. What a
    plugin calls its fields and codes is said; a text that is none of its codes is somebody's, and stays."""
    found: list[str] = []
    for name, held in value.items():
        if held in ("", None, [], {}, False) or name in {"kind", "id", "version", "records", "word", "basis"}:
            continue
        at = f"{above}{name}"
        label = " " * indent + say.label(kind, "field", name)
        if isinstance(held, Mapping):
            found += [f"{label}:", *_lines(held, say, kind, f"{at}.", indent + 4)]
        elif isinstance(held, list) and held and isinstance(held[0], Mapping):
            for one in held:
                found += [f"{label}:", *_lines(one, say, kind, f"{at}.", indent + 4)]
        else:
            several = held if isinstance(held, list | tuple) else [held]
            found.append(f"{label}: {', '.join(say.described(kind, at, str(one)) for one in several)}")
    return found
