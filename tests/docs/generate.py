# SPDX-License-Identifier: Apache-2.0
"""Makes the parts of the documentation that come from the classes themselves.

    uv run python tests/docs/generate.py        # writes them
    uv run pytest tests/docs/test_generated.py  # fails where one is not up to date

A page says where: `<!-- generated: kinds -->` begins a part and `<!-- /generated -->` ends it. What stands
between is made by the function of that name here and is never edited by hand.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
import tomllib
import typing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs

from peerkit.kinds import PLACES
from peerkit.model.acts import Row
from peerkit.model.base import Class, Part, Record, part_types
from peerkit.model.program import Duty, Line
from peerkit.rights import BECAUSE, CORE, EXCEPTIONS, parse
from peerkit.safety.regions import installed, region

ROOT = Path(__file__).resolve().parents[2]
PART = re.compile(
    r"(?P<begin>^<!-- generated: (?P<name>\w+) -->\n).*?(?P<end>^<!-- /generated -->$)",
    re.MULTILINE | re.DOTALL,
)
SKIPPED = frozenset({"extra", "trail"})
RIGHTS = parse(CORE)


# -- kinds -----------------------------------------------------------------------------------------


def kinds() -> Iterator[str]:
    """Every kind of the core, by the module that it is in."""
    module = ""
    for kind, (place, name) in PLACES.items():
        found = importlib.import_module(f"peerkit.model.{place}")
        if place != module:
            module = place
            yield f"## {inspect.cleandoc(found.__doc__).split(chr(10))[0].rstrip('.')}\n"
        yield from one_kind(kind, getattr(found, name))


def one_kind(kind: str, cls: type[Record]) -> Iterator[str]:
    """A kind: what it is, its fields, its states, its acts."""
    yield f"### {cls.__name__}\n"
    yield f"{prose(cls)}\n"
    facts = [f"Kind `{kind}`, document version {cls.doc_version}."]
    if cls.subject_fields:
        facts.append(f"About: {', '.join(f'`{name}`' for name in cls.subject_fields)}.")
    if cls.lane:
        facts.append("Of the safety lane: `save` refuses it.")
    elif cls.kit_only:
        facts.append("Written by the kit alone.")
    if cls.searched:
        facts.append(f"Searched by {', '.join(f'`{name}`' for name in cls.searched)}.")
    yield " ".join(facts) + "\n"
    yield from fields(cls)
    for part in parts(cls):
        yield f"**{part.__name__}**, a part of it. {prose(part)}\n"
        yield from fields(part)
    yield from diagrams(cls)
    yield from acts(cls)


def prose(cls: type[Any]) -> str:
    """The docstring, for a page."""
    return inspect.cleandoc(cls.__doc__ or "")


def parts(cls: type[Any]) -> list[type[Part]]:
    """The parts that a record holds, and theirs, outermost first."""
    found: list[type[Part]] = []
    for hint in hints(cls).values():
        for one in part_types(hint):
            found += [p for p in (one, *parts(one)) if p not in found]
    return found


def hints(cls: type[Any]) -> dict[str, Any]:
    """The type of each field that a document has."""
    every = typing.get_type_hints(cls, include_extras=True)
    return {f.name: every[f.name] for f in attrs.fields(cls) if f.name not in SKIPPED}


def fields(cls: type[Any]) -> Iterator[str]:
    """A table of the fields: type, class of data, and what stands there if it is left out."""
    yield "| Field | Type | Class of data | Left out |\n|---|---|---|---|"
    for field in attrs.fields(cls):
        if field.name in SKIPPED:
            continue
        hint = hints(cls)[field.name]
        data = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, Class)), None)
        yield (
            f"| `{field.name}` | {spelt(hint)} | {'of its parts' if data is None else data.value} "
            f"| {left_out(field)} |"
        )
    yield ""


def spelt(hint: Any) -> str:
    """A type as somebody would write it."""
    bare = typing.get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    text = bare.__name__ if inspect.isclass(bare) and not typing.get_args(bare) else str(bare)
    text = re.sub(r"\b(?:[a-z_]+\.)+(?=[A-Za-z])", "", text)
    return f"`{text}`".replace("|", "\\|")


def left_out(field: Any) -> str:
    """What a field holds that nobody gave."""
    if field.default is attrs.NOTHING:
        return "is needed"
    if isinstance(field.default, attrs.Factory):  # type: ignore[arg-type]
        return "made" if field.name == "id" else "empty"
    if field.default in {"", ()}:
        return "empty"
    return f"`{getattr(field.default, 'value', field.default)!r}`"


def diagrams(cls: type[Record]) -> Iterator[str]:
    """A state diagram for the record and for each collection of parts that has states."""
    for of in dict.fromkeys(row.of for row in cls.table.values()):
        rows = [row for row in cls.table.values() if row.of == of]
        states = set().union(*(targets(row) for row in rows))
        if not states:
            continue
        edges = [edge for row in rows for edge in moves(row, states)]
        leaving = {source for source, target, _ in edges if source != target}
        edges += [(state, "[*]", "") for state in ordered(states, rows) if state not in leaving]
        if of != "-":
            yield f"Each of its {of}:\n"
        yield "```mermaid\nstateDiagram-v2"
        for source, target, act in edges:
            yield f"    {source} --> {target}" + (f": {act}" if act else "")
        yield "```\n"


def moves(row: Row, states: set[str]) -> Iterator[tuple[str, str, str]]:
    """The moves from state to state that an act can make."""
    for target in ordered(targets(row), [row]):
        sources = sorted(states - {target}) if row.sources == ("*",) else row.sources
        for source in sources:
            yield "[*]" if source == "-" else source, target, row.act


def targets(row: Row) -> set[str]:
    """The states that an act may leave."""
    return set() if row.to in {"=", "-"} else set(row.to.split("|"))


def ordered(states: set[str], rows: list[Row]) -> list[str]:
    """States in the order in which the table names them."""
    return [s for s in dict.fromkeys(s for row in rows for s in row.to.split("|")) if s in states]


def acts(cls: type[Record]) -> Iterator[str]:
    """A table of the acts: whose decision each is, how strong, and who may write it down."""
    yield "| Act | From | To | Whose decision | At least | Recorded by | |\n|---|---|---|---|---|---|---|"
    for row in cls.table.values():
        method = getattr(cls, row.act)
        says = inspect.cleandoc(method.__doc__ or "").replace("\n", " ")
        cells = (
            f"`{row.act}{signature(method)}`",
            where(row.sources, row),
            where(tuple(row.to.split("|")), row),
            ", ".join(whose(who) for who in row.who),
            row.strength.name,
            recorded_by(cls, row),
            says,
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def signature(method: Callable[..., Any]) -> str:
    """What an act takes, without `by=`, which all of them take."""
    found = inspect.signature(inspect.unwrap(method))
    kept = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in found.parameters.values()
        if p.name not in {"self", "cls", "by"}
    ]
    return str(inspect.Signature(kept)).replace("|", "\\|")


def where(states: tuple[str, ...], row: Row) -> str:
    """States as words."""
    names = {"-": "new" if row.creates else "adds one", "*": "any", "=": "stays"}
    return ", ".join(names.get(state, state) for state in states)


def whose(who: str) -> str:
    """Whose decision, as words."""
    return {"anyone": "anyone's", "kit": "peerkit's", "self": "the person's"}.get(who, f"the {who}'s")


def recorded_by(cls: type[Record], row: Row) -> str:
    """The roles whose line of the rights table has the act."""
    if cls.lane:
        return "the lane"
    roles = [one.role for one in RIGHTS if one.kind == cls.kind and one.may(row.act)]
    return ", ".join(dict.fromkeys(role_name(role) for role in roles)) or "the kit"


def role_name(role: str) -> str:
    """A role of the rights table as words: `own:person` is the person themselves."""
    of = role.removeprefix("own:")
    return role if of == role else "the person" if of == "id" else f"the {of}"


# -- rights ----------------------------------------------------------------------------------------


def rights() -> Iterator[str]:
    """The rights table, kind by kind."""
    yield "| Kind | Role | Reads | May record |\n|---|---|---|---|"
    for kind in dict.fromkeys(row.kind for row in RIGHTS):
        for row in (one for one in RIGHTS if one.kind == kind):
            may = ", ".join(f"`{act}`" for act in sorted(row.acts)) or "nothing"
            yield (
                f"| `{kind}` | `{row.role}` | {'yes' if row.read else 'no'} "
                f"| {'every act of the kind' if '*' in row.acts else may} |"
            )
    yield ""


def exceptions() -> Iterator[str]:
    """What is kept from whom it is about, and why."""
    heads = ("Kind", "Kept from", "But not from", "Their log shows that it exists", "Looked at again by")
    yield f"| {' | '.join(heads)} | Because |"
    yield "|---|---|---|---|---|---|"
    for row in EXCEPTIONS:
        act = "" if row.act == "*" else f" (`{row.act}`)"
        held, but, shown = (
            ", ".join(f"`{one}`" if one != "*" else "everybody" for one in sorted(fields)) or "nobody"
            for fields in (row.kept_from, row.unless, row.shown)
        )
        because = BECAUSE[row.because]
        yield f"| `{row.kind}`{act} | {held} | {but} | {shown} | {row.review:%d %B %Y} | {because} |"
    yield ""


# -- regions ---------------------------------------------------------------------------------------


def regions() -> Iterator[str]:
    """What ships for each region: lines and duties, where they stand, whether seen there."""
    for code in installed():
        found = region(code)
        yield f"### {found.code}\n\n| | Source | As of | |\n|---|---|---|---|"
        for line in found.lines:
            number = line.number if "://" in line.number else f"**{line.number}**"
            said = f"{line.name}: {number}" + (f", text **{line.text}**" if line.text else "")
            yield f"| {said} | {line.source} | {line.as_of} | {seen(line)} |"
        for duty in found.duties:
            yield f"| `{duty.code}`: {duty.words} | {duty.source} | {duty.as_of} | {seen(duty)} |"
        yield ""


def seen(one: Line | Duty) -> str:
    """Whether somebody saw it at its source, for a page."""
    return "seen" if one.verified else "**not verified**"


# -- ways to lose an alarm -------------------------------------------------------------------------


def alarms() -> Iterator[str]:
    """Each known way, what peerkit does about it, and the test that fails where it does not."""
    listed = tomllib.loads((ROOT / "tests" / "mutations" / "alarms.toml").read_text(encoding="utf-8"))
    for row in listed["row"]:
        yield f"### {row['lost'][0].upper()}{row['lost'][1:]}\n"
        yield f"{row['answer'][0].upper()}{row['answer'][1:]}.\n"
        yield "| | Test | A fault that it notices |\n|---|---|---|"
        for fault in listed["fault"]:
            for way in fault["ways"]:
                if way["row"] == row["lost"]:
                    yield f"| {way['way']} | `{way['test']}` | {fault['fault']} (`{fault['file']}`) |"
        yield ""


# -- the command line ------------------------------------------------------------------------------

SHARED = ("--db", "--as", "--json")
"""Options that the page explains once for all commands."""


def commands() -> Iterator[str]:
    """Every command of peerkit's own, in the order of its help: usage, what it does, its options."""
    from peerkit.cli import main

    yield from one_group(main, "peerkit")


