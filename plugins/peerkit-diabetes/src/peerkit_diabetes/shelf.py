# SPDX-License-Identifier: Apache-2.0
"""The questionnaires of this module: its data files, as peerkit supplies them and as values."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib.resources import files

from peerkit import NotFound, hooks, instruments
from peerkit_diabetes.words import _

_FOLDER = files("peerkit_diabetes") / "instruments"


def supplies() -> Iterator[hooks.Instrument]:
    """Every file, older versions among them."""
    for name, text in _texts():
        yield hooks.Instrument(text, name)


def instrument(id: str) -> instruments.Instrument:
    """One of them by its id (`canrisk`, `findrisc`, `dds-17`, `dds-2`, `paid-5`), in its newest version.
    NotFound for an id that is none of them. A program may have words of its own for it: then
    `kit.instrument(id)`."""
    known = sorted({one.id for one in _read()})
    if id not in known:
        told = _(
            "the diabetes module has no questionnaire of that id; it has {known}", known=", ".join(known)
        )
        raise NotFound(told)
    return instruments.load(id, _read())


@functools.cache
def _texts() -> tuple[tuple[str, str], ...]:
    found = sorted((one for one in _FOLDER.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return tuple((one.name, one.read_text(encoding="utf-8")) for one in found)


@functools.cache
def _read() -> tuple[instruments.Instrument, ...]:
    return tuple(instruments.parse(text, name) for name, text in _texts())
