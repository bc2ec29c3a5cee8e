# SPDX-License-Identifier: Apache-2.0
"""What plugins supply, and the names that it claims: no name belongs to two."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

import attrs

from peerkit import hooks, ports
from peerkit.codes import is_code
from peerkit.errors import PluginError
from peerkit.hooks import Access, Supply
from peerkit.kinds import PLACES
from peerkit.model.base import Record
from peerkit.plugins.faults import Misused
from peerkit.texts import _
from peerkit.texts.labels import label

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")
_INSTRUMENT = "instrument"
_COURSE_RULE = "course rule"
_RESOURCE = "resource"

Name: TypeAlias = tuple[str, str]
"""What it is, and its name: `("kind", "garden_visit")`."""


@attrs.frozen
class Claim:
    """A supply under its name. Editions of one instrument share it."""

    name: Name
    supply: Supply
    edition: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (*self.name, self.edition)))


def _kind(supply: hooks.Kind) -> tuple[str, str]:
    cls: Any = supply.cls
    if not (inspect.isclass(cls) and issubclass(cls, Record) and cls.kind):
        raise ValueError("a Kind takes a class made with @record")
    if supply.private and "person" not in cls.subject_fields:
        raise ValueError(f"the private kind {cls.kind} has no field person among its subjects: whose is it?")
    if supply.supported not in {"", "person", *cls.subject_fields}:  # said of itself, where there is none
        raise ValueError(
            f"the kind {cls.kind} supports {supply.supported}, which is none of its subjects: see `supported`"
        )
    for (field, code), words in supply.labels.items():
        if why := _undescribed(cls, field, code, words):
            raise ValueError(f"the kind {cls.kind} describes {field} {code}, {why}")
    return cls.kind, ""


def _undescribed(cls: Any, field: str, code: str, words: object) -> str:
    """Why a label of a kind describes nothing; empty if it does."""
    if not str(words).strip():
        return "and has no words for it"
    named = {one.name for one in attrs.fields(cls)}
    if field == "kind":
        return "" if code == cls.kind else "which is another kind"
    if field == "act":
        return "" if code in cls.table else "which is none of its acts"
    if field == "field":
        return "" if code in named else "which is none of its fields"
    return "" if field.partition(".")[0] in named else "which is none of its fields"


def _label(supply: hooks.Label) -> tuple[str, str]:
    from peerkit.texts.labels import DESCRIBED

    told = f"the label {supply.kind} {supply.field} {supply.code}".replace("  ", " ")
    if supply.kind and supply.kind not in PLACES:
        raise ValueError(f"{told} is of no kind of peerkit's: describe codes of your own in Kind.labels")
    if supply.code in DESCRIBED.get((supply.kind, supply.field), {}):
        raise ValueError(f"{told} is one that peerkit describes")
    if not all(str(one).strip() for one in (supply.field, supply.code, supply.words)):
        raise ValueError(f"{told} has no field, no code or no words")
    return f"{supply.kind or '-'} {supply.field} {supply.code}", ""


def _instrument(supply: hooks.Instrument) -> tuple[str, str]:
    from peerkit.instruments.parse import document  # only where somebody supplies one

    content = document(supply.text, supply.source or "instrument")[0]
    name, version = content.get("id"), content.get("version")
    if not isinstance(name, str) or not name:
        raise ValueError(f"the instrument {supply.source} has no id")
    return name, version if isinstance(version, str) else ""


def _wording(supply: hooks.Wording) -> tuple[str, str]:
    """The questionnaire and its version; the languages are claims of their own (`_languages`)."""
    from peerkit.model.questionnaire import head

    sort, name, version, languages = head(supply.text)
    if sort != "wording" or not (name and version and languages):
        raise ValueError(f"the wording {supply.source} does not say its instrument, version and language")
    return f"{name} {version}", ""


def _languages(supply: Supply) -> tuple[str, ...]:
    """What else stands in the name that a supply claims: each of the languages of a wording."""
    if not isinstance(supply, hooks.Wording):
        return ("",)
    from peerkit.model.questionnaire import head

    return tuple(f" {one.lower()}" for one in head(supply.text)[3])


def _course_rule(supply: hooks.CourseRule) -> tuple[str, str]:
    from peerkit.training.rules import parse  # only where somebody supplies one

    return parse(supply.text, supply.source or _COURSE_RULE).id, ""


def _scheme(supply: hooks.StorageBackend) -> tuple[str, str]:
    if not _SCHEME.fullmatch(supply.scheme):
        raise ValueError("a storage's scheme has small letters, digits, +, - and .")
    if supply.capabilities.api != ports.API:
        raise ValueError(
            f"its storage {supply.scheme} speaks version {supply.capabilities.api} of the storage port, "
            f"this peerkit speaks {ports.API}"
        )
    return supply.scheme, ""


def _template(supply: hooks.GoalTemplate) -> tuple[str, str]:
    if fault := supply.fault():
        raise ValueError(fault)
    return f"{supply.name} {supply.locale}".strip(), ""


def _section(supply: hooks.ReportSection) -> tuple[str, str]:
    if not is_code(supply.name):
        raise ValueError("a report section's name is a code, such as 'garden'")
    if not str(supply.title).strip():
        raise ValueError(f"the report section {supply.name} has no title")
    if not callable(supply.count):
        raise ValueError(f"the report section {supply.name} has nothing that counts")
    return supply.name, ""


def _resource(supply: hooks.Resource) -> tuple[str, str]:
    if fault := supply.fault():
        raise ValueError(fault)
    return supply.id, ""


_NAMES: Mapping[type[Any], tuple[str, Callable[[Any], tuple[str, str]]]] = {
    hooks.Kind: ("kind", _kind),
    hooks.Instrument: (_INSTRUMENT, _instrument),
    hooks.Wording: ("wording", _wording),
    hooks.CourseRule: (_COURSE_RULE, _course_rule),
    hooks.StorageBackend: ("storage scheme", _scheme),
    hooks.NotifierChannel: ("notifier channel", lambda supply: (str(supply.channel), "")),
    hooks.ExportFormat: ("export format", lambda supply: (str(supply.name), "")),
    hooks.Command: ("command", lambda supply: (" ".join(str(supply.path).split()), "")),
    hooks.WordList: ("word list", lambda supply: (f"{supply.name} {supply.locale}".strip(), "")),
    hooks.GoalTemplate: ("goal template", _template),
    hooks.Label: ("label", _label),
    hooks.ReportSection: ("report section", _section),
    hooks.Resource: (_RESOURCE, _resource),
}
"""For each class of supplies: what it is in words, and the name and edition that it claims."""

SUPPLIES: tuple[type[Any], ...] = (Access, *_NAMES)


def claims(label: str, supplies: Iterable[Supply], *, builtin: bool) -> tuple[Claim, ...]:
    """What each supply but Access claims.

    PluginError for what is no supply, has no name, is claimed twice here, or is peerkit's alone.
    """
    found: list[Claim] = []
    accesses = 0
    for supply in supplies:
        if isinstance(supply, Access):
            accesses += 1
            if accesses > 1:
                raise Misused(label, "supplies Access twice: one says all that it reads and writes")
            continue
        what, name_of = _NAMES.get(type(supply), ("", None))
        if name_of is None:
            raise Misused(label, f"supplies a {type(supply).__name__}, which peerkit does not know")
        try:
            name, edition = name_of(supply)
        except ValueError as error:
            raise Misused(label, str(error)) from None
        if not name:
            raise Misused(label, f"supplies a {what} without a name")
        made = [Claim((what, f"{name}{more}"), supply, edition) for more in _languages(supply)]
        taken = {(other.name, other.edition) for other in found}
        for claim in made:
            if (claim.name, claim.edition) in taken:
                raise Misused(label, f"supplies the {claim} twice")
        if isinstance(supply, hooks.Kind) and not builtin and (supply.cls.lane or supply.cls.kit_only):
            told = f"supplies the kind {name} for the safety lane or the kit, which only peerkit does"
            raise Misused(label, told)
        found += made
    return tuple(found)


def reserved(names: Iterable[Name]) -> frozenset[Name]:
    """Those of these names that are peerkit's own although no part of it supplies them.

    They are its kinds, and the instruments, course rules and resources that it ships: a screen's rules can be
    raised by settings, never replaced, and a rule that says otherwise has a name of its own.
    """
    names = frozenset(names)
    own = {("kind", kind) for kind in PLACES}
    if any(what == _INSTRUMENT for what, _ in names):
        from peerkit.instruments import installed

        own |= {(_INSTRUMENT, name) for name in installed()}
    if any(what == _COURSE_RULE for what, _ in names):
        from peerkit.training import rules

        own |= {(_COURSE_RULE, name) for name in rules.installed()}
    if any(what == _RESOURCE for what, _ in names):
        from peerkit.library import resources

        own |= {(_RESOURCE, one.id) for one in resources()}
    return names & own


def clash(name: Name, one: str, other: str) -> PluginError:
    """Two plugins, by their labels, claim one name."""
    what, called = name
    return PluginError(
        _(
            "two plugins claim the {what} {name}: {one} and {other}. Block one of them, with block= or "
            "PEERKIT_DISABLE_PLUGINS",
            what=label("plugin", "supply", what),
            name=called,
            one=one,
            other=other,
        )
    )
