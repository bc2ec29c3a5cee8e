# SPDX-License-Identifier: Apache-2.0
"""What stands in a log again and again: causes, alerts, what is not shown, and what a thing is."""

from __future__ import annotations

from collections.abc import Iterable

from peerkit.texts import Message, _, listed
from peerkit.texts.labels import DESCRIBED, label

CAUSES = {
    "refused": _("you said that it is not to be shared"),
    "withdrawn": _("you took your consent back"),
    "ended": _("your consent is over"),
    "not_yet": _("your consent has not begun"),
}

ALERTS = {
    ("open", True): _("An answer of yours opened an alert."),
    ("open", False): _("An alert about you was opened."),
    ("raise_level", True): _("An answer of yours made an alert begin anew."),
    ("raise_level", False): _("An alert about you began anew."),
    ("speak_again", True): _("Whoever has an alert in hand was to be told of another answer of yours."),
}
"""What nobody decided, by act and whether an answer did it: rules did, and no name stands beside it."""

PROTECTS = _("Something is not shown here, since it protects somebody else.")
LATER = _("Something is not shown here yet. Somebody will tell you about it.")
DARK = _("Something is not shown here, since it cannot be read at present. Ask the program to look at it.")
QUIET = _("Something is not shown on this page. Ask for everything to see it.")


def thing(kind: str) -> Message:
    """A record of a kind, to whom it is about."""
    known_as = kind in DESCRIBED["", "yours"]
    return label("", "yours", kind) if known_as else _("your {kind}", kind=label("", "kind", kind))


def things(kinds: Iterable[str]) -> Message:
    """Records of these kinds."""
    return listed([thing(kind) for kind in dict.fromkeys(kinds)]) or _("something")
