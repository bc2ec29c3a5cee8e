# SPDX-License-Identifier: Apache-2.0
"""A plugin's texts, kept whole in every language that it speaks.

    python -m peerkit.testing.texts peerkit_garden.words:_     # new texts into each .po, old ones out
    python -m peerkit.testing.texts peerkit_garden.words:_ de  # begins a language

Texts that the package reads from data of its own stand in `MORE` beside the marker. In the plugin's tests:

    def test_french_is_whole():
        assert untranslated(_, peerkit_garden, "fr") == ()

Nothing is guessed: a changed text comes back empty, for a near one may be wrong where it matters most.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import attrs

from peerkit.errors import Malformed
from peerkit.texts import Catalogue
from peerkit.texts.message import paragraphs
from peerkit.texts.po import Entry, entries, written

_PLURALS = {
    "fr": "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n != 0 && n % 1000000 == 0 ? 1 : 2;",
    "": "nplurals=2; plural=(n != 1);",
}
"""The plural forms of a language's new catalogue (Unicode CLDR 46, 2024); of others, English's, to mend."""


def texts_of(package: ModuleType, *, more: Iterable[str] = ()) -> tuple[Entry, ...]:
    """Every text of a package that is marked, in the order of its files: `_("…")`, `_.many("…", "…", n)` or
    `many(…)`, `_.about("context", "…")`, the help of click's commands and their options, and `more`, which
    the package reads from data of its own.

    They are read from the source, so the marker is called `_` everywhere. Malformed names a call whose text
    is put together where nobody can translate it.
    """
    found: dict[tuple[str, str, str], Entry] = {}
    for path in _sources(package):
        for entry in _marked(path):
            found.setdefault(entry.key, entry)
    for text in more:
        found.setdefault(("", text, ""), Entry(source=text))
    return tuple(found.values())


def untranslated(
    marker: Catalogue, package: ModuleType, language: str, *, more: Iterable[str] = ()
) -> tuple[str, ...]:
    """What a plugin's catalogue lacks in a language, a sentence for each, best compared with `()`: texts that
    are missing, empty or only guessed (`fuzzy`), whose placeholders differ, and those that the package does
    not have any more. Malformed if the catalogue cannot be read."""
    path = catalogue_file(marker, language)
    held = {one.key: one for one in _read(path)}
    wanted = texts_of(package, more=more)
    told = [_wrong(one, held.get(one.key)) for one in wanted]
    gone = held.keys() - {one.key for one in wanted} - {("", "", "")}
    told += [f"{path.name}:{held[key].line} is of no text any more: {key[1]}" for key in sorted(gone)]
    return tuple(one for one in told if one)


def update(
    marker: Catalogue, package: ModuleType, language: str, *, more: Iterable[str] = ()
) -> tuple[Path, int]:
    """Bring a language's catalogue to today's texts, sorted: translations kept, new ones empty, old ones out.
    Its file, made if there is none, and how many there are to translate."""
    path = catalogue_file(marker, language)
    held = {one.key: one for one in _read(path)} if path.exists() else {}
    head = held.get(("", "", "")) or _head(language)
    wanted = sorted(texts_of(package, more=more), key=lambda one: one.key)
    made = [head, *(held.get(one.key) or attrs.evolve(one, said=_empty(one, head)) for one in wanted)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(written(made), encoding="utf-8")
    return path, sum(1 for one in made[1:] if not all(one.said))


def catalogue_file(marker: Catalogue, language: str) -> Path:
    """Where a marker's translations into a language lie."""
    return Path(marker.folder, language, "LC_MESSAGES", f"{marker.domain}.po")


# -- reading -----------------------------------------------------------------------------------------


def _sources(package: ModuleType) -> list[Path]:
    if package.__file__ is None:
        raise Malformed("the package has no source", where="texts_of.package")
    path = Path(package.__file__)
    return sorted(path.parent.rglob("*.py")) if path.name == "__init__.py" else [path]


def _marked(path: Path) -> Iterator[Entry]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield from _called(node, path)
        elif isinstance(node, ast.FunctionDef) and any(map(_commands, node.decorator_list)):
            for text in paragraphs((ast.get_docstring(node) or "").partition("\f")[0]):
                yield Entry(source=text)


def _commands(decorator: ast.expr) -> bool:
    """Whether it makes a command of click's: `@click.command()`, `@group.group("name")`."""
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(made, ast.Attribute) and made.attr in {"command", "group"}


_FORMS = {"_": "source", "many": "source other", "_.many": "source other", "_.about": "context source"}


def _called(node: ast.Call, path: Path) -> Iterator[Entry]:
    called = ast.unparse(node.func)
    names = _FORMS.get(called, "").split()
    if names:
        given = [getattr(one, "value", None) for one in node.args[: len(names)]]
        texts = [one for one in given if isinstance(one, str)]
        if len(texts) < len(names):
            raise Malformed("the text stands in the call as it is", where=f"{path.name}:{node.lineno}")
        made = dict(zip(names, texts, strict=True))
        yield Entry(0, made.get("context", ""), made["source"], made.get("other", ""))
    elif called.partition(".")[2] in {"option", "command", "group"}:
        for word in node.keywords:
            if word.arg in {"help", "short_help", "epilog"} and isinstance(word.value, ast.Constant):
                for text in paragraphs(str(word.value.value)):
                    yield Entry(source=text)


def _read(path: Path) -> list[Entry]:
    try:
        return list(entries(path.read_text(encoding="utf-8")))
    except OSError:
        raise Malformed("there is no such catalogue", where=str(path)) from None
    except ValueError as error:
        raise Malformed(f"the catalogue cannot be read: {error}", where=path.name) from None


def _wrong(wanted: Entry, held: Entry | None) -> str:
    if held is None:
        return f"missing: {wanted.source}"
    if not all(held.said):
        return f"not translated: {wanted.source}"
    if held.fuzzy:
        return f"only guessed: {wanted.source}"
    names = _names(wanted.source) | _names(wanted.other)
    if any(not _names(one) <= names for one in held.said) or names != set().union(*map(_names, held.said)):
        return f"has other placeholders: {wanted.source}"
    return ""


def _names(text: str) -> set[str | None]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text)} - {None}
    except ValueError:  # braces that stand for themselves
        return set()


# -- writing -----------------------------------------------------------------------------------------


def _head(language: str) -> Entry:
    plurals = _PLURALS.get(language.partition("_")[0], _PLURALS[""])
    lines = (
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plurals}",
    )
    return Entry(said=["".join(f"{line}\n" for line in lines)])


def _empty(entry: Entry, head: Entry) -> list[str]:
    if not entry.other:
        return [""]
    count = head.said[0].partition("nplurals=")[2][:1]
    return [""] * (int(count) if count.isdigit() else 2)


def main(arguments: list[str]) -> int:
    """The command: the marker as MODULE:NAME, then languages to begin."""
    if not arguments or ":" not in arguments[0]:
        sys.stderr.write("usage: python -m peerkit.testing.texts MODULE:MARKER [LANGUAGE …]\n")
        return 2
    module, _, name = arguments[0].partition(":")
    words = importlib.import_module(module)
    marker = getattr(words, name)
    package = importlib.import_module(module.partition(".")[0])
    there = {path.parents[1].name for path in Path(marker.folder).glob(f"*/LC_MESSAGES/{marker.domain}.po")}
    for language in sorted(there | {*arguments[1:]}):
        path, empty = update(marker, package, language, more=getattr(words, "MORE", ()))
        sys.stdout.write(f"{path}: {empty} to translate\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
