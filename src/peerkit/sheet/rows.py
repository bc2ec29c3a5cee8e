# SPDX-License-Identifier: Apache-2.0
"""What a line should bring in. Pure: it reads cells and says what they mean, or why they do not."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import attrs

from peerkit.codes import AGE_BANDS
from peerkit.model.base import Class, fold
from peerkit.model.relationship import WAYS
from peerkit.model.sharing import PURPOSES
from peerkit.sheet import values
from peerkit.sheet.columns import Columns
from peerkit.sheet.reading import Cell, Line, letters
from peerkit.sheet.values import Unclear

T = TypeVar("T")

SUPPORTERS = frozenset(
    {"supporter", "peer supporter", "peer", "volunteer", "pair", "pair aidant", "benevole"}
)
PERSONS = frozenset({"person", "participant", "member", "personne", "membre"})
EXPERIENCES = ("own", "family", "both")


@attrs.frozen
class Problem:
    """Why something did not come in: a code of `report.REASONS`, and the column that it is about."""

    code: str
    column: str = ""
    about: tuple[str, ...] = ()
    """Ids of records that it points to."""


@attrs.frozen
class Consenting:
    """A consent as the sheet has it, with the paper that attests it."""

    to: str = attrs.field(repr=False)
    purpose: str
    classes: tuple[str, ...]
    until: date | None
    paper: str = attrs.field(repr=False)


@attrs.frozen(repr=False)
class Wanted:
    """What one line should bring in: a person (`enrol`), perhaps their asking for support (`enquiry`), their
    part as a supporter (`supporter`), a consent. `paper` attests what they decided. `against` are problems
    for which nothing of the line comes in, `beside` those for which only a part does not."""

    number: int
    enrol: Mapping[str, Any]
    same_as: str = ""
    paper: str = ""
    enquiry: Mapping[str, Any] | None = None
    supporter: Mapping[str, Any] | None = None
    consent: Consenting | None = None
    against: tuple[Problem, ...] = ()
    beside: tuple[Problem, ...] = ()
    content: str = ""

    def key(self, secret: bytes, occurrence: int) -> str:
        """Names the line by what it says: the same in another row or file, another in another program. Of
        lines that say the same, each has its own, by its `occurrence`."""
        return hmac.new(secret, f"{occurrence}\0{self.content}".encode(), hashlib.sha256).hexdigest()


@attrs.define
class _Reader:
    """A line's cells by field, and the problems that come up while they are read."""

    columns: Columns
    line: Line
    held: dict[str, list[Cell]] = attrs.field(init=False)
    against: list[Problem] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.held = self.columns.cells(self.line)
        for field, cells in self.held.items():
            for cell in cells:
                if cell.fault:
                    self.against.append(Problem(cell.fault, self.letters(field)))

    def letters(self, field: str) -> str:
        return letters(self.columns.fields[field][0])

    def text(self, field: str) -> str:
        return "\n".join(one.text for one in self.held.get(field, ()) if not one.fault)

    def read(self, field: str, reader: Callable[[str], T], empty: T) -> T:
        """What the field says; `empty` where nothing stands there or it cannot be read, which is noted."""
        text = self.text(field)
        if not text:
            return empty
        try:
            return reader(text)
        except Unclear as unclear:
            self.against.append(Problem(str(unclear), self.letters(field)))
            return empty

    def each(self, field: str, reader: Callable[[str], str]) -> tuple[str, ...]:
        found: list[str] = []
        for cell in self.held.get(field, ()):
            if cell.fault:
                continue
            try:
                found.append(reader(cell.text))
            except Unclear as unclear:
                self.against.append(Problem(str(unclear), self.letters(field)))
        return tuple(found)

    def day(self, field: str) -> date | None:
        cells = self.held.get(field, ())
        if not cells or cells[0].fault:
            return None
        try:
            order, mixed = self.columns.dates.get(field, ""), field in self.columns.mixed
            return values.day(cells[0], order, mixed=mixed)
        except Unclear as unclear:
            self.against.append(Problem(str(unclear), self.letters(field)))
            return None

    def one_of(self, field: str, allowed: tuple[str, ...], default: str) -> str:
        def read(text: str) -> str:
            said = text.strip().casefold().replace(" ", "_")
            for one in allowed:
                if said in {one, one.replace("-", "_")}:
                    return one
            raise Unclear("no-such-word")

        return self.read(field, read, default)


