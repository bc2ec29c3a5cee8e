# SPDX-License-Identifier: Apache-2.0
"""JSON from a file or another program, read so that nothing in it is taken for something else.

Python's own reader takes the last of two entries of one name, and `NaN` for a number. Either can turn an
answer into another one, so both are refused here, by place and never by content.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, NoReturn

from peerkit.errors import Malformed
from peerkit.texts import _


class Given(dict[str, Any]):
    """A JSON object that still knows all its entries in the order in which they stood: `entries`."""

    def __init__(self, entries: list[tuple[str, Any]]) -> None:
        super().__init__(entries)
        self.entries = entries


def document(data: str | bytes, where: str) -> Any:
    """The value of a JSON text; numbers with a point are `Decimal`.

    Raises `Malformed` for what is no JSON (with line and column), for two entries of one name in an object,
    for NaN and infinity, for numbers out of range and for a nesting that is too deep.
    """

    def unique(entries: list[tuple[str, Any]]) -> Given:
        made = Given(entries)
        if len(made) < len(entries):
            raise Malformed(_("an object names something twice, and only one can be meant"), where=where)
        return made

    def constant(_name: str) -> NoReturn:
        raise Malformed(_("NaN and infinity are no JSON, and no answer"), where=where)

    return _read(data, where, make=unique, number=Decimal, constant=constant)


def entries(data: str | bytes, where: str) -> list[tuple[str, Any]]:
    """What a JSON object holds, in its order, with all of several entries of one name.

    For the safety lane, which stores each answer as it came: only what is no JSON object at all is
    `Malformed`.
    """
    found = _read(data, where, make=Given, number=float, constant=float)
    if not isinstance(found, Given):
        raise Malformed(_('this must be a JSON object of items and their answers: {"q1": true}'), where=where)
    return found.entries


def _read(data: str | bytes, where: str, *, make: Any, number: Any, constant: Any) -> Any:
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        return json.loads(text, object_pairs_hook=make, parse_float=number, parse_constant=constant)
    except UnicodeDecodeError:
        raise Malformed(_("this is not UTF-8 text"), where=where) from None
    except json.JSONDecodeError as error:
        place = f"{where}: line {error.lineno}, column {error.colno}"
        raise Malformed(_("this is no JSON"), where=place) from None
    except (RecursionError, ValueError, ArithmeticError):
        raise Malformed(_("this is nested too deeply, or has a number out of range"), where=where) from None
