# SPDX-License-Identifier: Apache-2.0
"""Who plays: plainly fictional people, a program that does not exist, and its settings."""

from __future__ import annotations

from typing import Any

ZONE = "America/Toronto"
CHANNEL = "console"
"""The channel of the demo's notices: standard error, which the demo hushes."""

MAYA = "Maya Example"
TOMAS = "Tomas Sample"
INES = "Ines Pretend"
JO = "Jo Placeholder"
ROBIN = "Robin Specimen"

SETTINGS: dict[str, Any] = {
    "name": "Port Fable Peer Support (fictional)",
    "timezone": ZONE,
    "region": "CA-ON",
    "languages": ["en"],
    "coordinator": {"name": ROBIN, "reach": [f"{CHANNEL}:robin"], "languages": ["en"]},
    "on_call": [{"name": JO, "reach": [f"{CHANNEL}:jo"], "languages": ["en"]}],
    "lines": [
        {
            "name": "Port Fable Distress Centre (fictional)",
            "number": "555-0100",
            "hours": "always",
            "languages": ["en"],
            "source": "made up for the demo",
            "as_of": "2026-11-22",
        }
    ],
    "debrief_days": 0,  # a story of weeks would tell little else; the debrief after its alert is told
    "path": [
        {"role": "supporter", "minutes": 10},
        {"role": "supervisor", "minutes": 15},
        {"role": "on-call", "minutes": 15},
        {"role": "coordinator", "minutes": 15},
    ],
    "policy": "We stay with you. We call somebody only with you, or if you might not be there tomorrow.",
    "notifiers": [CHANNEL],
}
"""The settings that found the demo's program."""
