# SPDX-License-Identifier: Apache-2.0
"""What goes with the wording of a questionnaire where it is shown: whose words they are, and where from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from peerkit.cli import out
from peerkit.texts import _, verbatim

if TYPE_CHECKING:
    from peerkit.instruments.definition import TextSet


def credit(wording: TextSet | None) -> None:
    """The notice of the licence, if it has one, and the source, each with its label."""
    if wording is None:
        return
    notice = [(_("notice"), verbatim(wording.notice))] if wording.notice else []
    out.pairs([*notice, (_("wording from"), verbatim(wording.source))], indent=2)
