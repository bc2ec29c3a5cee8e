# SPDX-License-Identifier: Apache-2.0
"""Where one can be tested, or ask about it: entries of the program's own directory."""

from __future__ import annotations

from peerkit import Service, Session

WORDS = (
    ("blood sugar test", "prise de sang"),
    ("diabetes screening", "dépistage du diabète"),
    ("diabetes", "diabète"),
    ("community health centre", "centre de santé communautaire"),
    ("walk-in clinic", "clinique sans rendez-vous"),
)
"""What is looked for, the nearest first. Directories are in English or in French, so each stands in both."""


def where_tested(s: Session, *, near: str = "", limit: int = 5) -> list[Service]:
    """Services of the directory where somebody may ask about a blood test, without those that are gone.
    `near` is a town, a postal code or a region, as the entry has it. Each still has to be called: no entry
    says that it tests everybody."""
    place = {"cities": near} if near else {}
    found: dict[str, Service] = {}
    for both in WORDS:
        for words in both:
            for service in s.search(Service, words, limit=limit, state="listed", **place).readable:
                found.setdefault(service.id, service)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]
