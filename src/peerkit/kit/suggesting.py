# SPDX-License-Identifier: Apache-2.0
"""Asking everybody for suggestions: reasons as data, no decision, and who failed to answer is named."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import overload

import attrs

from peerkit.errors import Malformed
from peerkit.hooks import GoalTemplate, Label, Question, Suggestion, WordList
from peerkit.hooks.ideas import lacking
from peerkit.model.actor import Actor
from peerkit.model.base import fold
from peerkit.plugins import PluginRecord, Plugins, narrow
from peerkit.texts import Message, Texts, _
from peerkit.texts.catalogue import language

TOPICS = ("match", "goal", "service", "words")
"""What may be asked for."""


@attrs.frozen
class Suggestions(Sequence[Suggestion]):
    """Suggestions, weightiest first.

    `left_out` names the plugins that failed to answer. `note` says so where there is no list of words for the
    language: then nothing was looked at, which is not *nothing outdated*. `unfit` is how many goals there are
    besides that need what is short, and have no version that does without it.
    """

    items: tuple[Suggestion, ...]
    left_out: tuple[str, ...] = ()
    note: str = ""
    unfit: int = 0

    @overload
    def __getitem__(self, index: int) -> Suggestion: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Suggestion, ...]: ...
    def __getitem__(self, index: int | slice) -> Suggestion | tuple[Suggestion, ...]:
        return self.items[index]

    def __len__(self) -> int:
        return len(self.items)


def _words(plugins: Plugins, question: Question) -> tuple[list[Suggestion], list[PluginRecord]]:
    """What the lists of words say, and the plugins whose list could not be read."""
    from peerkit.rules.wording import suggestions

    given: list[Suggestion] = []
    failed: list[PluginRecord] = []
    for plugin, one in plugins.supplies(WordList):
        try:
            given += suggestions(question.text, question.locale, [one])
        except Exception:  # noqa: BLE001  # a plugin's rows: it is named, and the other lists go on
            failed.append(plugin)
    return given, failed


def suggest(plugins: Plugins, question: Question, actor: Actor, roles: Iterable[str]) -> Suggestions:
    """What peerkit and the plugins suggest to an actor with these roles, in the language asked for. Malformed
    for a topic that there is not, and for a barrier."""
    if question.topic not in TOPICS:
        raise Malformed(f"a topic is one of {', '.join(TOPICS)}", where="suggest.topic")
    if question.topic == "words":
        from peerkit.rules.wording import about_somebody

        question = attrs.evolve(question, text=about_somebody(question.text, question.about, actor, roles))
    lack = _lacking(plugins, question)
    answers, failed = plugins.suggest(lambda plugin: narrow(question, plugin))
    given = tuple(one for one in answers if lack.isdisjoint(one.needs))
    fit = _templates(plugins, question, lack)
    unfit = len(answers) - len(given) + fit.unfit
    given = (*given, *fit.goals)
    if question.topic == "words":
        more, torn = _words(plugins, question)
        given, failed = (*given, *more), (*failed, *torn)
    say = plugins.texts(question.locale)
    ordered = tuple(_said(one, say) for one in sorted(given, key=lambda one: -one.weight))
    left_out = tuple(plugin.label for plugin in failed)
    return Suggestions(ordered, left_out, _note(plugins, question), unfit)


def _said(one: Suggestion, say: Texts) -> Suggestion:
    """The suggestion as plain texts, which may go into a record: what a plugin marked is said first."""
    texts = (one.what, one.reason, one.source, one.cost, one.area)
    what, reason, source, cost, area = (
        str(say(text)) if isinstance(text, Message) else text for text in texts
    )
    return attrs.evolve(one, what=what, reason=reason, source=source, cost=cost, area=area)


def _note(plugins: Plugins, question: Question) -> str:
    wanted = language(question.locale)
    if question.topic != "words" or any(
        language(one.locale) == wanted for _plugin, one in plugins.supplies(WordList)
    ):
        return ""
    return _("There is no list of words for this language ({language}): none was looked at.", language=wanted)


@attrs.frozen
class _Fit:
    """What of the goals fits whoever asks, with how many do not."""

    goals: list[Suggestion] = attrs.field(factory=list)
    unfit: int = 0


def _templates(plugins: Plugins, question: Question, lack: frozenset[str]) -> _Fit:
    """Goals from plugins' templates in the question's language, those of the area asked for first; without
    those that stand in the plan it is about already. Each in the version that does without what is short."""
    if question.topic != "goal":
        return _Fit()
    wanted = language(question.locale)
    say = plugins.texts(question.locale)
    there = {words for goal in getattr(question.about, "goals", ()) for words in (goal.words, goal.suggested)}
    goals: list[Suggestion] = []
    unfit = 0
    for _plugin, template in plugins.supplies(GoalTemplate):
        marked = isinstance(template.words, Message)
        if not marked and language(template.locale) != wanted:
            continue
        if not there.isdisjoint(map(say, (template.words, *template.instead.values()))):
            continue
        found = template.fitting(lack)
        if found is None:
            unfit += 1
            continue
        words, cost, needs = found
        meant = bool(template.area) and fold(question.text) in {fold(template.area), fold(say(template.area))}
        fit = Suggestion(words, template.reason, template.source, "", float(meant), cost, needs)
        goals.append(attrs.evolve(fit, area=template.area))
    return _Fit(goals, unfit)


def _lacking(plugins: Plugins, question: Question) -> frozenset[str]:
    if not question.barriers:
        return frozenset()
    more = {need for _plugin, one in plugins.supplies(GoalTemplate) for need in one.needs}
    named = {one.code for _plugin, one in plugins.supplies(Label) if one.field == "need"}
    return lacking(question.barriers, more | named)
