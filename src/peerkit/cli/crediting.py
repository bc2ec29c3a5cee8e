# SPDX-License-Identifier: Apache-2.0
"""What goes with a questionnaire where it is shown: what whoever asks is to know, whose words they are, and
where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.texts import Message, _, verbatim

if TYPE_CHECKING:
    from peerkit.instruments import Instrument
    from peerkit.instruments.definition import TextSet


def to_know(instrument: Instrument) -> tuple[Message, Message]:
    """What its definition says to whoever asks, such as that it is asked in private, with its label: for
    `out.pairs`."""
    return _("to know"), Message(instrument.audience.note)


def credits_of(wording: TextSet | None) -> list[tuple[Message, Message | None]]:
    """The notice of the licence, if it has one, and the source, each with its label: for `out.pairs`."""
    if wording is None:
        return []
    notice = verbatim(wording.notice) if wording.notice else None
    return [(_("notice"), notice), (_("wording from"), verbatim(wording.source))]


def plain(wording: TextSet | None) -> dict[str, str] | None:
    """The same as JSON has it, with the language."""
    if wording is None:
        return None
    return {"language": wording.language, "source": wording.source, "notice": wording.notice}
