# SPDX-License-Identifier: Apache-2.0
"""From a row's cells to a value. What a value has no place for goes to `more` under its own path."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Mapping

from attrs import Factory, define, evolve

from peerkit_hsds import tables
from peerkit_hsds.languages import language, languages_in
from peerkit_hsds.values import Address, Area, Contact, Cost, Document, Language, Phone, Schedule

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_NAME = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?")
_RULES = (
    "freq",
    "interval",
    "byday",
    "bymonthday",
    "byweekno",
    "byyearday",
    "wkst",
    "dtstart",
    "until",
    "count",
)
_POINTERS = frozenset(
    {"id", "serial", "link_id", "link_entity", "resource_id", "resource_type", *tables.LINKS}
)
_LISTED = re.compile(r"[,;\n|]+")
_ADDRESS = re.compile(r"[^\s,;<>]+@[^\s,;<>]+")


@define
class Cells:
    """A row's cells; each is taken once, and what nobody takes is left for `more`."""

    cells: dict[str, str]

    def take(self, *names: str) -> str:
        """The first of these that says something; the others stay."""
        cells = self.cells
        for name in names:
            if name in cells:  # most cells are empty, and so not there
                return cells.pop(name)
        return ""

    def all(self, *names: str) -> str:
        """All of these, each once, on lines of their own."""
        return "\n".join(dict.fromkeys(text for name in names if (text := self.cells.pop(name, ""))))

    def left(self) -> Mapping[str, str]:
        """What was not taken and is no pointer."""
        return {name: text for name, text in self.cells.items() if name not in _POINTERS}


@define
class More:
    """Collects what has no place: name to text."""

    said: dict[str, str] = Factory(dict)

    def add(self, prefix: str, left: Mapping[str, str]) -> None:
        """Cells, each under its column's name."""
        for name, text in left.items():
            self.said[f"{prefix}{name}"] = text

    def done(self) -> tuple[tuple[str, str], ...]:
        """All of it, in order of names."""
        return tuple(sorted(self.said.items()))


def phone(cells: Cells, languages: Iterable[Language] = ()) -> Phone:
    """A number; Ohana's department and HSDS's description both say what it is for."""
    spoken = (*languages_in(cells.take("language", "languages")), *languages)
    return Phone(
        cells.take("number"),
        cells.take("extension"),
        cells.take("type").lower(),
        cells.all("department", "description"),
        tuple(dict.fromkeys(one.name for one in spoken)),
    )


def address(cells: Cells) -> Address:
    """One address."""
    return Address(
        cells.take("address_type") or "physical",
        cells.take("attention"),
        tuple(line for n in range(1, 5) if (line := cells.take(f"address_{n}"))),
        cells.take("city"),
        cells.take("region"),
        cells.take("state_province"),
        cells.take("postal_code"),
        cells.take("country").upper(),
    )


def holiday(cells: Cells) -> Schedule:
    """An exception to the regular hours."""
    return evolve(schedule(cells), holiday=True)


def schedule(cells: Cells) -> Schedule:
    """Regular hours."""
    weekday = cells.take("weekday")
    days = _days(weekday) or _days(cells.cells.get("byday", ""))
    rule = {name: cells.take(name) for name in _RULES}
    plain = rule["freq"].upper() in ("", "WEEKLY") and rule["interval"] in ("", "1")
    only_days = not any(rule[name] for name in _RULES if name not in ("freq", "interval", "byday"))
    whole = ";".join(f"{name.upper()}={text}" for name, text in rule.items() if text)
    closed = cells.take("closed").casefold() in ("true", "1", "yes", "t", "y")
    return Schedule(
        days,
        clock(cells.take("opens_at")),
        clock(cells.take("closes_at")),
        cells.take("valid_from", "start_date"),
        cells.take("valid_to", "end_date"),
        "" if plain and only_days and (days or not rule["byday"]) else whole,
        "\n".join(filter(None, [weekday if weekday and not days else "", cells.all("description", "notes")])),
        closed=closed,
    )


def _days(text: str) -> tuple[str, ...]:
    """`Monday`, `Mon`, `1` (Monday, as ISO has it; 0 and 7 are Sunday), `MO,TU`; else nothing."""
    found = []
    for word in re.split(r"[\s,;/]+", text.strip()):
        if word.upper() in _DAYS:
            found.append(word.upper())
        elif word.isdecimal() and len(word) == 1 and int(word) <= 7:
            found.append(_DAYS[(int(word) - 1) % 7])
        elif word[:3].casefold() in _BY_NAME and word.isalpha():
            found.append(_BY_NAME[word[:3].casefold()])
        else:
            return ()
    return tuple(found)


def clock(text: str) -> str:
    """`9:00` and `09:00:00` as `09:00`; anything else as written."""
    match = _TIME.fullmatch(text)
    return f"{int(match[1]):02}:{match[2]}" if match else text


def contact(cells: Cells, phones: tuple[Phone, ...]) -> Contact:
    """A desk or a person at the organization."""
    return Contact(
        cells.take("name"), cells.take("title"), cells.take("department"), cells.take("email"), phones
    )


def spoken(cells: Cells) -> Language:
    """A row of languages."""
    return language(cells.take("name"), cells.take("code"), cells.take("note"))


def area(cells: Cells) -> Area:
    """A row of service areas."""
    return Area(cells.take("name"), cells.take("description"), cells.take("uri"))


def cost(cells: Cells) -> Cost:
    """A row of cost options."""
    return Cost(
        cells.take("option"),
        cells.take("amount"),
        cells.take("currency").upper(),
        cells.take("amount_description"),
        cells.take("valid_from"),
        cells.take("valid_to"),
    )


def document(cells: Cells) -> Document:
    """A row of required documents."""
    return Document(cells.take("document") or cells.cells.get("uri", ""), cells.take("uri"))


def coordinates(cells: Cells) -> tuple[float | None, float | None, bool]:
    """Latitude and longitude in degrees, WGS 84; the last says whether they could be used where given.

    What cannot be used stays among the cells, so that it is kept as text.
    """
    given = cells.cells.get("latitude", ""), cells.cells.get("longitude", "")
    if not any(given):
        return None, None, True
    try:
        latitude, longitude = float(given[0]), float(given[1])
    except ValueError:
        return None, None, False
    if not (
        math.isfinite(latitude) and math.isfinite(longitude) and abs(latitude) <= 90 and abs(longitude) <= 180
    ):
        return None, None, False
    cells.take("latitude")
    cells.take("longitude")
    return latitude, longitude, True


def emails(text: str) -> tuple[str, ...]:
    """Each address of a cell; a cell without one stands as it is."""
    return tuple(dict.fromkeys(_ADDRESS.findall(text))) or ((text,) if text else ())


def urls(text: str) -> tuple[str, ...]:
    """Each address of a cell: more than one where blanks or commas part what begins like one."""
    return tuple(re.split(r"[\s,;]+(?=https?://|www\.)", text)) if text else ()


def words(text: str) -> tuple[str, ...]:
    """A cell that lists: parted at commas, semicolons or line breaks."""
    return tuple(dict.fromkeys(w for word in _LISTED.split(text) if (w := word.strip()))) if text else ()


def day(text: str) -> str:
    """A date, or a moment's date, as ISO 8601 writes it; empty where it cannot be read as one."""
    try:
        return dt.date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""