def one_group(group: Any, path: str) -> Iterator[str]:
    """The commands of a group, and of the groups in it."""
    from peerkit.cli.root import COMMANDS

    names = list(COMMANDS) if path == "peerkit" else sorted(group.commands)
    for name in names:
        command = group.get_command(None, name)
        yield from one_command(command, f"{path} {name}")
        if hasattr(command, "commands"):
            yield from one_group(command, f"{path} {name}")


def one_command(command: Any, path: str) -> Iterator[str]:
    """A command: its heading, its help, its own options in a table."""
    import click

    with click.Context(command, info_name=path) as ctx:
        arguments = [one.make_metavar(ctx) for one in command.params if isinstance(one, click.Argument)]
        options = [one for one in command.params if isinstance(one, click.Option)]
        below = ["COMMAND"] if hasattr(command, "commands") else []
        title = " ".join([path, *arguments, *below]).replace("] [", "] \\[")  # two in brackets are a link
        yield f"### {title}\n"
        yield f"{inspect.cleandoc(command.help)}\n"
        own = [one for one in options if not set(SHARED) & set(one.opts)]
        if own:
            yield "| Option | |"
            yield "|---|---|"
            for one in own:
                shown, words = one.get_help_record(ctx)
                yield f"| `{shown.replace('|', ', ')}` | {words.replace('|', ', ').replace('  [', ' [')} |"
            yield ""
        also = [opt for one in options for opt in one.opts if opt in SHARED]
        if also:
            yield f"Also {', '.join(f'`{opt}`' for opt in also)}.\n"


MAKERS: dict[str, Callable[[], Iterator[str]]] = {
    "kinds": kinds,
    "rights": rights,
    "exceptions": exceptions,
    "regions": regions,
    "alarms": alarms,
    "commands": commands,
}


# -- pages -----------------------------------------------------------------------------------------


def filled(page: str) -> str:
    """The page with its generated parts made anew."""

    def made(found: re.Match[str]) -> str:
        text = "\n".join(MAKERS[found["name"]]()).rstrip()
        return f"{found['begin']}\n{text}\n\n{found['end']}"

    return PART.sub(made, page)


def pages() -> list[Path]:
    """The pages that have generated parts."""
    return [p for p in sorted((ROOT / "docs").rglob("*.md")) if PART.search(p.read_text(encoding="utf-8"))]


if __name__ == "__main__":
    for one in pages():
        old = one.read_text(encoding="utf-8")
        new = filled(old)
        one.write_text(new, encoding="utf-8")
        sys.stdout.write(f"{one.relative_to(ROOT)}: {'made anew' if new != old else 'up to date'}\n")
