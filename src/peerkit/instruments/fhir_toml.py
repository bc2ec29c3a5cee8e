# SPDX-License-Identifier: Apache-2.0
"""The TOML file of a definition that came from FHIR, line by line: its comments are half of it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

import attrs

from peerkit.codes import is_code, is_language
from peerkit.errors import Malformed
from peerkit.instruments.codes import Code
from peerkit.instruments.fhir_options import Choices, Words, code, codings, joined, said, slug, words
from peerkit.texts import Message, _

HEAD = """\
# Made from a FHIR R4 Questionnaire. It is a draft: read it against the questionnaire before anybody is asked.
#
# FHIR HAS NO ALERT RULES, SO NONE ARE HERE: with this file as it is, no answer tells anybody. Whoever knows
# the questionnaire writes a [[triage]] table for each answer that somebody must know of, the worst first:
#
#   [[triage]]
#   id = "…"
#   level = "now"
#   when = { item = "…", op = "=", value = true }
#
"""

YES_NO: Mapping[str, tuple[str, str]] = MappingProxyType({"en": ("Yes", "No"), "fr": ("Oui", "Non")})
"""How a form says true and false, for which FHIR has no words."""

UNDATED = dt.date(1970, 1, 1)
"""The day of a licence record where neither the questionnaire nor who asks says one: nobody looked then."""

_NUMBERS = re.compile(r"[0-9]+(\.[0-9]+){0,3}")
_DAY = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?(?:T.*)?")


@attrs.define
class Question:
    """One question on its way into a definition. `around` are the groups and itself, which hold its
    branching; `beside` is the choice whose answer in other words this is."""

    link: str
    path: str
    answers: Choices
    words: Words
    around: tuple[dict[str, Any], ...]
    required: bool
    beside: Question | None = None
    id: str = ""
    code: Code | None = None
    when: str = ""


@attrs.define
class Draft:
    """All that is written, and what whoever asked for it has said. `spoken` are the languages of the items'
    words, also of those that not all have."""

    root: dict[str, Any]
    source: str
    questions: list[Question]
    id: str
    version: str
    permission: str
    public_domain: bool
    language: str
    checked_on: dt.date | None
    introduction: list[Words]
    spoken: set[str]
    left: list[Message]

    @property
    def worded(self) -> bool:
        """Whether there is a ground for the wording."""
        return bool(self.permission) or self.public_domain


def written(draft: Draft) -> str:
    """The file. `Malformed` if something in it has to be said and nobody has."""
    body = [
        *_head(draft),
        *_licence(draft),
        *_answers(draft),
        *_items(draft.questions),
        *_scoring(draft.questions),
        *_texts(draft),
    ]
    left = [f"#   {_comment(one)}" for one in dict.fromkeys(draft.left)]
    told = ["# Not carried over, or not as it was:", *left, ""] if left else []
    return HEAD + "\n".join([*told, *body]) + "\n"


def _head(draft: Draft) -> list[str]:
    root = draft.root
    id_ = draft.id or slug(root.get("id")) or slug(root.get("name"))
    if not is_code(id_):
        told = _("it has no id that can be used here: say one, of small letters, digits and '-'")
        raise Malformed(told, where=f"{draft.source}: id")
    given = root.get("version")
    version = draft.version or (given if isinstance(given, str) and _NUMBERS.fullmatch(given) else "1.0")
    if given and given != version:
        draft.left.append(_("the questionnaire's own version; here it is {version}", version=version))
    title = next((one for key in ("title", "name") if (one := words(root, key).get(""))), id_)
    of = code(codings(root), _("the questionnaire"), draft.left)
    address = root.get("url")
    whence = [f"# {_comment(address)}"] if isinstance(address, str) else []
    return [
        *whence,
        "format = 1",
        f"id = {said(id_)}",
        f"version = {said(version)}",
        f"title = {said(title)}",
        "# Off until a program names who receives what it finds.",
        'pack = "clinical"',
        *([f"code = {_inline(of)}"] if of is not None else []),
        "",
    ]


def _licence(draft: Draft) -> list[str]:
    root = draft.root
    basis = words(root, "copyright").get("", "The questionnaire says nothing of it.")
    status = "public-domain" if draft.public_domain else "unknown"
    if draft.permission:
        status = "permission-required"
    if not draft.worded:
        draft.left.append(_("all wording: nobody has said that it may be used"))
    return [
        "# As the questionnaire says. Who holds the right, and what it permits, a human completes here.",
        "[licence]",
        f"status = {said(status)}",
        f"holder = {said(words(root, 'publisher').get('', 'unknown'))}",
        f"basis = {said(basis)}",
        f"source = {said(str(root.get('url') or ''))}",
        f"checked_on = {_day(draft).isoformat()}",
        f"redistribution_permitted = {str(draft.public_domain).lower()}",
        f"item_text_included = {str(draft.worded).lower()}",
        *([f"permission = {said(draft.permission)}"] if draft.permission else []),
        "",
    ]


def _day(draft: Draft) -> dt.date:
    found = _DAY.fullmatch(str(draft.root.get("date") or ""))
    try:
        given = dt.date(*(int(one or 1) for one in found.groups())) if found is not None else None
    except ValueError:
        given = None
    if draft.checked_on is None and given is None:
        draft.left.append(
            _("its date: there is none, and {undated} stands for a day that nobody has said", undated=UNDATED)
        )
    return draft.checked_on or given or UNDATED


# -- answers and items -----------------------------------------------------------------------------


def _sets(questions: Iterable[Question]) -> dict[Choices, str]:
    """The name of each set of answers: questions with the same answers share one."""
    names: dict[Choices, str] = {}
    for one in questions:
        plain = one.answers.kind if not one.answers.options and one.answers.kind != "whole-number" else ""
        names.setdefault(one.answers, plain or f"of-{one.id}"[:64])
    return names


def _answers(draft: Draft) -> list[str]:
    lines = []
    for held, name in _sets(draft.questions).items():
        lines += [f"[answers.{said(name)}]", f"kind = {said(held.kind)}"]
        if held.kind == "whole-number":
            lines += [f"low = {held.low}", f"high = {held.high}"]
        if held.options:
            lines.append("options = [")
            for one in held.options:
                points = f", points = {one.points}" if one.points else ""
                of = f", code = {_inline(one.code)}" if one.code is not None else ""
                lines.append(f"  {{ value = {one.value}{points}{of} }},")
            lines.append("]")
        lines.append("")
    return lines


def _items(questions: Iterable[Question]) -> list[str]:
    held = list(questions)
    names, lines = _sets(held), []
    for one in held:
        lines += ["[[items]]"]
        lines[-1] += "" if one.beside or one.id == one.link else f" # linkId {_comment(one.link)}"
        lines += [f"id = {said(one.id)}", f"answers = {said(names[one.answers])}"]
        lines += [] if one.required else ["required = false"]
        lines += [f"code = {_inline(one.code)}"] if one.code is not None else []
        lines.append("")
    for one in held:
        if one.when:
            lines += ["[[branching]]", f"item = {said(one.id)}", f"when = {one.when}", ""]
    return lines


def _scoring(questions: Iterable[Question]) -> list[str]:
    counted = [
        said(one.id)
        for one in questions
        if one.answers.options and all(o.points or o.value.isdigit() for o in one.answers.options)
    ]
    lines = ["# FHIR says neither how missing answers count nor which bands there are. Complete it by hand."]
    if counted:
        lines += [
            '#   method = "sum"',
            f"#   items = [{', '.join(counted)}]",
            '#   missing = "strict"',
        ]
    return [*lines, "[scoring]", 'method = "rule"', ""]


def _inline(of: Code) -> str:
    return f"{{ system = {said(of.system)}, value = {said(of.value)}, verified = false }}"


# -- wording ---------------------------------------------------------------------------------------


def _texts(draft: Draft) -> list[str]:
    if not draft.worded:
        return []
    given = draft.root.get("language")
    main = draft.language or (given if isinstance(given, str) else "")
    if not is_language(main):
        told = _("it does not say in which language it is: say it, such as en")
        raise Malformed(told, where=f"{draft.source}: language")
    labels = {tag for one in draft.questions for held in one.answers.options for tag in held.words}
    others = (draft.spoken | labels | words(draft.root, "title").keys()) - {"", main}
    lines: list[str] = []
    for key, tag in [("", main), *((one, one) for one in sorted(others))]:
        made = _text_set(draft, key, tag)
        if made is None:
            draft.left.append(_("wording in {tag}: a text, or an answer's, is missing", tag=tag))
        else:
            lines += made
    if not lines:
        raise Malformed(_("its wording is not whole in any language"), where=f"{draft.source}: item")
    return lines


def _text_set(draft: Draft, key: str, tag: str) -> list[str] | None:
    """The whole wording in a language; None where something of it is missing."""
    items = [(one.id, one.words.get(key, "")) for one in draft.questions]
    labels: dict[str, list[tuple[str, str]]] = {}
    for held, name in _sets(draft.questions).items():
        if held.options:
            labels[name] = [(one.key, one.words.get(key, "")) for one in held.options]
        elif held.kind == "yes-no":
            yes, no = YES_NO.get(tag.partition("-")[0].lower(), ("", ""))
            labels[name] = [("true", yes), ("false", no)]
    introduction = joined(draft.introduction)
    title = words(draft.root, "title").get(key, "")
    given = [text for _, text in (*items, *(one for several in labels.values() for one in several))]
    if not all(given) or not title or (introduction and key not in introduction):
        return None
    lines = [
        "# A human compares it with what the publisher printed; then verified = true.",
        "[[texts]]",
        f"language = {said(tag)}",
        "verified = false",
        f"source = {said(str(draft.root.get('url') or draft.source))}",
        f"title = {said(title)}",
        *([f"introduction = {said(introduction[key])}"] if introduction else []),
        "[texts.items]",
        *(f"{said(id_)} = {said(text)}" for id_, text in items),
    ]
    for name, several in labels.items():
        lines += [
            f"[texts.answers.{said(name)}]",
            *(f"{said(value)} = {said(text)}" for value, text in several),
        ]
    return [*lines, ""]


def _comment(text: str) -> str:
    """A text that can stand in one line of comment."""
    return re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", text)[:200]
