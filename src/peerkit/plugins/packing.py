# SPDX-License-Identifier: Apache-2.0
"""Reading a pack: a folder of TOML files becomes a plugin that supplies what is in them.

It is read whole or not at all: one file that cannot be used fails the pack, with file, item and field.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import attrs

from peerkit import hooks
from peerkit.codes import is_language
from peerkit.errors import Malformed, NotFound
from peerkit.hooks import GoalTemplate, Pack, Supply, WordList, WordRow
from peerkit.hooks.packs import PackItem, PackRecord
from peerkit.instruments import Instrument, load, parse, with_wording
from peerkit.instruments.definition import number
from peerkit.instruments.parse import document
from peerkit.instruments.parse_texts import licence
from peerkit.instruments.table import Table, listed, near
from peerkit.texts import _
from peerkit.texts.refusals import explained
from peerkit.training import rules

HEAD = "pack.toml"
FORMAT = 1
FOLDERS = ("instruments", "wordings", "goals", "courses", "words")
LARGEST = 5_000_000
"""So many bytes a file has at most. Own choice, as for a questionnaire that is brought in."""
_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,3}")
_CARRIED = frozenset({"goals", "courses", "words"})
"""What has no licence record of its own: the pack's is its ground."""

Files: TypeAlias = Mapping[str, bytes]
"""The files of a pack by their path in it (`goals/en.toml`), in the order of the paths."""


class Head(NamedTuple):
    """What a pack is called, without reading the rest of it; `error` where that cannot be read."""

    name: str
    version: str
    error: str = ""


class _Item(NamedTuple):
    supply: Supply
    says: PackItem


class Packed:
    """A pack as a plugin: it supplies what was read, and has no other hook."""

    def __init__(self, record: PackRecord, supplies: tuple[Supply, ...]) -> None:
        self.record = record
        self._supplies = supplies

    @hooks.hookimpl
    def peerkit_supply(self) -> Iterable[Supply]:
        """What is in the pack."""
        return self._supplies


def head(pack: Pack) -> Head:
    """Name and version of a pack. Never raises: a folder that is none goes by its own name."""
    try:
        root = _table(_bytes(pack.folder / HEAD, _shown(pack.folder, HEAD)), _shown(pack.folder, HEAD))
        return Head(root.id("name"), _version(root))
    except Malformed as fault:
        return Head(pack.folder.name, "", explained(fault))


def read(pack: Pack) -> Packed:
    """The pack, whole. Malformed names file, item and field of the first thing that cannot be used."""
    files = {name: _bytes(path, _shown(pack.folder, name)) for name, path in _listed(pack.folder)}
    items = [item for name in files if name != HEAD for item in _items(name, pack.folder, files)]
    record = _record(_table(files[HEAD], _shown(pack.folder, HEAD)), items, files)
    return Packed(record, tuple(item.supply for item in items))


def edition(version: str) -> str:
    """A version as its hash is kept by: 1.0 and 1.00 are the same, as for a questionnaire."""
    return ".".join(digits or "0" for _length, digits in number(version)) or "0"


def unfit(record: PackRecord, name: str, known: Mapping[str, Any] | None) -> str:
    """Why a pack cannot stand under this name for the one that was accepted; empty if it can. A newer version
    may say anything, the same one only what it said before."""
    if record.name != name:
        return _(
            "its {head} calls it {one}, and its entry point {name}: both give it one name",
            head=HEAD,
            one=record.name,
            name=name,
        )
    seen = ((known or {}).get("packs") or {}).get(edition(record.version), record.sha256)
    if seen == record.sha256:
        return ""
    return _(
        "its files are not those that version {version} had when it was used here, and a version is never "
        "edited: put them back, or give it a new version in {head}",
        version=record.version,
        head=HEAD,
    )


# -- the folder ------------------------------------------------------------------------------------


