# SPDX-License-Identifier: Apache-2.0
"""Which column is what: guessed from the headings, or said in a small TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import attrs

from peerkit.errors import Malformed
from peerkit.model.base import fold
from peerkit.sheet.reading import MOST_EMPTY, Cell, File, Line, letters
from peerkit.sheet.values import DAY_FIRST, MONTH_FIRST, order_of

HEADINGS: Mapping[str, str] = {
    "name": "name; full name; participant; participant name; member; person; nom; nom complet; prenom et nom",
    "first_name": "first name; given name; first; preferred name; prenom",
    "last_name": "last name; surname; family name; last; nom de famille",
    "pronouns": "pronouns; pronoms; pronom",
    "born": "born; birth date; date of birth; birthdate; birthday; dob; date de naissance; ne le; nee le",
    "age_band": "age band; age group; groupe d age; tranche d age",
    "languages": "languages; language; langue; langues; preferred language",
    "phone": "phone; telephone; phone number; cell; cell phone; mobile; home phone; tel; numero de telephone",
    "email": "email; e mail; email address; courriel; adresse courriel",
    "not_by": "not by; do not contact by; never contact by; ne pas contacter par",
    "hours": "hours; when to call; best time; best time to call; heures; meilleur moment",
    "watched": "watched; device watched; not safe to message; appareil surveille",
    "access_needs": "access needs; accommodations; accessibility; besoins d acces; accommodements",
    "asks": "asks; asks for support; wants support; wants a peer; waiting; demande; demande de soutien",
    "seeking_as": "seeking as; for whom; pour qui",
    "way": "way; format; one to one or group; forme",
    "hopes": "hopes; hopes for; espoirs; souhaite",
    "wishes": "wishes; wishes for a match; preferences; souhaits",
    "interests": "interests; interets",
    "paper": "paper; signed form; form is in; where the form is; intake form; papier; formulaire",
    "paper_date": "date on the form; signed on; form date; date signed; signe le",
    "role": "role; volunteer; role in the program; role dans le programme; benevole",
    "experience": "experience; lived experience; experience vecue",
    "consent_to": "consent to; consent to share with; consentement a; partage avec",
    "consent_for": "consent for; consent purpose; consentement pour",
    "consent_classes": "consent covers; consent classes; consentement couvre",
    "consent_until": "consent until; consent expires; consentement jusqu au",
    "consent_paper": "consent paper; consent form; consent form is in; formulaire de consentement",
    "same_as": "same as; new or id; meme personne",
}
"""What a column can be, and the headings by which it is known, in English and French, without capitals and
accents."""

SEVERAL = frozenset({"phone", "email"})
"""What several columns may be: a cell phone and one at home."""

DAYS = ("born", "paper_date", "consent_until")
"""Columns of days."""

KNOWN = {fold(one.strip()): field for field, names in HEADINGS.items() for one in names.split(";")}
_FIRST_ROWS = 20
_KEYS = frozenset({"sheet", "heading", "encoding", "columns", "dates"})


@attrs.frozen
class Given:
    """What a mapping file says: headings or letters by field, the order of days, the sheet, its row of
    headings."""

    columns: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, repr=False)
    dates: Mapping[str, str] = attrs.field(factory=dict)
    sheet: str = attrs.field(default="", repr=False)
    heading: int = 0
    encoding: str = ""


@attrs.frozen
class Columns:
    """Which column is what. `fields` has a field's columns, counted from 0; `headings` the row of headings;
    `left` the columns that come to nothing. `mixed` are columns of days in which a spreadsheet may have
    turned day and month around."""

    heading: int
    fields: Mapping[str, tuple[int, ...]]
    headings: tuple[str, ...] = attrs.field(repr=False)
    dates: Mapping[str, str]
    mixed: frozenset[str] = frozenset()

    @property
    def left(self) -> tuple[int, ...]:
        """The columns with a heading that nothing is taken from."""
        taken = {one for columns in self.fields.values() for one in columns}
        return tuple(n for n, text in enumerate(self.headings) if text and n not in taken)

    def cells(self, line: Line) -> dict[str, list[Cell]]:
        """What a line has for each field, without what is empty."""
        found: dict[str, list[Cell]] = {}
        for field, columns in self.fields.items():
            held = [line.cells[n] for n in columns if n < len(line.cells)]
            if cells := [one for one in held if not one.empty]:
                found[field] = cells
        return found


def read_map(path: Path | None) -> Given:
    """The mapping file; Malformed names what in it does not fit."""
    if path is None:
        return Given()
    try:
        text = path.read_text(encoding="utf-8")
        given: dict[str, Any] = tomllib.loads(text)
    except (OSError, UnicodeDecodeError):
        raise Malformed("the mapping cannot be read: is it there, and in UTF-8?", where="--map") from None
    except tomllib.TOMLDecodeError:
        raise Malformed("the mapping is no TOML", where="--map") from None
    columns, dates = given.get("columns", {}), given.get("dates", {})
    if not given.keys() <= _KEYS or not isinstance(columns, dict) or not isinstance(dates, dict):
        raise Malformed(f"a mapping holds some of: {', '.join(sorted(_KEYS))}", where="--map")
    if not columns.keys() <= HEADINGS.keys():
        raise Malformed(f"a column is one of: {', '.join(HEADINGS)}", where="--map: columns")
    if not dates.keys() <= set(DAYS) or not set(dates.values()) <= {DAY_FIRST, MONTH_FIRST}:
        told = f"for {', '.join(DAYS)} it says {DAY_FIRST} or {MONTH_FIRST}"
        raise Malformed(told, where="--map: dates")
    heading, sheet, encoding = given.get("heading", 0), given.get("sheet", ""), given.get("encoding", "")
    if type(heading) is not int or heading < 0 or not isinstance(sheet, str) or not isinstance(encoding, str):
        raise Malformed("heading is the number of a row, sheet and encoding are texts", where="--map")
    wanted = {field: (one,) if isinstance(one, str) else tuple(one) for field, one in columns.items()}
    return Given(wanted, dates, sheet, heading, encoding)


def find(file: File, given: Given) -> Columns:
    """The row of headings and what its columns are. Malformed if none is found, or two are the same thing.

    The whole file is gone through once for its days: whether a spreadsheet may have turned some around.
    """
    first: list[Line] = list(islice(file.lines(), max(_FIRST_ROWS, given.heading)))
    if given.heading:
        chosen = next((one for one in first if one.number == given.heading), None)
    else:
        chosen = next((one for one in first if _named(_fields(one, given))), None)
    fields = {} if chosen is None else _fields(chosen, given)
    if chosen is None or not _named(fields):
        told = (
            'no column is known as the name: say which in a mapping (--map), as in columns.name = "B", and '
            "with heading = N which row has the headings"
        )
        raise Malformed(told, where="FILE")
    for field, columns in fields.items():
        if len(columns) > 1 and field not in SEVERAL:
            both = ", ".join(letters(one) for one in columns)
            told = f"columns {both} could each be {field}: say which in a mapping (--map)"
            raise Malformed(told, where="FILE")
    headings = tuple(one.text for one in chosen.cells)
    found = Columns(chosen.number, fields, headings, given.dates)
    return attrs.evolve(found, mixed=_mixed(file, found))


def _named(fields: Mapping[str, Sequence[int]]) -> bool:
    return "name" in fields or "first_name" in fields


def _fields(line: Line, given: Given) -> dict[str, tuple[int, ...]]:
    headings = [fold(one.text) if one.text else "" for one in line.cells]
    fields = {field: _given(texts, headings) for field, texts in given.columns.items()}
    taken = {one for columns in fields.values() for one in columns}
    for number, text in enumerate(headings):
        field = KNOWN.get(text)
        if field is not None and number not in taken and field not in given.columns:
            fields[field] = (*fields.get(field, ()), number)
    if "name" in fields:  # then the parts of it are another way to write the same
        fields.pop("first_name", None)
        fields.pop("last_name", None)
    return fields


def _given(texts: Sequence[str], headings: Sequence[str]) -> tuple[int, ...]:
    found: list[int] = []
    for text in texts:
        same = [n for n, heading in enumerate(headings) if heading and heading == fold(text)]
        if not same and text.isascii() and text.isupper() and len(text) <= 2:
            same = [n for n in range(len(headings)) if letters(n) == text]
        found += same
    return tuple(found)


def _mixed(file: File, columns: Columns) -> frozenset[str]:
    """The columns that hold days which the spreadsheet understood beside texts that are written day first:
    one that reads month first has then turned around those days that fitted both ways."""
    wanted = [field for field in DAYS if field in columns.fields and file.workbook]
    if not wanted:
        return frozenset()
    days: set[str] = set()
    texts: set[str] = set()
    for line in rows(file, columns):
        held = columns.cells(line)
        for field in wanted:
            for cell in held.get(field, ()):
                if cell.day is not None:
                    days.add(field)
                elif order_of(cell):
                    texts.add(field)
    return frozenset(days & texts)


class rows:  # noqa: N801  # reads as what it is: for line in rows(file, columns)
    """The lines below the headings, up to where only empty ones come. Empty ones are passed over and counted.

    `ended` is the row at which it stopped looking, after `MOST_EMPTY` empty ones; 0 if the file ended first.
    """

    def __init__(self, file: File, columns: Columns) -> None:
        self._file, self._columns = file, columns
        self.empty = 0
        self.ended = 0

    def __iter__(self) -> Iterator[Line]:
        run = 0
        for line in self._file.lines():
            if line.number <= self._columns.heading:
                continue
            if not line.empty:
                self.empty += run
                run = 0
                yield line
                continue
            run += 1
            if run == MOST_EMPTY:
                self.ended = line.number
                return
