# SPDX-License-Identifier: Apache-2.0
"""Gathers every text of peerkit into the catalogues of translations.

    uv run python tests/texts/catalogue.py      # new texts into each .po, and out with those that are gone
    uv run python tests/texts/catalogue.py de   # begins a language
    uv run pytest tests/texts                   # fails where a translation is missing, stale or does not fit

Then translate what is empty in `src/peerkit/texts/LANGUAGE/LC_MESSAGES/peerkit.po`, by hand or with any
gettext editor. Nothing is guessed: a changed text comes back empty, for a near one may be wrong where it
matters most.
"""

from __future__ import annotations

import ast
import importlib
import io
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from peerkit.kinds import PLACES
from peerkit.texts.labels import DESCRIBED, label

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "peerkit"
TEXTS = SOURCE / "texts"
HEADER = """\
# What peerkit says, in {language}.
# SPDX-License-Identifier: Apache-2.0
#
# Made by tests/texts/catalogue.py; the translations are written by people."""

Entry = tuple[str | tuple[str, str], str, str]
"""A text (or one and several), its context, and where it is from."""


def entries() -> Iterator[Entry]:
    """Every text of peerkit that a person reads."""
    yield from marked()
    yield from codes()
    yield "1", "first of the month", "peerkit/texts/dates.py"
    yield from regions()
    yield from notes()
    yield from shelf()
    yield from commands()
    yield from clicks()


def marked() -> Iterator[Entry]:
    """What the source marks with `_("…")` or `many("…", "…", n)`."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = f"peerkit/{path.relative_to(SOURCE).as_posix()}"
        for text in calls(path, {"_": 1, "many": 2}):
            yield text, "", place


def calls(path: Path, functions: dict[str, int]) -> Iterator[str | tuple[str, str]]:
    """The texts in calls of these functions, whose first arguments (so many) are texts written out there.

    Read from the syntax, so that every version of Python finds the same. ValueError names a call of peerkit's
    whose text is put together where nobody can translate it.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in functions:
            given = [getattr(one, "value", None) for one in node.args[: functions[node.func.id]]]
            if not all(isinstance(one, str) for one in given):
                if SOURCE not in path.parents:
                    continue  # click hands texts on
                raise ValueError(f"{path}:{node.lineno}: the text stands in the call as it is")
            yield given[0] if len(given) == 1 else (given[0], given[1])


def codes() -> Iterator[Entry]:
    """States and acts of every kind, and the codes of `peerkit.texts.labels`."""
    known = {(kind, field, code) for (kind, field), held in DESCRIBED.items() for code in held}
    for kind, (place, name) in PLACES.items():
        known.add(("", "kind", kind))
        cls: Any = getattr(importlib.import_module(f"peerkit.model.{place}"), name)
        parts = {row.of for row in cls.table.values()}
        for row in cls.table.values():
            known.add((kind, "act", row.act))
            field = "state" if row.of == "-" else f"{row.of}.state"
            states = {*row.sources, *row.to.split("|")} - {"-", "*", "="}
            known |= {(kind, field, state) for state in states}
        if "-" in parts and hasattr(cls, "state") and (default := getattr(cls, "__attrs_attrs__", None)):
            first = next((a.default for a in default if a.name == "state"), None)
            known |= {(kind, "state", first)} if isinstance(first, str) and first else set()
    for one in sorted(known):
        message = label(*one)
        yield message.source, message.context, "codes"


