# SPDX-License-Identifier: Apache-2.0
"""How a code is written, and a language's tag, wherever one may stand; and the codes of age bands."""

from __future__ import annotations

import re

LONGEST = 64
AGE_BANDS = ("under-16", "16-24", "25-64", "65+")
"""How old a person is, as `Person.age_band` says it and questionnaires ask for it. Unknown is allowed, and
counts as youth wherever that protects."""

_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*", re.ASCII)


def is_code(value: object, *, joined: bool = False) -> bool:
    """Whether it is written as a code is: lower-case letters and digits, in words joined by `.`, `-`
    or `_`, 64 signs at most. `joined` lets several stand in one, with `:` between them."""
    if type(value) is not str or len(value) > LONGEST:
        return False
    return all(_CODE.fullmatch(one) for one in (value.split(":") if joined else (value,)))


def is_language(value: object) -> bool:
    """Whether it is written as a language's tag is (`en`, `fr-CA`: BCP 47, RFC 5646, 2009, whose register is
    not looked at; it has no language of more than three letters, so `French` is none)."""
    if type(value) is not str or len(value) > 35:  # RFC 5646, 4.4.1
        return False
    return _LANGUAGE.fullmatch(value) is not None
