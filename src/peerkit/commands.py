# SPDX-License-Identifier: Apache-2.0
"""What commands of plugins are made with, the same as peerkit's own: options, who is meant, whose decision it
was, telling and printing. It needs the extra `peerkit[cli]`.

    @click.command()
    @click.argument("person")
    @commands.deciding                     # --decided-by, --how, …, --as, --db, --json
    @click.pass_obj
    def plan(app, *, person, decided):
        def create(s, by):
            return GardenVisit.plan(person=commands.person(s, person), by=by)

        commands.make(app, decided, create, "plan")

A name of what `peerkit.cli` holds is public where it stands here.
"""

from __future__ import annotations

from peerkit.cli.app import App
from peerkit.cli.doing import (
    Decided,
    agreed,
    deciding,
    do,
    listing,
    make,
    means,
    prompted,
    several,
    sure,
    told,
    words,
    words_of,
)
from peerkit.cli.gathering import every
from peerkit.cli.options import day, instant, shortages
from peerkit.cli.out import emit, hanging, line, pairs, title
from peerkit.cli.people import beside, chosen, names, person, today, unread, when
from peerkit.cli.picking import part_of, pick
from peerkit.cli.root import Group
from peerkit.cli.speaking import label, say, texts
from peerkit.cli.voicing import Voice, voice, what_now

__all__ = [
    "App",
    "Decided",
    "Group",
    "Voice",
    "agreed",
    "beside",
    "chosen",
    "day",
    "deciding",
    "do",
    "emit",
    "every",
    "hanging",
    "instant",
    "label",
    "line",
    "listing",
    "make",
    "means",
    "names",
    "pairs",
    "part_of",
    "person",
    "pick",
    "prompted",
    "say",
    "several",
    "shortages",
    "sure",
    "texts",
    "title",
    "today",
    "told",
    "unread",
    "voice",
    "what_now",
    "when",
    "words",
    "words_of",
]
