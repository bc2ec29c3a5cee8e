# SPDX-License-Identifier: Apache-2.0
"""Whether something can be dialled or opened: a telephone number, a short code such as 9-8-8, an address on
the web. It says what is none; whether somebody answers there, only a human who tries it knows.

A library of the world's numbering plans would refuse numbers that are real (short codes, a centre's
extension, a number newer than the library) and costs more than all of peerkit; so only the form is looked at.
"""

from __future__ import annotations

import re

_URL = re.compile(r"https?://[^\s/.]+(\.[^\s/.]+)+(/\S*)?", re.ASCII | re.IGNORECASE)
_NUMBER = re.compile(r"[+*#]?[0-9(][0-9A-Z ().\-/\u2011]*( ?(ext\.?|x|poste|#) ?[0-9]{1,6})?", re.IGNORECASE)
_EXTENSION = re.compile(r" ?(ext\.?|x|poste|#) ?[0-9]{1,6}$", re.IGNORECASE)
_VANITY = re.compile(r"[A-Za-z]+")
LEAST, MOST = 3, 15
"""Digits (or letters of a keypad) of a number: from a short code to the longest of ITU-T E.164, *The
international public telecommunication numbering plan* (International Telecommunication Union, 2010). Own
knowledge: the recommendation was not looked at."""


def reachable(text: str) -> bool:
    """Whether it is written as a number, a short code or an address on the web."""
    given = text.strip()
    if _URL.fullmatch(given):
        return True
    if not _NUMBER.fullmatch(given):
        return False
    dialled = _EXTENSION.sub("", given)
    letters = "".join(_VANITY.findall(dialled))
    digits = sum(one.isdigit() for one in dialled)
    if letters and (digits < LEAST or letters != letters.upper()):
        return False  # 1-800-273-TALK is dialled; "4 rue Sainte-Anne" is not
    return digits >= LEAST and LEAST <= digits + len(letters) <= MOST


def texted(text: str) -> bool:
    """Whether it says where to write: a number, or a word and the number to send it to (`HOME to 741741`)."""
    words = text.strip().rpartition(" ")
    return reachable(text) or (len(text) <= _LONGEST and bool(words[0]) and reachable(words[2]))


_LONGEST = 60
