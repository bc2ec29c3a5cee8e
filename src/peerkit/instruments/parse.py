# SPDX-License-Identifier: Apache-2.0
"""A definition from its TOML file. What is wrong is `Malformed`, and names file, item and field."""

from __future__ import annotations

import graphlib
import hashlib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, localcontext
from types import MappingProxyType

from peerkit.codes import AGE_BANDS
from peerkit.errors import Malformed
from peerkit.instruments import scoring, triage
from peerkit.instruments.answers import DECLINED, AnswerSet, Kind, Option
from peerkit.instruments.codes import read_code
from peerkit.instruments.conditions import Condition, items_in
from peerkit.instruments.definition import LONGEST_WAIT, Ages, Audience, Item, Rule, TaskRule
from peerkit.instruments.instrument import Instrument
from peerkit.instruments.parse_conditions import condition
from peerkit.instruments.parse_scores import read_bands, read_scores
from peerkit.instruments.parse_texts import licence, texts
from peerkit.instruments.possible import World, answered
from peerkit.instruments.table import MOST, Table, near, shown
from peerkit.levels import Level
from peerkit.texts import _

FORMAT = 1
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,3}")
_BAND = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\+?", re.ASCII)
_LEVELS = tuple(str(level) for level in Level)


def parse(data: str | bytes, source: str = "definition") -> Instrument:
    """Read a definition: the text or the bytes of a TOML file. `source` is the file's name, for errors.

    The hash is that of the bytes (of the text in UTF-8). Raises `Malformed` for whatever would make the
    definition say something other than its author meant: an unknown field, an item that no one defined,
    bands with a gap or an overlap, a cycle in the branching or among scores, a rule out of order, a wrong
    LOINC check digit, wording without permission, a text set with a text missing.
    """
    content, sha256 = document(data, source)
    with localcontext(scoring.CONTEXT):
        return _instrument(Table(content, source), source, sha256)


def _instrument(root: Table, source: str, sha256: str) -> Instrument:
    if root.whole("format") != FORMAT:
        root.fail(_("this peerkit reads format {format}", format=FORMAT), "format")
    version = root.string("version")
    if not _VERSION.fullmatch(version):
        root.fail(_("a version is numbers and dots, such as 1.0"), "version")
    answers = _answer_sets(root.table("answers"))
    items = _items(root, answers)
    by_id = {item.id: item for item in items}
    ages = _ages(root)
    world = World(by_id, frozenset(ages.groups))
    items, order = _branching(root, by_id, world)
    by_id = {item.id: item for item in items}
    scores = read_scores(root, by_id)
    reach = {score.id: scoring.bounds(score, by_id, {}) for score in scores}
    world = World(by_id, world.ages, reach)
    ground = licence(root.table("licence"))
    instrument = Instrument(
        id=root.id(),
        version=version,
        sha256=sha256,
        source=source,
        title=root.string("title"),
        pack=root.id("pack", ""),
        licence=ground,
        audience=_audience(root),
        code=read_code(root),
        items=items,
        order=order,
        scores=scores,
        bands=read_bands(root, by_id, scores),
        triage=_triage(root, world),
        tasks=_tasks(root, world),
        ages=ages,
        texts=texts(root, items, ground),
    )
    root.done()
    return instrument


def document(data: str | bytes, source: str) -> tuple[dict[str, object], str]:
    """The tables of a TOML file and the SHA-256 of its bytes."""
    try:
        raw = data.encode() if isinstance(data, str) else data
        return tomllib.loads(raw.decode(), parse_float=Decimal), hashlib.sha256(raw).hexdigest()
    except UnicodeError:
        raise Malformed(_("this is not UTF-8 text"), where=source) from None
    except tomllib.TOMLDecodeError as error:
        # Its text gives line and column and at most a key of the file, which holds no person's words.
        raise Malformed(_("this is not TOML: {error}", error=error), where=source) from None
    except (RecursionError, ValueError, ArithmeticError):
        raise Malformed(_("this is nested too deeply, or has a number out of range"), where=source) from None


def _answer_sets(table: Table) -> dict[str, AnswerSet]:
    sets = {}
    for id_ in table.ids():
        entry = table.table(id_)
        kind = Kind(entry.one_of("kind", tuple(Kind)))
        low = high = 0
        if kind is Kind.WHOLE_NUMBER:
            low, high = entry.whole("low", low=-MOST), entry.whole("high", low=-MOST)
            if low >= high:
                entry.fail(_("this must be more than low"), "high")
        options = _options(entry, kind)
        entry.done()
        sets[id_] = AnswerSet(id_, kind, options, low, high)
    return sets


def _options(entry: Table, kind: Kind) -> tuple[Option, ...]:
    if kind in (Kind.TEXT, Kind.WHOLE_NUMBER):
        return ()
    if kind is Kind.YES_NO and "options" not in entry:
        return Option(True, Decimal(1)), Option(False, Decimal(0))  # noqa: FBT003  # these are answers
    options = []
    for option in entry.tables("options"):
        value: bool | int | str
        if kind is Kind.YES_NO:
            value = option.boolean("value")
            points: Decimal | None = option.number("points", Decimal(int(value)))
        else:
            value = option.choice("value")
            if value in (DECLINED, ""):
                option.fail(_("an answer to choose is neither blank nor called declined"), "value")
            has_points = isinstance(value, int) or "points" in option
            points = option.number("points", Decimal(value) if isinstance(value, int) else Decimal(0))
            points = points if has_points else None
        options.append(Option(value, points, read_code(option)))
        option.done()
    values = [str(option.value) for option in options]
    codes = [option.code.value for option in options if option.code]
    if len(options) < 2 or (kind is Kind.YES_NO and len(options) != 2):
        entry.fail(_("there must be two answers to choose from at least, for yes-no exactly two"), "options")
    if len({*values, *codes}) < len(values) + len(codes):
        entry.fail(_("two answers have the same value or code"), "options")
    return tuple(options)