def _listed(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file that is read, in their order; what would be passed over in silence is refused."""
    yield HEAD, folder / HEAD
    try:
        entries = sorted(folder.iterdir())
        inner = {one.name: sorted(one.iterdir()) for one in entries if one.is_dir() and not _passed(one)}
    except (OSError, ValueError):  # ValueError: no path at all
        raise Malformed(_("this folder cannot be read: is it there?"), where=folder.name) from None
    for one in entries:
        stray = not one.is_dir() and one.suffix == ".toml" and one.name != HEAD
        if stray or (one.name in inner and one.name not in FOLDERS):
            hint = near(one.name, FOLDERS)
            told = _(
                "a pack has {head} and the folders {folders}; this is none of them{hint}",
                head=HEAD,
                folders=listed(FOLDERS),
                hint=hint,
            )
            raise Malformed(told, where=_shown(folder, one.name))
    for name in FOLDERS:
        for path in inner.get(name, []):
            if _passed(path):
                continue
            if path.suffix != ".toml" or path.is_dir():
                told = _("a pack's folder has TOML files (.toml), and nothing else")
                raise Malformed(told, where=_shown(folder, f"{name}/{path.name}"))
            yield f"{name}/{path.name}", path


def _passed(path: Path) -> bool:
    """What systems and Python leave in a folder."""
    return path.name.startswith((".", "__"))


def _shown(folder: Path, name: str) -> str:
    """A file as errors name it: without where the folder is."""
    return f"{folder.name}/{name}"


def _bytes(path: Path, where: str) -> bytes:
    try:
        if not path.is_file():  # a pipe would be waited for, and every alarm with it
            raise Malformed(_("this file cannot be read: is it there?"), where=where)
        with path.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except (OSError, ValueError):  # ValueError: no path at all
        raise Malformed(_("this file cannot be read: is it there?"), where=where) from None
    if len(data) > LARGEST:
        raise Malformed(_("a file has {most} bytes at most", most=LARGEST), where=where)
    return data


def _table(data: bytes, where: str) -> Table:
    root = Table(document(data, where)[0], where)
    if root.whole("format") != FORMAT:
        root.fail(_("this peerkit reads format {format}", format=FORMAT), "format")
    return root


# -- pack.toml -------------------------------------------------------------------------------------


def _version(root: Table) -> str:
    version = root.string("version")
    if not _VERSION.fullmatch(version):
        root.fail(_("a version is numbers and dots, such as 1.0"), "version")
    return version


def _record(root: Table, items: list[_Item], files: Files) -> PackRecord:
    name, version = root.id("name"), _version(root)
    title, languages = root.string("title"), root.strings("languages")
    carried = any(path.partition("/")[0] in _CARRIED for path in files)
    ground = licence(root.table("licence"), included=carried)
    root.done()
    if not items:
        root.fail(_("there is nothing in it: its files stand in {folders}", folders=listed(FOLDERS)))
    if not all(is_language(one) for one in languages):
        root.fail(_("a language is a tag such as en or fr-CA"), "languages")
    said, spoken = (
        {one.lower() for one in languages},
        {one.lower() for i in items for one in i.says.languages},
    )
    if missing := sorted(spoken - said):
        root.fail(
            _("there are words in {languages}, which is not named here", languages=listed(missing)),
            "languages",
        )
    if unspoken := sorted(said - spoken):
        root.fail(_("nothing in the pack is in {languages}", languages=listed(unspoken)), "languages")
    contents = tuple(item.says for item in items)
    return PackRecord(name, version, title, languages, ground, contents, _sha256(files))


def _sha256(files: Files) -> str:
    """One hash of all files: names and lengths stand in it, so that nothing can move from one to another."""
    found = hashlib.sha256()
    for name, data in sorted(files.items()):
        found.update(f"{name}\0{len(data)}\0".encode())
        found.update(data)
    return found.hexdigest()


# -- what is in it ---------------------------------------------------------------------------------


def _items(name: str, folder: Path, files: Files) -> list[_Item]:
    where = _shown(folder, name)
    found = list(_READERS[name.partition("/")[0]](files[name], where, folder, files))
    if not found:
        raise Malformed(_("there is nothing in this file"), where=where)
    return found


def _instrument(data: bytes, where: str, folder: Path, files: Files) -> Iterator[_Item]:  # noqa: ARG001
    made = parse(data, where)
    load(made.id, [made], version=made.version)  # refused where peerkit ships one of this id
    languages = tuple(text.language for text in made.texts)
    says = PackItem("instrument", made.id, languages, where, made.licence)
    yield _Item(hooks.Instrument(data.decode(), where), says)


def _wording(data: bytes, where: str, folder: Path, files: Files) -> Iterator[_Item]:
    """Words for a definition of peerkit's or of this pack's are read against it; for another plugin's that is
    done where both are, on the program's shelf."""
    root = _table(data, where)
    name, version = root.id("instrument"), root.string("version")
    ground = licence(root.table("licence"))
    if (definition := _definition(name, version, folder, files)) is not None:
        made = with_wording(definition, data, where, replace=False)
        languages = tuple(one.language for one in made.texts if one not in definition.texts)
    else:
        languages = tuple(one.string("language") for one in root.tables("texts"))
    yield _Item(hooks.Wording(data.decode(), where), PackItem("wording", name, languages, where, ground))


def _definition(name: str, version: str, folder: Path, files: Files) -> Instrument | None:
    mine = [
        parse(data, _shown(folder, path)) for path, data in files.items() if path.startswith("instruments/")
    ]
    try:
        return load(name, mine, version=version)
    except NotFound:
        return None


def _goals(data: bytes, where: str, folder: Path, files: Files) -> Iterator[_Item]:  # noqa: ARG001
    root = _table(data, where)
    language = _language(root)
    for table in root.tables("goals"):
        more = {key: take(table) for key, take in _MORE.items() if key in table and key in _GOAL}
        name = table.id()
        made = GoalTemplate(
            name=name,
            words=table.string("words"),
            reason=table.string("reason"),
            source=table.string("source"),
            area=table.string("area", ""),
            locale=language,
            **more,
        )
        table.done()
        yield _Item(made, PackItem("goal", name, (language,), where))
    root.done()


def _instead(table: Table) -> dict[str, str]:
    words = table.table("instead")
    return {need: words.string(need) for need in words.ids()}


_GOAL = frozenset(field.name for field in attrs.fields(GoalTemplate))
_MORE: Mapping[str, Callable[[Table], Any]] = {
    "cost": lambda table: table.string("cost"),
    "needs": lambda table: table.strings("needs"),
    "instead": _instead,
}
"""What a goal may say besides; each only where a `GoalTemplate` has it."""


def _course(data: bytes, where: str, folder: Path, files: Files) -> Iterator[_Item]:  # noqa: ARG001
    made = rules.parse(data, where)
    yield _Item(hooks.CourseRule(data.decode(), where), PackItem("course", made.id, (), where))


def _words(data: bytes, where: str, folder: Path, files: Files) -> Iterator[_Item]:  # noqa: ARG001
    root = _table(data, where)
    name, language, source = root.id(), _language(root), root.string("source")
    rows = tuple(_row(table, source) for table in root.tables("rows"))
    root.done()
    if not rows:
        root.fail(_("a list of words has rows"), "rows")
    made = WordList(name, language, source, rows=lambda: rows)
    yield _Item(made, PackItem("words", name, (language,), where))


def _row(table: Table, source: str) -> WordRow:
    look_for, say = table.strings("look_for"), table.strings("say")
    for key, words in (("look_for", look_for), ("say", say)):
        if not words or not all(one.strip() for one in words):
            table.fail(_("there must be one word at least, and none may be blank"), key)
    given = table.string("source", source)
    row = WordRow(look_for, say, given, table.boolean("verified"), table.string("note", ""))
    table.done()
    return row


def _language(root: Table) -> str:
    language = root.string("language")
    if not is_language(language):
        root.fail(_("a language is a tag such as en or fr-CA"), "language")
    return language


_READERS: Mapping[str, Callable[[bytes, str, Path, Files], Iterator[_Item]]] = {
    "instruments": _instrument,
    "wordings": _wording,
    "goals": _goals,
    "courses": _course,
    "words": _words,
}

__all__ = ["HEAD", "Head", "Packed", "edition", "head", "read", "unfit"]
