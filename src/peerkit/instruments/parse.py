# SPDX-License-Identifier: Apache-2.0
"""A definition from its TOML file. What is wrong is `Malformed`, and names file, item and field."""

from __future__ import annotations

import graphlib
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from types import MappingProxyType

from peerkit.codes import is_code
from peerkit.errors import Malformed
from peerkit.instruments import scoring, triage
from peerkit.instruments.answers import DECLINED, AnswerSet, Kind, Option
from peerkit.instruments.codes import LOINC, Code, loinc_shaped
from peerkit.instruments.conditions import Condition, items_in
from peerkit.instruments.definition import TOTAL, Ages, Audience, Band, Item, Rule, Score, TaskRule
from peerkit.instruments.instrument import Instrument
from peerkit.instruments.parse_conditions import Scope, condition
from peerkit.instruments.parse_texts import licence, texts
from peerkit.instruments.table import Table, near
from peerkit.levels import Level
from peerkit.texts import Message, _, verbatim

FORMAT = 1
_VERSION = re.compile(r"[0-9]+(\.[0-9]+){0,3}")
_DEEPEST = 16
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
    scope = Scope(by_id, frozenset(ages.groups))
    items, order = _branching(root, by_id, scope)
    by_id = {item.id: item for item in items}
    scores = _scores(root, by_id)
    scope = Scope(by_id, frozenset(ages.groups), frozenset(score.id for score in scores))
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
        code=_code(root),
        items=items,
        order=order,
        scores=scores,
        bands=_bands(root, by_id, scores),
        triage=_triage(root, scope),
        tasks=_tasks(root, scope),
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


def _code(table: Table) -> Code | None:
    if "code" not in table:
        return None
    entry = table.table("code")
    code = Code(entry.id("system"), entry.string("value"), entry.boolean("verified"))
    if code.system == LOINC and not loinc_shaped(code.value):
        entry.fail(_("this is no LOINC code: its check digit does not fit"), "value")
    entry.done()
    return code


def _answer_sets(table: Table) -> dict[str, AnswerSet]:
    sets = {}
    for id_ in table.ids():
        entry = table.table(id_)
        kind = Kind(entry.one_of("kind", tuple(Kind)))
        low = high = 0
        if kind is Kind.WHOLE_NUMBER:
            low, high = entry.whole("low", low=-(10**9)), entry.whole("high", low=-(10**9))
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
        options.append(Option(value, points, _code(option)))
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
        items[id_] = Item(id_, answers[set_], table.boolean("required", default=True), _code(table))
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
    bands = [band for group in groups.values() for band in group]
    if len(set(bands)) < len(bands):
        table.fail(_("an age band stands in two groups"), "groups")
    unknown = table.one_of("unknown", tuple(groups))
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
    root: Table, by_id: Mapping[str, Item], scope: Scope
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    when: dict[str, Condition] = {}
    for table in root.tables("branching", optional=True):
        item = table.string("item")
        if item not in by_id:
            table.fail(_("there is no such item{near}", near=near(item, by_id)), "item")
        if item in when:
            table.fail(_("this item has branching already; join the conditions with any or all"), "item")
        when[item] = condition(table, "when", scope, states=("answered", "declined", "unanswered"))
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


def _scores(root: Table, by_id: Mapping[str, Item]) -> tuple[Score, ...]:
    tables: dict[str, Table] = {}
    main = root.table("scoring")
    if main.one_of("method", (*scoring.METHODS, "rule")) == "rule":
        main.done()
    else:
        tables[TOTAL] = main
    for table in root.tables("scores", optional=True):
        id_ = table.id()
        if id_ == TOTAL or id_ in tables:
            table.fail(_("another score has this id"), "id")
        table.one_of("method", tuple(scoring.METHODS))
        tables[id_] = table
    found: dict[str, Score] = {}
    for id_ in _parts_first(tables):
        found[id_] = _score(tables[id_], id_, by_id, found)
    return tuple(found[id_] for id_ in tables)


def _parts_first(tables: Mapping[str, Table]) -> tuple[str, ...]:
    """Scores, each after those that it is made of."""
    parts = {id_: table.strings("scores", []) for id_, table in tables.items()}
    for id_, named in parts.items():
        for part in named:
            if part not in tables:
                told = _("there is no score {name}{near}", name=_shown(part), near=near(part, tables))
                tables[id_].fail(told, "scores")
    try:
        order = tuple(graphlib.TopologicalSorter(parts).static_order())
    except graphlib.CycleError as error:
        circle = error.args[1]
        round_ = " -> ".join(circle[:8])
        told = _("the scores are made of each other, in a circle: {circle}", circle=round_)
        tables[circle[0]].fail(told, "scores")
    deep: dict[str, int] = {}
    for id_ in order:
        deep[id_] = 1 + max((deep[part] for part in parts[id_]), default=0)
        if deep[id_] > _DEEPEST:
            told = _("scores are made of scores {most} levels deep at most", most=_DEEPEST)
            tables[id_].fail(told, "scores")
    return order


