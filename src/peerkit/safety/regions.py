# SPDX-License-Identifier: Apache-2.0
"""Lines to call and duties that the law puts on whoever is there, by region, with source and as-of date."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from typing import Any

import attrs

from peerkit.model.program import Duty, Line
from peerkit.texts import Message

DEFAULT = "CA-ON"
"""The region of a program that names none, and whose lines are shown where a program has none at all."""


@attrs.frozen
class Region:
    """What holds in a region (an ISO 3166-2 code, such as CA-ON) or a whole country (ISO 3166-1: CA)."""

    code: str = ""
    lines: tuple[Line, ...] = ()
    duties: tuple[Duty, ...] = ()


def region(code: str) -> Region:
    """The region's data: its own, else its country's (`CA-QC`: Canada's); an empty `Region` where peerkit
    ships neither."""
    wanted = code.strip().lower()
    found = next((one for one in (wanted, wanted.partition("-")[0]) if one in installed()), None)
    return Region(code) if found is None else _read(found)


@functools.cache
def installed() -> tuple[str, ...]:
    """The regions that peerkit has data for, as lower-case codes."""
    folder = importlib.resources.files("peerkit.safety") / "data"
    return tuple(sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml")))


@functools.cache
def _read(code: str) -> Region:
    folder = importlib.resources.files("peerkit.safety") / "data"
    data: dict[str, Any] = tomllib.loads((folder / f"{code}.toml").read_text(encoding="utf-8"))
    lines = tuple(Line(**_fields(one)) for one in data["lines"])
    return Region(data["region"], lines, tuple(Duty(**_fields(one)) for one in data["duties"]))


def _fields(table: dict[str, Any]) -> dict[str, Any]:
    """The fields of a line or duty; what people read of them can be said in their language."""
    said = {k: Message(table[k]) for k in ("name", "words") if k in table}
    return {k: tuple(v) if isinstance(v, list) else v for k, v in table.items()} | said
