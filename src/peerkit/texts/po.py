# SPDX-License-Identifier: Apache-2.0
"""A catalogue as people edit it (`.po`), read without a tool: its entries, and the `.mo` that it makes.

The form: GNU gettext manual, "The Format of PO Files" and "The Format of GNU MO Files" (Free Software
Foundation, 2023). What is marked fuzzy is a guess that nobody confirmed, and counts as not translated.
"""

from __future__ import annotations

import ast
import re
import struct
from collections.abc import Iterator

import attrs

_LINE = re.compile(r'(?:(?P<word>msgctxt|msgid_plural|msgid|msgstr)(?:\[(?P<n>\d)\])?\s*)?(?P<text>".*")')
_CHARSET = re.compile(rb"Content-Type:[^\n]*(?:\n|$)", re.IGNORECASE)
_MAGIC = 0x950412DE


@attrs.define
class Entry:
    """One text: `source` (and `other`, for several) in its `context`, and what is `said` for it, one for each
    plural form. The entry without a source is the head of the file."""

    line: int = 0
    context: str = ""
    source: str = ""
    other: str = ""
    said: list[str] = attrs.field(factory=list)
    fuzzy: bool = False
    notes: list[str] = attrs.field(factory=list)

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from the others."""
        return self.context, self.source, self.other


def entries(text: str) -> Iterator[Entry]:
    """The entries in their order; ValueError names the line of what is none."""
    made, last = Entry(), ""
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#~"):
            continue
        begins = line.startswith(("#", "msgctxt")) or (line.startswith("msgid ") and last != "msgctxt")
        if begins and made.said:
            yield made
            made, last = Entry(), ""
        if line.startswith("#"):
            made.fuzzy = made.fuzzy or (line.startswith("#,") and "fuzzy" in line)
            if line.startswith("# ") or line == "#":
                made.notes.append(line)
            continue
        found = _LINE.fullmatch(line)
        word = (found["word"] or last) if found is not None else ""
        if found is None or not word:
            raise ValueError(f"line {number} is no entry of a catalogue")
        piece = _piece(found["text"], number)
        _put(made, word, piece, number, new=bool(found["word"]))
        last = word
    if made.said:
        yield made


def _piece(quoted: str, number: int) -> str:
    if "\\" not in quoted and '"' not in quoted[1:-1]:
        return quoted[1:-1]  # most of them; the other way is ten times slower
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):
        raise ValueError(f"line {number} has a text that does not end") from None


def _put(entry: Entry, word: str, piece: str, number: int, *, new: bool) -> None:
    if word == "msgstr":
        if new:
            entry.said.append("")
        entry.said[-1] += piece
        return
    if entry.said:
        raise ValueError(f"line {number} comes after the translation that it belongs to")
    name = {"msgctxt": "context", "msgid": "source", "msgid_plural": "other"}[word]
    entry.line = entry.line or number
    setattr(entry, name, ("" if new else getattr(entry, name)) + piece)


def compiled(text: str) -> bytes:
    """The catalogue as `.mo`, without what is not translated; ValueError as `entries`."""
    held = [one for one in entries(text) if all(one.said) and not (one.fuzzy and one.source)]
    pairs = {_id(one): "\0".join(one.said).encode() for one in held}
    head = _CHARSET.sub(b"", pairs.get(b"", b""))
    pairs[b""] = head + b"Content-Type: text/plain; charset=utf-8\n"  # as it is written here
    ids = sorted(pairs)
    start = 28
    at = start + 16 * len(ids)
    head = struct.pack("<7I", _MAGIC, 0, len(ids), start, start + 8 * len(ids), 0, at)
    table: list[int] = []
    texts = [*ids, *(pairs[one] for one in ids)]
    for one in texts:
        table += [len(one), at]
        at += len(one) + 1
    return head + struct.pack(f"<{len(table)}I", *table) + b"".join(one + b"\0" for one in texts)


def _id(entry: Entry) -> bytes:
    several = f"\0{entry.other}" if entry.other else ""
    context = f"{entry.context}\4" if entry.context else ""
    return f"{context}{entry.source}{several}".encode()


def written(held: Iterator[Entry] | list[Entry]) -> str:
    """The entries as a file."""
    return "\n".join(_lines(one) for one in held)


def _lines(entry: Entry) -> str:
    lines = list(entry.notes)
    if entry.context:
        lines.append(f"msgctxt {_quoted(entry.context)}")
    lines.append(f"msgid {_quoted(entry.source)}")
    if entry.other:
        lines.append(f"msgid_plural {_quoted(entry.other)}")
        lines += [f"msgstr[{n}] {_quoted(one)}" for n, one in enumerate(entry.said)]
    else:
        lines.append(f"msgstr {_quoted(entry.said[0] if entry.said else '')}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    plain = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    pieces = [f'"{one}"' for one in plain.replace("\n", "\\n\n").splitlines()] or ['""']
    return pieces[0] if len(pieces) == 1 else "\n".join(['""', *pieces])