def _score(table: Table, id_: str, by_id: Mapping[str, Item], before: Mapping[str, Score]) -> Score:
    parts = tuple(before[part] for part in table.strings("scores", []))
    items = table.strings("items", []) if parts else table.strings("items")
    for item in items:
        if item not in by_id:
            table.fail(_("there is no item {name}{near}", name=_shown(item), near=near(item, by_id)), "items")
        if by_id[item].answers.points() is None:
            table.fail(_("the answers to {item} have no points", item=item), "items")
    if not (items or parts):
        table.fail(_("a score needs items"), "items")
    missing = table.one_of("missing", tuple(scoring.MISSING))
    limited = missing == "mean-substitution"
    score = Score(
        id_,
        table.string("method"),
        items,
        missing,
        table.whole("missing_at_most", low=1) if limited else 0,
        table.number("times", Decimal(1)) if id_ != TOTAL else Decimal(1),
        table.number("plus", Decimal(0)) if id_ != TOTAL else Decimal(0),
        table.whole("decimals", 2),
        _code(table),
        parts,
    )
    twice = next((item for item, times in Counter(score.every_item).items() if times > 1), None)
    if twice is not None:
        table.fail(_("{item} counts twice in this score", item=twice), "scores")
    ranges = {by_id[item].answers.points() for item in items}
    ranges.update(scoring.bounds(part, by_id, {}) for part in parts)
    if limited and len(ranges) > 1:
        table.fail(_("the mean of others stands in only where all answers have the same range"), "missing")
    table.done()
    return score


def _broken(score: Score) -> bool:
    """Whether a number can have something behind the point."""
    whole = score.times == score.times.to_integral_value() and score.plus == score.plus.to_integral_value()
    return score.method == "mean" or not whole or any(_broken(part) for part in score.parts)


def _bands(root: Table, by_id: Mapping[str, Item], scores: Iterable[Score]) -> tuple[Band, ...]:
    tables = root.tables("bands", optional=True)
    total = next((score for score in scores if score.id == TOTAL), None)
    if not tables:
        return ()
    if total is None:
        root.fail(_("bands need a total; a rule names its band itself"), "bands")
    # What lies between two totals that there can be: a mean is compared to as many places as it is shown.
    step = Decimal(1).scaleb(-total.decimals) if _broken(total) else Decimal(1)
    bands: list[Band] = []
    codes: set[str] = set()
    for table in tables:
        band = Band(table.number("min"), table.number("max"), table.id("code"))
        if band.high < band.low:
            table.fail(_("max is below min"), "max")
        if band.code in codes:
            table.fail(_("two bands have this code"), "code")
        if bands and band.low <= bands[-1].high:
            table.fail(_("this band overlaps the one before it; bands stand in rising order"), "min")
        if bands and band.low != bands[-1].high + step:
            table.fail(
                _("there is a gap: the band before this one ends at {high}", high=bands[-1].high), "min"
            )
        table.done()
        bands.append(band)
        codes.add(band.code)
    low, high = scoring.bounds(total, by_id, {})
    if (bands[0].low, bands[-1].high) != (low, high):
        root.fail(
            _("the bands must cover the whole range of the total, {low} to {high}", low=low, high=high),
            "bands",
        )
    return tuple(bands)


def _triage(root: Table, scope: Scope) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    ids: set[str] = set()
    for table in root.tables("triage", optional=True):
        id_ = _rule_id(table, ids)
        waits = table.strings("waits_for", [])
        for item in waits:
            if item not in scope.items:
                table.fail(
                    _("there is no item {name}{near}", name=_shown(item), near=near(item, scope.items)),
                    "waits_for",
                )
        rule = Rule(
            id_,
            Level(table.one_of("level", _LEVELS)),
            condition(table, "when", scope, states=("answered", "declined", "skipped")),
            table.id("band", "") or None,
            waits,
            table.whole("seconds", low=1) if waits else 0,
        )
        if rules and rule.level > rules[-1].level:
            table.fail(_("triage rules stand in order, the worst first"), "level")
        table.done()
        rules.append(rule)
    return tuple(rules)


def _tasks(root: Table, scope: Scope) -> tuple[TaskRule, ...]:
    tasks: list[TaskRule] = []
    ids: set[str] = set()
    for table in root.tables("tasks", optional=True):
        id_ = _rule_id(table, ids)
        level = Level(table.one_of("level", _LEVELS[1:]))
        when = condition(table, "when", scope, states=("answered", "declined", "skipped", "open"))
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


def _shown(item: str) -> Message:
    return verbatim(item) if is_code(item) else _("of that id")
