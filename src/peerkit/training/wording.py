# SPDX-License-Identifier: Apache-2.0
"""What letters and certificates say, in one place."""

from __future__ import annotations

HOURS_TITLE = "Letter of hours"
HOURS = (
    "{program} confirms that {name} did {total} of peer support work with it, from {first} to {last}.",
    "Each entry was confirmed by a mentor, a supervisor or a coordinator of the program.",
)
CERTIFICATE_TITLE = "Certificate"
CERTIFICATE = "{program} confirms that {name} holds: {what}, issued by {issued_by} on {since}."
CHECK = "{program} confirms that for {name} this check was done: {what}, by {issued_by} on {since}."
UNTIL = "It holds until {until}."
NUMBER = "Its number is {number}."
ISSUED = "Issued by {program} on {on}."
VERIFY = "To ask whether this still agrees with the records, give the program this line: {sha256}"

WORKS = {
    "one_to_one": "one to one",
    "group": "groups",
    "drop_in": "drop-in",
    "warm_line": "warm line",
    "accompanying": "going along",
    "supervision": "supervision",
    "training": "training",
    "other": "other work",
}


def work(code: str) -> str:
    """A kind of work as a person reads it; a program's own as it wrote it."""
    return WORKS.get(code, code.replace("_", " ").replace("-", " "))


def duration(minutes: int) -> str:
    """Minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
