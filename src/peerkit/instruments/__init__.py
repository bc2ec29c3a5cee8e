# SPDX-License-Identifier: Apache-2.0
"""Questionnaires as data: one TOML file each, one engine for all, no code in any of them.

    asq = load("asq")
    asq.text("q1", "en")                      # the wording, where there is a right to it
    asq.score({"q1": False, …}).band          # strict: Malformed for what is no answer
    asq.judge({"q1": True}).level             # for the safety lane: never raises for content

An organization's file, or a plugin's, works as peerkit's own do: `parse` it, and hand it to `load`.
A version is never edited once it was used: a changed file has a new version, and the one before stays
beside it as `<id>@<version>.toml`, so that old answers can be judged by what was asked.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

from peerkit.errors import Malformed, NotFound
from peerkit.instruments.answers import DECLINED, State
from peerkit.instruments.definition import CONVERSATION, Number, number
from peerkit.instruments.fhir import from_fhir
from peerkit.instruments.instrument import Instrument, Result
from peerkit.instruments.parse import document, parse
from peerkit.instruments.parse_texts import worded
from peerkit.instruments.table import Table, listed, near
from peerkit.instruments.triage import Judgement, Todo, Wait
from peerkit.levels import Level
from peerkit.texts import _

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

__all__ = [
    "DECLINED",
    "Instrument",
    "Judgement",
    "Result",
    "State",
    "Todo",
    "Wait",
    "from_fhir",
    "in_language",
    "installed",
    "load",
    "parse",
    "with_wording",
]


def installed() -> tuple[str, ...]:
    """The ids of the instruments that peerkit itself ships, in alphabetical order."""
    return tuple(sorted(name for name in _files() if "@" not in name))


def load(id: str, supplied: Iterable[Instrument] = (), *, version: str | None = None) -> Instrument:
    """Give an instrument by id: the newest version, or the one asked for (1.0 and 1.0.0 are one).

    `supplied` are definitions of plugins and of the organization. Raises `NotFound` where there is
    none, naming the closest id; `Malformed` where a supplied one takes the id of one that peerkit
    ships (a screen's rules are raised with `raised`, not replaced), or two of them differ under one
    id and version.
    """
    offered: dict[tuple[str, Number], Instrument] = {}
    for instrument in supplied:
        key = (instrument.id, number(instrument.version))
        other = offered.setdefault(key, instrument)
        if instrument.id in _files():
            raise Malformed(
                _("peerkit ships an instrument of this id; take another"), where=instrument.source
            )
        if other.sha256 != instrument.sha256:
            raise Malformed(
                _(
                    "{id} {version} is supplied twice and differently: by {one} and by {other}",
                    id=instrument.id,
                    version=instrument.version,
                    one=other.source,
                    other=instrument.source,
                ),
                where=instrument.id,
            )
    if id in _files() and "@" not in id:
        newest = _shipped(id)
        if version is None or number(version) == number(newest.version):
            return newest
        before = (name.rpartition("@")[2] for name in _files() if name.startswith(f"{id}@"))
        if (held := next((one for one in before if number(version) == number(one)), None)) is not None:
            return _shipped(f"{id}@{held}")
        raise NotFound(
            _(
                "this peerkit has no such version of {id}; the newest is {version}",
                id=id,
                version=newest.version,
            )
        )
    mine = (one for one in offered.values() if one.id == id)
    found = [one for one in mine if version is None or number(version) == number(one.version)]
    if found:
        return max(found, key=lambda i: number(i.version))
    known = sorted({*installed(), *(i.id for i in offered.values())})
    raise NotFound(
        _(
            "there is no instrument of that id and version{near} (there are {known})",
            near=near(str(id), known),
            known=listed(known),
        )
    )


def in_language(instrument: Instrument, language: str) -> Instrument:
    """Give what can be asked in a language: the instrument, or the safety conversation in its place.

    No translation of a screen is guessed. Where an instrument that may alarm somebody has no verified
    wording in the language, the answer is the conversation that peerkit has worded itself
    (`safety-conversation`, in English and French); the lines to call, 9-8-8 in Canada, come with the next
    steps in the same language. Raises `NotFound` where neither has words in it; for an instrument that
    alarms nobody, such as `poverty`, in whose place nothing needs to be asked; and where the instrument has
    the words of two regions and a plain language was asked for: it names them.
    """
    conversation = load(CONVERSATION)
    regions = [one for one in instrument.languages if one.lower().startswith(f"{language.lower()}-")]
    missing = instrument.worst > Level.NONE and not instrument.speaks(language) and not regions
    if missing and conversation.speaks(language):
        return conversation
    instrument.wording(language)
    return instrument


def with_wording(instrument: Instrument, data: str | bytes, source: str = "wording") -> Instrument:
    """Give an instrument the wording of a pack: for those whose text peerkit may not ship.

    A pack is a TOML file with `format`, `instrument`, `version`, a `licence` record that permits the
    wording, and `texts`. It changes no item and no rule, so hash and levels stay the definition's; each
    text set carries the hash of the pack. Raises `Malformed` as `parse` does.
    """
    content, sha256 = document(data, source)
    root = Table(content, source)
    if root.whole("format") != 1:
        root.fail(_("this peerkit reads format 1"), "format")
    name, version = root.string("instrument"), root.string("version")
    if name != instrument.id or number(version) != number(instrument.version):
        root.fail(
            _("this wording is not for {id} {version}", id=instrument.id, version=instrument.version),
            "instrument",
        )
    texts = worded(root, instrument.items, instrument.texts, sha256)
    root.done()
    return attrs.evolve(instrument, texts=texts)


@functools.cache
def _files() -> dict[str, Traversable]:
    folder = importlib.resources.files(__name__) / "data"
    return {f.name.removesuffix(".toml"): f for f in folder.iterdir() if f.name.endswith(".toml")}


@functools.cache
def _shipped(name: str) -> Instrument:
    instrument = parse(_files()[name].read_bytes(), source=f"{name}.toml")
    if name.partition("@")[0] != instrument.id or name.partition("@")[2] not in ("", instrument.version):
        raise Malformed(_("the file's name is not its instrument's id and version"), where=f"{name}.toml")
    return instrument
