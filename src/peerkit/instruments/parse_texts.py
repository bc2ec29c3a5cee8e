# SPDX-License-Identifier: Apache-2.0
"""Wording and the right to it, from TOML: text sets, licence records, wording packs."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

from peerkit.codes import is_language
from peerkit.instruments.definition import Item, Licence, TextSet, label_key
from peerkit.instruments.table import Table
from peerkit.texts import _

STATUSES = (
    "public-domain",
    "free-no-permission",
    "free-with-notice",
    "open-licence",
    "permission-required",
    "commercial",
    "own-words",
    "unknown",
)


ASKED = frozenset({"permission-required", "commercial", "unknown"})
"""Whoever uses wording of these has to hold a permission, whatever else the record says."""


def licence(table: Table, *, included: bool | None = None) -> Licence:
    """The licence record. Wording without ground is refused: see `Licence`. Whether there is any, the record
    says itself, but where it is known (`included`)."""
    stands = "item_text_included" if included is None else "permission"
    found = Licence(
        status=table.one_of("status", STATUSES),
        holder=table.string("holder"),
        basis=table.string("basis"),
        checked_on=table.date("checked_on"),
        redistribution_permitted=table.boolean("redistribution_permitted"),
        item_text_included=table.boolean("item_text_included") if included is None else included,
        notice=table.string("notice", ""),
        source=table.string("source", ""),
        permission=table.string("permission", ""),
    )
    table.done()
    if found.item_text_included and found.status in ASKED and not found.permission.strip():
        table.fail(
            _(
                "wording is included and nothing permits it: of the status {status} it needs, in "
                "permission, the reference of the permission that your organization holds",
                status=found.status,
            ),
            stands,
        )
    if found.item_text_included and not (found.redistribution_permitted or found.permission.strip()):
        table.fail(
            _(
                "wording is included and nothing permits it: give redistribution_permitted = true, "
                "or in permission the reference of the permission that your organization holds"
            ),
            stands,
        )
    return found


def texts(root: Table, items: Sequence[Item], ground: Licence, sha256: str = "") -> tuple[TextSet, ...]:
    """The text sets: each whole, one for a language, and only where the licence record has them."""
    tables = root.tables("texts", optional=True)
    if tables and not ground.item_text_included:
        root.fail(_("there is wording here, and the licence record says that none is included"), "texts")
    if ground.item_text_included and not tables:
        root.fail(_("the licence record says that wording is included, and there is none"), "texts")
    found: list[TextSet] = []
    for table in tables:
        language = table.string("language")
        if not is_language(language):
            table.fail(_("a language is a tag such as en or fr-CA"), "language")
        if any(language.lower() == other.language.lower() for other in found):
            table.fail(_("this language has a text set already; two are never mixed"), "language")
        without = _without(table, items)
        worded = [item for item in items if item.id not in without]
        found.append(
            TextSet(
                language,
                table.boolean("verified"),
                table.string("source"),
                table.string("title"),
                _labels(table, "items", [item.id for item in worded]),
                _answers(table, worded),
                table.string("introduction", ""),
                sha256,
                without,
                ground.notice,
            )
        )
        table.done()
    return tuple(found)


def worded(root: Table, items: Sequence[Item], before: Sequence[TextSet], sha256: str) -> tuple[TextSet, ...]:
    """Text sets with those of a wording pack, which has a licence record of its own, added."""
    added = texts(root, items, licence(root.table("licence")), sha256)
    if not added:
        root.fail(_("a wording pack has wording"), "texts")
    taken = {text.language.lower() for text in added}
    return (*(text for text in before if text.language.lower() not in taken), *added)


def _without(table: Table, items: Sequence[Item]) -> frozenset[str]:
    """Items that the source of this wording does not have; only such as need not be asked."""
    optional = {item.id for item in items if not item.required}
    without = table.strings("without", [])
    if not optional.issuperset(without):
        table.fail(_("only items with required = false may have no words in a language"), "without")
    return frozenset(without)


def _answers(table: Table, items: Sequence[Item]) -> MappingProxyType[str, MappingProxyType[str, str]]:
    sets = {item.answers.id: item.answers for item in items if item.answers.options}
    entries = table.table("answers", optional=not sets)
    found = {
        id_: _labels(entries, id_, [label_key(option.value) for option in set_.options])
        for id_, set_ in sets.items()
    }
    for id_, labels in found.items():
        first: dict[str, str] = {}
        for key, label in labels.items():
            if (other := first.setdefault(" ".join(label.split()).casefold(), key)) != key:
                told = _(
                    "{one} and {other} have the same words: nobody could tell them apart",
                    one=other,
                    other=key,
                )
                entries.fail(told, id_)
    entries.done()
    return MappingProxyType(found)


def _labels(parent: Table, key: str, wanted: Sequence[str]) -> MappingProxyType[str, str]:
    table = parent.table(key)
    found = {id_: table.string(id_) for id_ in wanted}
    table.done()
    return MappingProxyType(found)
