# SPDX-License-Identifier: Apache-2.0
"""Languages in the words directories use: `Spanish and ASL.`, `es`, `Chinese (Mandarin)`.

Names and two- or three-letter codes after ISO 639; the list is those that community directories in North
America and Britain name, with the spellings they use.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

from peerkit_hsds.text import fold
from peerkit_hsds.values import Language

_ROWS = list(csv.DictReader(files("peerkit_hsds").joinpath("languages.csv").read_text("utf-8").splitlines()))
_NAMES = {row["code"]: row["name"] for row in _ROWS}
_CODES = {fold(name): row["code"] for row in _ROWS for name in (row["name"], *row["also"].split(";")) if name}
_THREE = {three: row["code"] for row in _ROWS for three in row["three"].split()}
_NAMED = re.compile(
    r"(?<![\w'])("
    + "|".join(sorted((re.escape(name) for name in _CODES), key=len, reverse=True))
    + r")(?![\w'])"
)
_PAPER = re.compile(r"brochure|literature|publication|material|application|\bforms?\b|\bbooks?\b|website")
_SENTENCE = re.compile(r"(?<=[.;!?])\s+|\n")


@lru_cache(maxsize=10_000)
def languages_in(text: str) -> tuple[Language, ...]:
    """The languages that a text names as spoken, each once, in its order.

    A sentence about paper (`Offers brochures in Spanish.`) names none: somebody would come and find nobody to
    talk to.
    """
    if not text:
        return ()
    found: dict[str, Language] = {}
    for sentence in _SENTENCE.split(text):
        plain = fold(sentence)
        if _PAPER.search(plain):
            continue
        for match in _NAMED.finditer(plain):
            code = _CODES[match[1]]
            found.setdefault(code, Language(_NAMES[code], code))
    if not found:
        codes = [_named(word) for word in re.split(r"[,;/\s]+", fold(text).strip(" .,;"))]
        if all(codes) and fold(text) != "no":  # `en, es`; a bare `no` is not Norwegian
            found = {known.code: known for known in codes if known}
    return tuple(found.values())


def language(name: str, code: str = "", note: str = "") -> Language:
    """One language from a row that holds nothing else; a name that is not in the list stands as it is."""
    known = _named(fold(code)) or _named(fold(name))
    if known is None and fold(name) in _CODES:
        known = Language(_NAMES[_CODES[fold(name)]], _CODES[fold(name)])
    if known is None:
        return Language(name or code, code, note)
    if name and fold(name) not in (known.code, fold(known.name), fold(code)):
        return Language(name, known.code, note)  # the source may say more than the list
    return Language(known.name, known.code, note)


def _named(code: str) -> Language | None:
    code = _THREE.get(code, code).split("-")[0]
    return Language(_NAMES[code], code) if code in _NAMES else None
