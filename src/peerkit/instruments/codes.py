# SPDX-License-Identifier: Apache-2.0
"""Codes that tell other systems which question, answer or result is meant."""

from __future__ import annotations

import re

import attrs

from peerkit.instruments.table import Table
from peerkit.texts import _

LOINC = "loinc"
_SHAPE = re.compile(r"(?:LA|LL|LP|LG)?[0-9]{1,7}-[0-9]")


@attrs.frozen
class Code:
    """A code in a named system (`loinc`, `snomed`, or a local one).

    `verified` says that somebody compared the code's *meaning* with a source. A right check digit
    proves form alone: published questionnaires carry codes that are well formed and belong to
    another question.
    """

    system: str
    value: str
    verified: bool = False


def loinc_shaped(value: str) -> bool:
    """Whether a text is a LOINC number, or an answer (LA) or list (LL) id, with the right check digit.

    Regenstrief's rule: mod 10, every second character from the right doubled. Letters take part by
    their distance from `0` in ASCII, which reproduces the check digits of LA and LL ids.
    """
    if not _SHAPE.fullmatch(value):
        return False
    body, _, check = value.partition("-")
    total = 0
    for place, character in enumerate(reversed(body)):
        n = ord(character) - ord("0")
        total += n if place % 2 else 2 * n - n // 5 * 9
    return -total % 10 == int(check)


def read_code(table: Table) -> Code | None:
    """The code in a table of a definition, if there is one."""
    if "code" not in table:
        return None
    entry = table.table("code")
    code = Code(entry.id("system"), entry.string("value"), entry.boolean("verified"))
    if code.system == LOINC and not loinc_shaped(code.value):
        entry.fail(_("this is no LOINC code: its check digit does not fit"), "value")
    entry.done()
    return code
