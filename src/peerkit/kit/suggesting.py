# SPDX-License-Identifier: Apache-2.0
"""Asking everybody for suggestions: reasons as data, no decision, and who failed to answer is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

import attrs

from peerkit.errors import Malformed
from peerkit.hooks import GoalTemplate, Question, Suggestion, WordList
from peerkit.model.base import fold
from peerkit.plugins import PluginRecord, Plugins, narrow
from peerkit.texts import _
from peerkit.texts.catalogue import language

TOPICS = ("match", "goal", "service", "words")
"""What may be asked for."""


@attrs.frozen
class Suggestions(Sequence[Suggestion]):
    """Suggestions, weightiest first. `left_out` names the plugins that failed to answer. `note` says so where
    there is no list of words for the language: nothing was looked at, which is not *nothing outdated*."""

    items: tuple[Suggestion, ...]
    left_out: tuple[str, ...] = ()
    note: str = ""

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


def suggest(plugins: Plugins, question: Question) -> Suggestions:
    """What peerkit and the plugins suggest. Malformed for a topic that there is not."""
    if question.topic not in TOPICS:
        raise Malformed(f"a topic is one of {', '.join(TOPICS)}", where="suggest.topic")
    given, failed = plugins.suggest(lambda plugin: narrow(question, plugin))
    given = (*given, *_templates(plugins, question))
    if question.topic == "words":
        more, torn = _words(plugins, question)
        given, failed = (*given, *more), (*failed, *torn)
    ordered = tuple(sorted(given, key=lambda one: -one.weight))
    return Suggestions(ordered, tuple(plugin.label for plugin in failed), _note(plugins, question))


def _note(plugins: Plugins, question: Question) -> str:
    wanted = language(question.locale)
    if question.topic != "words" or any(
        language(one.locale) == wanted for _plugin, one in plugins.supplies(WordList)
    ):
        return ""
    return _("There is no list of words for this language ({language}): none was looked at.", language=wanted)


def _templates(plugins: Plugins, question: Question) -> Iterator[Suggestion]:
    """Goals from plugins' templates in the question's language, those of the area asked for first; without
    those that stand in the plan it is about already."""
    if question.topic != "goal":
        return
    wanted = question.locale.partition("-")[0]
    there = {words for goal in getattr(question.about, "goals", ()) for words in (goal.words, goal.suggested)}
    for _plugin, template in plugins.supplies(GoalTemplate):
        if template.locale.partition("-")[0] == wanted and template.words not in there:
            meant = bool(template.area) and fold(template.area) == fold(question.text)
            yield Suggestion(template.words, template.reason, template.source, weight=float(meant))
