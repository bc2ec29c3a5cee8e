# SPDX-License-Identifier: Apache-2.0
"""A questionnaire that can be worded, scored and judged."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

import attrs

from peerkit.errors import Malformed, NotFound
from peerkit.instruments import scoring, triage
from peerkit.instruments.answers import State, number
from peerkit.instruments.conditions import View, holds
from peerkit.instruments.definition import CONVERSATION, TOTAL, Definition, Item, Rule, TextSet, label_key
from peerkit.instruments.handover import HANDOVER, UNFINISHED
from peerkit.instruments.table import listed, near
from peerkit.instruments.triage import Judgement
from peerkit.levels import Level, worst
from peerkit.texts import Message, _, verbatim
from peerkit.texts import listed as together


@attrs.frozen
class Result:
    """What a set of answers comes to, computed anew each time and never taken from a store.

    `score` is the raw total; none where answers are missing beyond what the instrument's policy takes,
    where a question of it waits for another one without an answer, and where the instrument has a rule and
    no number. `scores` are other results by id. `band` is the
    publisher's word for the result, none where it is not settled. `level` and `alerts` stand whether
    or not there is a score. `complete` says that every required question that was to be asked is
    answered; a declined one is not. `received` is the total that came along with the answers, if one did;
    where it `differs` from theirs, both stand here and a human must look.
    """

    score: int | Decimal | None
    scores: Mapping[str, int | Decimal | None]
    band: str | None
    level: Level
    complete: bool
    alerts: tuple[str, ...]
    received: int | Decimal | None = None

    @property
    def differs(self) -> bool:
        """Whether a total was received and the answers do not come to it, be it that some are missing."""
        return self.received is not None and self.received != self.score

    @property
    def handover(self) -> Message:
        """To whom the level hands over and how soon, as one sentence for `peerkit.texts.for_locale`. Of a set
        of answers that is not `complete` and tells nobody it says that, and not that all is well."""
        return UNFINISHED if self.level is Level.NONE and not self.complete else HANDOVER[self.level]

    def plain(self) -> dict[str, object]:
        """The result as JSON knows it: dicts, lists, numbers and text. `received` only if one was."""
        received = {} if self.received is None else {"received": _plain(self.received)}
        return received | {
            "score": _plain(self.score),
            "scores": {id_: _plain(value) for id_, value in self.scores.items()},
            "band": self.band,
            "level": str(self.level),
            "complete": self.complete,
            "alerts": list(self.alerts),
        }


@attrs.frozen(kw_only=True, repr=False)
class Instrument(Definition):
    """One version of one questionnaire. Immutable; made by `load` and `parse`."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages with verified wording."""
        return tuple(text.language for text in self.texts if text.verified)

    def score(
        self,
        answers: Mapping[str, object],
        *,
        age_band: str | None = None,
        received: float | Decimal | None = None,
    ) -> Result:
        """Score a set of answers as all that there is: the screen is over.

        Answers map item ids to values; null is skipped, `"declined"` declined, an absent item was not
        asked. A declined answer counts by the person's age group; an unknown age is the group that
        the definition names (for ASQ, youth). `received` is a total that came along with the answers, from
        another system or a paper form: never taken over, only compared. Where it differs the result says so
        (`differs`, alert `total-differs`), at the level that it would have itself, `talk` at least.

        Raises `Malformed` for an item that the instrument does not have, for a value that is no answer to
        its question, and for a received total that is no number or that the instrument has none to compare
        with. The lane uses `judge`, which raises for none of it.
        """
        answers = self._items(answers)
        group = self.ages.group(age_band)
        taken = triage.reading(self, answers, group)
        for item, answer in taken.answers.items():
            if answer.state is State.UNREADABLE:
                raise Malformed(
                    _(
                        "that is no answer to {item}: it takes {described}",
                        item=item,
                        described=self.by_id[item].answers.described(),
                    ),
                    where=f"{self.id}: {item}",
                )
        judged = triage.judge(self, answers, ended=True, group=group)
        found = triage.totals(self, taken)
        shown = {s.id: scoring.rounded(s, found[s.id]) for s in self.scores}
        result = Result(
            score=shown.get(TOTAL),
            scores=MappingProxyType({id_: value for id_, value in shown.items() if id_ != TOTAL}),
            band=scoring.band(self.bands, found[TOTAL]) if self.bands else self._band(taken, group),
            level=judged.level,
            complete=not judged.incomplete,
            alerts=judged.alerts,
            received=None if received is None else self._received(received),
        )
        if result.received is None or not result.differs:
            return result
        level = worst(result.level, triage.claimed(self, taken, group, Decimal(result.received)))
        return attrs.evolve(result, level=level, alerts=(*result.alerts, triage.TOTAL_DIFFERS))

    def judge(
        self,
        answers: Mapping[str, object],
        *,
        ended: bool = False,
        age_band: str | None = None,
    ) -> Judgement:
        """Say what the answers so far mean, after every single one: for the safety lane.

        Never raises for content, whatever was stored. What cannot be read alarms with the worst level
        that its question could give, `talk` at least; an answer to an unknown question with the worst
        level of the instrument; and if the judging itself fails, that alarms likewise.

        `ended` says that the screen is over, by its holder's word or by its timeout. Levels are for
        *these* answers: a caller that has alerted keeps the higher level, here nothing is remembered.
        """
        try:
            return triage.judge(self, answers, ended=ended, group=self.ages.group(age_band))
        except Exception:  # noqa: BLE001  # a scorer that fails must alarm, not vanish in a traceback
            level = worst(self.worst, Level.TALK)
            return Judgement(level, alerts=(triage.FAILED,), levels={triage.FAILED: level}, ended=ended)

    def raised(self, levels: Mapping[str, Level | str]) -> Instrument:
        """The same instrument with levels of triage rules raised, by rule id: a program's own choice.

        Raises `Malformed` for a rule that it does not have, a level that there is not, and a level below
        the rule's own: a program may raise a level, never lower it.
        """
        rules = {rule.id: rule for rule in self.triage}
        for position, (rule_id, wanted) in enumerate(levels.items(), start=1):
            rule = rules.get(rule_id)
            if rule is None:
                has = listed(rules)
                raise Malformed(
                    _("entry {position} names no triage rule; there are {has}", position=position, has=has),
                    where=self.id,
                )
            where = f"{self.id}: {rule_id}"
            try:
                level = Level(wanted)
            except ValueError:
                raise Malformed(_("a level is none, talk, today or now"), where=where) from None
            if level < rule.level:
                raise Malformed(
                    _(
                        "{level} is below {own}: a level may be raised only",
                        level=level,
                        own=rule.level,
                    ),
                    where=where,
                )
            rules[rule_id] = attrs.evolve(rule, level=level)
        changed: tuple[Rule, ...] = tuple(rules.values())
        raises = {**dict(self.raises), **{id_: rules[id_].level for id_ in levels}}
        return attrs.evolve(self, triage=changed, raises=tuple(sorted(raises.items())))

    def item(self, item: str) -> Item:
        """The item of that id; `NotFound` where there is none."""
        found = self.by_id.get(item)
        if found is None:
            raise NotFound(
                _("{id} has no item of that id; it has {known}", id=self.id, known=listed(self.by_id))
            )
        return found

    def wording(self, language: str) -> TextSet:
        """The whole wording in a language, as one set from one source.

        `fr-CA` is served by wording in `fr` where there is none of its own, and a plain `fr` by that of the
        only region that has any; never by another language or region, and never part by part. Raises
        `NotFound` where no verified wording exists, and, naming them, where two regions have one each.
        """
        found = self._spoken(language)
        if len(found) == 1:
            return found[0]
        if found:
            several = together([text.language for text in found])
            raise NotFound(
                _("{id} has wording in {several}: say which of them is meant", id=self.id, several=several)
            )
        has = _("it has none in any language")
        if self.languages:
            has = _("it has {languages}", languages=", ".join(self.languages))
        # Whoever may be in danger is not left with a wording that they do not read, nor with none.
        instead = self.worst > Level.NONE and self.id != CONVERSATION
        hint = verbatim("")
        if instead:
            hint = _(
                "; `instruments.in_language` gives {conversation} instead, if that has any",
                conversation=CONVERSATION,
            )
        if self.worst is Level.NONE:
            hint = _("; no answer to it alarms anybody, so nothing is asked in its place")
        raise NotFound(
            _(
                "{id} has no verified wording in the language asked for; {has}{hint}",
                id=self.id,
                has=has,
                hint=hint,
            )
        )

    def speaks(self, language: str) -> bool:
        """Whether there is verified wording in a language: whether `wording` gives any."""
        return len(self._spoken(language)) == 1

    def _spoken(self, language: str) -> list[TextSet]:
        """The set for a language; of a plain one that has none itself, those of its regions."""
        verified = {text.language.lower(): text for text in self.texts if text.verified}
        wanted = tag = language.lower()
        while tag:
            if tag in verified:
                return [verified[tag]]
            tag = tag.rpartition("-")[0]
        return [text for tag, text in verified.items() if wanted and tag.startswith(f"{wanted}-")]

    def text(self, item: str, language: str) -> str:
        """The verified wording of a question; `NotFound` where there is none in that language."""
        found = self.wording(language).items.get(self.item(item).id)
        if found is None:
            raise NotFound(
                _("{id}: {item} has no words in this language, and is not asked in it", id=self.id, item=item)
            )
        return found

    def label(self, item: str, language: str, *, value: bool | int | str) -> str:
        """The verified wording of an answer to choose; `NotFound` where there is none."""
        labels = self.wording(language).answers.get(self.item(item).answers.id, {})
        label = labels.get(label_key(value))
        if label is None:
            raise NotFound(_("{id}: {item} has no such answer to choose", id=self.id, item=item))
        return label

    def choices(self, item: str, language: str) -> tuple[tuple[bool | int | str, str], ...]:
        """The answers to choose from in the form's order, each as the value that `score` and `answer`
        take, with its verified words; none for a question that is answered in words or with a number."""
        options = self.item(item).answers.options
        return tuple((one.value, self.label(item, language, value=one.value)) for one in options)

    def _received(self, total: object) -> int | Decimal:
        where = f"{self.id}: received"
        exact = number(total)
        if exact is None:
            raise Malformed(_("a received total is a number, and no endless one"), where=where)
        if not any(score.id == TOTAL for score in self.scores):
            raise Malformed(_("this instrument has a rule, and no total to compare with"), where=where)
        return int(exact) if exact == exact.to_integral_value() else exact

    def _items(self, answers: object) -> dict[str, object]:
        """The answers by item, each item one of the instrument's."""
        try:
            pairs = [*answers.items()] if isinstance(answers, Mapping) else None
            given = pairs and [(str.__str__(k) if isinstance(k, str) else None, v) for k, v in pairs]
        except Exception:  # noqa: BLE001  # objects of a host's own, which fail
            given = None
        if given is None:
            raise Malformed(_("answers are a mapping of item ids to values"), where=self.id)
        for position, (name, _value) in enumerate(given, start=1):
            if name not in self.by_id:
                # The position, not the key: what stands where an id should may be somebody's words.
                hint = near(name, self.by_id) if name is not None else verbatim("")
                raise Malformed(
                    _(
                        "entry {position} of the answers is no item of {id} {version}; it has {known}{hint}",
                        position=position,
                        id=self.id,
                        version=self.version,
                        known=listed(self.by_id),
                        hint=hint,
                    ),
                    where=self.id,
                )
        return {name: value for name, value in given if name is not None}

    def _band(self, taken: triage.Reading, group: str) -> str | None:
        """The band of the first triage rule that has one and holds: rules stand worst first."""
        states = {item: answer.state for item, answer in taken.answers.items()}
        view = View(taken.answers, taken.shown, group, triage.bounds(self, taken, over=True))
        for rule in self.triage:
            if rule.band is not None and holds(rule.when, view):
                if rule.waits_for and all(states.get(i) is State.ANSWERED for i in rule.waits_for):
                    continue
                return rule.band
        return None


def _plain(value: int | Decimal | None) -> int | float | None:
    return float(value) if isinstance(value, Decimal) else value
