# SPDX-License-Identifier: Apache-2.0
"""What a cell can mean: days, languages, yes and no, addresses. What has two meanings is not guessed."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from peerkit.codes import is_language
from peerkit.errors import Malformed
from peerkit.model.base import fold
from peerkit.model.when import weekly
from peerkit.sheet.reading import Cell

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
"""The two orders in which a day is written in numbers."""

_NUMBERS = re.compile(r"(\d{1,4})[./\- ](\d{1,2})[./\- ](\d{1,4})")
_WORDED = re.compile(
    r"(?:(\d{1,2})(?:er|st|nd|rd|th)?\.?\s+([^\W\d]+)\.?|([^\W\d]+)\.?\s+(\d{1,2})),?\s+(\d{4})"
)
_MONTHS = (
    "january janvier jan",
    "february fevrier feb fev",
    "march mars mar",
    "april avril apr avr",
    "may mai",
    "june juin jun",
    "july juillet jul juil",
    "august aout aug",
    "september septembre sep sept",
    "october octobre oct",
    "november novembre nov",
    "december decembre dec",
)
MONTH = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}

YES = frozenset({"yes", "y", "x", "true", "1", "oui", "o", "vrai", "✓", "✔"})
NO = frozenset({"", "no", "n", "false", "0", "non", "faux"})
LANGUAGES = {
    "english": "en",
    "anglais": "en",
    "french": "fr",
    "francais": "fr",
    "spanish": "es",
    "espagnol": "es",
    "arabic": "ar",
    "arabe": "ar",
    "mandarin": "zh",
    "cantonese": "yue",
    "punjabi": "pa",
    "tagalog": "tl",
    "asl": "ase",
    "lsq": "fcs",
}
"""Languages by their names in English and French, as codes (BCP 47); others are written as codes."""

_CUT = re.compile(r"\d[.,]?\d*[eE]\+\d+")


class Unclear(Exception):
    """A cell that cannot be read; its text is a code of `report.REASONS`."""


def order_of(cell: Cell) -> str:
    """In which order a day is written, if it can be no other; empty where both would be a day, or neither."""
    found = None if cell.day is not None else _NUMBERS.fullmatch(cell.text)
    if found is None or len(found[1]) == 4:
        return ""
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return DAY_FIRST
    return MONTH_FIRST if second > 12 >= first else ""


def day(cell: Cell, order: str = "", *, mixed: bool = False) -> date:
    """The day of a cell. `order` is what the mapping says; `mixed` that the column holds both days that the
    spreadsheet understood and texts in an order in which it did not: then it may have turned day and month
    of those around that it did understand. Unclear: `ambiguous-day`, `short-year`, `no-day`,
    `turned-day`, `other-order`."""
    if cell.day is not None:
        if mixed and cell.day.day <= 12 and cell.day.day != cell.day.month:
            raise Unclear("turned-day")
        return cell.day
    text = " ".join(cell.text.split())
    if found := _NUMBERS.fullmatch(text):
        return _numbers(found, order)
    if found := _WORDED.fullmatch(text):
        month = MONTH.get(fold(found[2] or found[3]))
        if month is not None:
            return _date(int(found[5]), month, int(found[1] or found[4]))
    raise Unclear("no-day")


def _numbers(found: re.Match[str], order: str) -> date:
    one, two, three = found.groups()
    if len(one) == 4:
        return _date(int(one), int(two), int(three))
    if len(three) != 4:
        raise Unclear("short-year")
    first, second = int(one), int(two)
    sure = DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 else ""
    if order and sure and sure != order:
        raise Unclear("other-order")
    if not (sure or order) and first != second:
        raise Unclear("ambiguous-day")
    month, of_month = (second, first) if (sure or order) == DAY_FIRST else (first, second)
    return _date(int(three), month, of_month)


def _date(year: int, month: int, of_month: int) -> date:
    try:
        return date(year, month, of_month)
    except ValueError:
        raise Unclear("no-day") from None


def band(born: date, today: date) -> str:
    """The age band of somebody born that day. The day itself is not kept. Unclear: `no-day`."""
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    if not 0 <= age <= 125:
        raise Unclear("no-day")
    return "under-16" if age < 16 else "16-24" if age < 25 else "25-64" if age < 65 else "65+"


def yes(text: str) -> bool:
    """Yes or no. Unclear: `no-yes-or-no`."""
    said = text.strip().casefold()
    if said in YES:
        return True
    if said in NO:
        return False
    raise Unclear("no-yes-or-no")


def several(text: str) -> tuple[str, ...]:
    """The parts of a list in one cell, between commas, semicolons or strokes."""
    return tuple(one for part in re.split(r"[,;/\n]", text) if (one := part.strip()))


def languages(text: str) -> tuple[str, ...]:
    """Languages, by code where their name is known. Unclear: `no-language` for one that is neither."""
    found = tuple(dict.fromkeys(LANGUAGES.get(fold(one), one.casefold()) for one in several(text)))
    if not all(is_language(one) for one in found):
        raise Unclear("no-language")
    return found


def hours(text: str) -> str:
    """Weekly hours. Unclear: `no-hours` for words that are none: whoever wrote them meant something by it."""
    try:
        return weekly(text, "hours")
    except Malformed:
        raise Unclear("no-hours") from None


def phone(text: str) -> str:
    """A number as an address. Unclear: `cut-number` for one that a spreadsheet has shortened."""
    if _CUT.fullmatch(text):
        raise Unclear("cut-number")
    if sum(map(str.isdigit, text)) < 3:
        raise Unclear("no-number")
    return f"phone:{text}"


def email(text: str) -> str:
    """An e-mail address. Unclear: `no-address`."""
    before, sign, after = text.partition("@")
    if not (before and sign and after) or any(map(str.isspace, text)):
        raise Unclear("no-address")
    return f"email:{text}"


def name(text: str) -> str:
    """A name on one line, as it is written. Unclear: `no-name`."""
    shown = " ".join(unicodedata.normalize("NFC", text).split())
    if not any(one.isalnum() for one in shown):
        raise Unclear("no-name")
    return shown
