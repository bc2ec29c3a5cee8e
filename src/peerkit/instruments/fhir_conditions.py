# SPDX-License-Identifier: Apache-2.0
"""When a question of a FHIR Questionnaire is asked, as conditions of a definition.

Operators of `enableWhen` are read in FHIR R5's words (HL7, 5.0.0, 2023): R4's table says of `>` "at least no
answer" where R5 says "at least one". So is what R4 leaves out: a question that is disabled has no answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from peerkit.instruments import fhir_options as options
from peerkit.instruments.conditions import OPERATORS
from peerkit.instruments.fhir_options import Source, said
from peerkit.instruments.fhir_toml import Question
from peerkit.texts import Message, _

_ANSWER = re.compile("answer[A-Z][A-Za-z]*")
_RULE = frozenset(["id", "extension", "modifierExtension", "question", "operator"])
"""Fields of an enableWhen, beside its answer."""


@attrs.frozen
class Conditions:
    """The branching of all questions that were carried over, each with its id."""

    source: Source
    found: Mapping[str, Question]
    left: list[Message]

    def of(self, one: Question) -> str:
        """When a question is asked, as TOML writes it: all that it and the groups around it ask for."""
        parts = [found for item in one.around if (found := self._enabled(item, one.path))]
        return "" if not parts else _joined("all", parts)

    def _enabled(self, item: dict[str, Any], path: str) -> str:
        rules = self.source.listed(item, "enableWhen", path)
        parts = [self._rule(rule, path) for rule in rules]
        if len(parts) < 2:
            return parts[0] if parts else ""
        how = item.get("enableBehavior")
        if how not in ("all", "any"):
            self.source.fail(_("several enableWhen need an enableBehavior, all or any"), path)
        return _joined(how, parts)

    def _rule(self, rule: Any, path: str) -> str:
        names = [key for key in options.as_object(rule) if _ANSWER.fullmatch(key)]
        if not isinstance(rule, dict) or len(names) > 1 or not set(rule) <= {*names, *_RULE}:
            self.source.fail(_("this enableWhen cannot be read"), path)
        options.tell(rule, path, self.left)
        link = rule.get("question")
        asked = self.found.get(link) if isinstance(link, str) else None
        if asked is None:
            self.source.fail(
                _("enableWhen asks for a question that is not there, or was not carried over"), path
            )
        sign, name = rule.get("operator"), names[0] if names else ""
        if sign == "exists":
            if rule.get(name) is not True:
                self.source.fail(
                    _("branching by a missing answer is not carried over: absent is not an answer"), path
                )
            return _joined("any", [_state(one, "answered") for one in self._places(asked)])
        if not isinstance(sign, str) or sign not in OPERATORS:
            self.source.fail(_("there is no such operator of enableWhen"), path)
        parts = self._compared(asked, sign, name, rule.get(name), path)
        if not parts:
            self.source.fail(_("enableWhen compares with what is no answer to its question"), path)
        if sign == "!=":
            self.left.append(
                _(
                    "{path}: it is asked where an answer is not so; here only once there is an "
                    "answer, or it was declined",
                    path=path,
                )
            )
            beside = [_state(one, "answered") for one in self._places(asked) if one is not asked]
            parts = [*parts, _state(asked, "declined"), *beside]
        return _joined("any", parts)

    def _places(self, asked: Question) -> list[Question]:
        """Where an answer to a question may stand: of an open choice also in other words, beside it."""
        return [asked, *(one for one in self.found.values() if one.beside is asked)]

    def _compared(self, asked: Question, sign: str, name: str, given: Any, path: str) -> list[str]:
        """The comparisons of which one has to hold; none where no answer could be so. Of answers to choose
        from each is named that would do: what is compared here are points, and in FHIR it is the answer."""
        held = asked.answers
        if held.options:
            chosen = [one for one in held.options if one.compares(sign, name, given)]
            of = options.system(options.as_object(given))
            if any(bool(one.system) is not bool(of) for one in chosen):
                told = _(
                    "{path}: only one of an answer and its enableWhen names a system; taken for the same",
                    path=path,
                )
                self.left.append(told)
            return [_compare(asked, "!=" if sign == "!=" else "=", one.value) for one in chosen]
        if held.kind == "whole-number" and name in ("answerInteger", "answerDecimal"):
            return [] if options.integer(given) is None else [_compare(asked, sign, str(given))]
        if held.kind == "yes-no" and sign in ("=", "!=") and isinstance(given, bool):
            return [_compare(asked, sign, str(given).lower())]
        return []


def _compare(asked: Question, sign: str, value: str) -> str:
    return f'{{ item = {said(asked.id)}, op = "{sign}", value = {value} }}'


def _state(asked: Question, state: str) -> str:
    return f'{{ item = {said(asked.id)}, state = "{state}" }}'


def _joined(how: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{{ {how} = [{', '.join(parts)}] }}"