def _items(root: Table, answers: Mapping[str, AnswerSet]) -> tuple[Item, ...]:
    items: dict[str, Item] = {}
    for table in root.tables("items"):
        id_ = table.id()
        if id_ in items:
            table.fail(_("two items have this id"), "id")
        set_ = table.string("answers")
        if set_ not in answers:
            table.fail(_("there is no such set of answers{near}", near=near(set_, answers)), "answers")
        items[id_] = Item(id_, answers[set_], table.boolean("required", default=True), read_code(table))
        table.done()
    if not items:
        root.fail(_("there must be one item at least"), "items")
    return tuple(items.values())


def _ages(root: Table) -> Ages:
    if "ages" not in root:
        return Ages()
    table = root.table("ages")
    entries = table.table("groups")
    groups = {id_: entries.strings(id_) for id_ in entries.ids()}
    for id_, group in groups.items():
        if not all(_BAND.fullmatch(band) for band in group):
            entries.fail(_("an age band is written such as {bands}", bands=", ".join(AGE_BANDS)), id_)
    bands = [band for group in groups.values() for band in group]
    if len(set(bands)) < len(bands):
        table.fail(_("an age band stands in two groups"), "groups")
    unknown = table.one_of("unknown", tuple(groups))
    for id_, group in groups.items():
        if id_ != unknown and not set(AGE_BANDS).intersection(group):
            told = _(
                "nobody in a program is in this group: it has none of {bands}", bands=", ".join(AGE_BANDS)
            )
            entries.fail(told, id_)
    table.done()
    return Ages(MappingProxyType(groups), unknown)


def _audience(root: Table) -> Audience:
    table = root.table("audience", optional=True)
    found = Audience(
        table.whole("min_age") if "min_age" in table else None,
        table.whole("max_age") if "max_age" in table else None,
        table.string("note", ""),
    )
    table.done()
    return found


def _branching(
    root: Table, by_id: Mapping[str, Item], world: World
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    when: dict[str, Condition] = {}
    for table in root.tables("branching", optional=True):
        item = table.string("item")
        if item not in by_id:
            table.fail(_("there is no such item{near}", near=near(item, by_id)), "item")
        if item in when:
            table.fail(_("this item has branching already; join the conditions with any or all"), "item")
        when[item] = condition(table, "when", world, states=("answered", "declined", "unanswered"))
        table.done()
    graph = {item: items_in(found) for item, found in when.items()}
    try:
        order = tuple(item for item in graphlib.TopologicalSorter(graph).static_order() if item in when)
    except graphlib.CycleError as error:
        round_ = " -> ".join(error.args[1][:8])
        root.fail(_("the branching goes in a circle: {items}", items=round_), "branching")
    items = tuple(
        Item(item.id, item.answers, item.required, item.code, when.get(item.id)) for item in by_id.values()
    )
    return items, order


def _triage(root: Table, world: World) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    ids: set[str] = set()
    for table in root.tables("triage", optional=True):
        id_ = _rule_id(table, ids)
        waits = table.strings("waits_for", [])
        for item in waits:
            if item not in world.items:
                table.fail(
                    _("there is no item {name}{near}", name=shown(item), near=near(item, world.items)),
                    "waits_for",
                )
        when = condition(table, "when", world, states=("answered", "declined", "skipped"))
        for item in waits:
            if item in answered(when):
                told = _("{item} is answered where this rule holds, so nothing is waited for", item=item)
                table.fail(told, "waits_for")
        rule = Rule(
            id_,
            Level(table.one_of("level", _LEVELS)),
            when,
            table.id("band", "") or None,
            waits,
            table.whole("seconds", low=1, high=LONGEST_WAIT) if waits else 0,
        )
        if rules and rule.level > rules[-1].level:
            table.fail(_("triage rules stand in order, the worst first"), "level")
        table.done()
        rules.append(rule)
    return tuple(rules)


def _tasks(root: Table, world: World) -> tuple[TaskRule, ...]:
    tasks: list[TaskRule] = []
    ids: set[str] = set()
    for table in root.tables("tasks", optional=True):
        id_ = _rule_id(table, ids)
        level = Level(table.one_of("level", _LEVELS[1:]))
        when = condition(table, "when", world, states=("answered", "declined", "skipped", "open"))
        tasks.append(TaskRule(id_, level, when, table.boolean("at_end", default=False)))
        table.done()
    return tuple(tasks)


def _rule_id(table: Table, taken: set[str]) -> str:
    id_ = table.id()
    if id_ in taken:
        table.fail(_("two rules have this id"), "id")
    if id_ in triage.RESERVED:
        table.fail(_("peerkit uses this id itself"), "id")
    taken.add(id_)
    return id_
