# SPDX-License-Identifier: Apache-2.0
"""What goes wherever the wording of a questionnaire goes: whose words they are, and where they are from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.cli import out
from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.instruments.definition import TextSet


def lines_of(wording: TextSet) -> list[tuple[Message, Message]]:
    """The notice of the licence, if it has one, and the source, each with its label."""
    notice = [(_("notice"), verbatim(wording.notice))] if wording.notice else []
    return [*notice, (_("wording from"), verbatim(wording.source))]


def credit(wording: TextSet | None) -> None:
    """Print it: on the first page of a screen, and wherever else its questions are shown."""
    if wording is not None:
        out.pairs(lines_of(wording), indent=2)