def wanted(line: Line, columns: Columns, today: date) -> Wanted:
    """What the line should bring in."""
    reader = _Reader(columns, line)
    beside: list[Problem] = []
    enrol = _person(reader, today)
    paper = _paper(reader)
    enquiry = _enquiry(reader, paper, beside)
    supporter = _supporter(reader, paper, beside)
    consent = _consent(reader, beside)
    same_as = reader.text("same_as").strip()
    said = {field: [[c.text, c.fault] for c in cells] for field, cells in reader.held.items()}
    content = json.dumps(said, sort_keys=True, ensure_ascii=False)
    found = Wanted(line.number, enrol, same_as, paper, enquiry, supporter, consent, content=content)
    return attrs.evolve(found, against=tuple(dict.fromkeys(reader.against)), beside=tuple(beside))


def _person(reader: _Reader, today: date) -> dict[str, Any]:
    written = reader.text("name") or f"{reader.text('first_name')} {reader.text('last_name')}"
    try:
        name = values.name(written)
    except Unclear as unclear:
        name = ""
        if not reader.against:
            reader.against.append(Problem(str(unclear)))
    born = reader.day("born")
    band: str | None = reader.one_of("age_band", AGE_BANDS, "") or None
    if born is not None and band is None:
        try:
            band = values.band(born, today)
        except Unclear as unclear:
            reader.against.append(Problem(str(unclear), reader.letters("born")))
    return {
        "name": name,
        "pronouns": reader.text("pronouns"),
        "age_band": band,
        "languages": _languages(reader),
        "reach": (*reader.each("phone", values.phone), *reader.each("email", values.email)),
        "not_by": tuple(one.casefold() for one in values.several(reader.text("not_by"))),
        "hours": reader.read("hours", values.hours, ""),
        "watched": reader.read("watched", values.yes, empty=False),
        "access_needs": reader.text("access_needs"),
    }


def _languages(reader: _Reader) -> tuple[str, ...]:
    return reader.read("languages", values.languages, ())


def _paper(reader: _Reader) -> str:
    """Where the paper is that attests what the person decided, with the day on it."""
    place, day = reader.text("paper").strip(), reader.day("paper_date")
    return f"{place}, {day.isoformat()}" if place and day else place


def _enquiry(reader: _Reader, paper: str, beside: list[Problem]) -> dict[str, Any] | None:
    told = [field for field in ("hopes", "wishes", "interests", "seeking_as", "way") if reader.text(field)]
    asks = reader.read("asks", values.yes, empty=False)
    if not asks:
        if told:
            beside.append(Problem("asks-not-said", reader.letters(told[0])))
        return None
    if not paper:
        code = "asks-without-paper"
        beside.append(Problem(code, reader.letters("asks")))
    return {
        "hopes": reader.text("hopes"),
        "wishes": reader.text("wishes"),
        "interests": values.several(reader.text("interests")),
        "seeking_as": reader.one_of("seeking_as", ("self", "family"), "self"),
        "way": reader.one_of("way", WAYS, "one_to_one"),
        "languages": _languages(reader),
    }


def _supporter(reader: _Reader, paper: str, beside: list[Problem]) -> dict[str, Any] | None:
    said = fold(reader.text("role")) if reader.text("role") else ""
    if not said or said in PERSONS or said in values.NO:
        return None
    if said not in SUPPORTERS and said not in values.YES:
        reader.against.append(Problem("no-such-word", reader.letters("role")))
        return None
    experience = reader.one_of("experience", EXPERIENCES, "")
    if not (paper and experience):
        beside.append(Problem("role-without-paper", reader.letters("role")))
    return {"experience": experience}


def _consent(reader: _Reader, beside: list[Problem]) -> Consenting | None:
    fields = ("consent_to", "consent_for", "consent_classes", "consent_until", "consent_paper")
    present = [field for field in fields if reader.text(field)]
    if not present:
        return None
    where = reader.letters(present[0])
    paper = reader.text("consent_paper").strip()
    if not paper:
        beside.append(Problem("consent-without-paper", where))
        return None
    until = reader.day("consent_until")
    purpose = reader.text("consent_for").strip().casefold()
    classes = tuple(one.casefold() for one in values.several(reader.text("consent_classes")))
    whole = reader.text("consent_to") and purpose in PURPOSES and classes and set(classes) <= set(Class)
    if not whole:
        beside.append(Problem("consent-not-whole", where))
        return None
    return Consenting(reader.text("consent_to").strip(), purpose, classes, until, paper)
