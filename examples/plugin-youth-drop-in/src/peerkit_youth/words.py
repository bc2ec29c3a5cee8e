# SPDX-License-Identifier: Apache-2.0
"""The marker of what this plugin says to people: its French lies in `texts`, beside this file."""

from __future__ import annotations

from pathlib import Path

from peerkit import texts

_ = texts.catalogue_of(Path(__file__).parent / "texts", "peerkit_youth")

TOPICS = {
    "housing": _("somewhere to stay"),
    "food": _("something to eat"),
    "money": _("money"),
    "school": _("school and studies"),
    "work": _("work"),
    "home": _("how it is at home"),
    "feeling": _("how I feel"),
    "who-i-am": _("who I am"),
    "other": _("something else"),
}
"""What young people ask for, by code. It is counted, so it is a list; what they say is no code."""