def regions() -> Iterator[Entry]:
    """Names of lines and words of duties, as regions' data has them."""
    for path in sorted((SOURCE / "safety" / "data").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        for line in data["lines"]:
            yield line["name"], "", f"peerkit/safety/data/{path.name}"
        for duty in data["duties"]:
            yield duty["words"], "", f"peerkit/safety/data/{path.name}"


def notes() -> Iterator[Entry]:
    """What the definitions that ship say to whoever asks. Their wording is never translated here."""
    for path in sorted((SOURCE / "instruments" / "data").glob("*.toml")):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        yield data.get("audience", {}).get("note", ""), "", f"peerkit/instruments/data/{path.name}"


def shelf() -> Iterator[Entry]:
    """What each resource of the library is for, the values and the principles."""
    from peerkit import library

    for resource in library.resources():
        yield resource.purpose.source, "", "peerkit/library/data/resources.toml"
    for value in (*library.values(), *library.principles()):
        yield value.words.source, "", "peerkit/library/data/values.toml"


def commands() -> Iterator[Entry]:
    """Help of every command of peerkit's own, as the live command line has it."""
    from peerkit.cli.root import COMMANDS, main

    for _, short in COMMANDS.values():
        yield short, "", "peerkit/cli/root.py"
    yield from helps(main, "peerkit")


def helps(command: Any, path: str) -> Iterator[Entry]:
    """Texts of a command's help: its paragraphs, its epilog and its options."""
    from peerkit.cli.root import COMMANDS
    from peerkit.texts.message import paragraphs

    for text in (command.help, command.epilog):
        for one in paragraphs(text or ""):
            yield one, "", path.replace(" ", "-")
    for option in command.params:
        if text := getattr(option, "help", None):
            yield " ".join(text.split()), "", path.replace(" ", "-")
    names = COMMANDS if path == "peerkit" else getattr(command, "commands", ())
    for name in names:
        found = command.get_command(None, name)
        yield from helps(found, f"{path} {name}")


def clicks() -> Iterator[Entry]:
    """What click itself says: its errors and the frame of its help."""
    import click

    for path in sorted(Path(click.__file__).parent.glob("*.py")):
        for text in calls(path, {"_": 1, "ngettext": 2}):
            yield text, "", "click"


def template() -> Catalog:
    """Every text, without translations."""
    made = Catalog(project="peerkit", charset="utf-8")
    for text, context, place in entries():
        if text:
            made.add(text, context=context or None, locations=[(place, 0)])
    return made


def read(path: Path) -> Catalog:
    """A catalogue as it stands."""
    return read_po(io.BytesIO(path.read_bytes()), locale=path.parents[1].name, abort_invalid=True)


def updated(path: Path) -> bytes:
    """The catalogue with exactly today's texts: translations kept, new texts empty, others gone."""
    language = path.parents[1].name
    old = read(path) if path.exists() else Catalog(locale=language)
    made = Catalog(locale=language, project="peerkit", charset="utf-8", fuzzy=False)
    made.header_comment = HEADER.format(
        language=made.locale.get_display_name("en") if made.locale else language
    )
    for message in template():
        if not message.id:
            continue
        held = old.get(message.id, message.context)  # type: ignore[arg-type]
        kept = held.string if held is not None and held.id == message.id else ""
        comments = held.user_comments if held is not None else []
        made.add(
            message.id,
            kept,
            message.locations[:1],
            context=message.context,
            user_comments=comments,
            flags=held.flags - {"python-format", "python-brace-format"} if held is not None else (),
        )
    out = io.BytesIO()
    write_po(
        out, made, width=110, sort_output=True, include_lineno=False, ignore_obsolete=True, omit_header=False
    )
    lines = out.getvalue().decode().splitlines(keepends=True)
    dated = (
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Last-Translator',
        '"Language-Team',
        '"Generated-By',
        '"Project-Id',
        '"Report-Msgid',
    )
    return "".join(one for one in lines if not one.startswith(dated)).encode()


def catalogues() -> list[Path]:
    """The catalogue of each language."""
    return sorted(TEXTS.glob("*/LC_MESSAGES/*.po"))


if __name__ == "__main__":
    for language in sys.argv[1:]:
        (TEXTS / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
        (TEXTS / language / "LC_MESSAGES" / "peerkit.po").touch()
    for one in catalogues():
        one.write_bytes(updated(one))
        empty = sum(
            1 for m in read(one) if m.id and not (m.string if isinstance(m.string, str) else all(m.string))
        )
        sys.stdout.write(f"{one.relative_to(ROOT)}: {empty} to translate\n")
