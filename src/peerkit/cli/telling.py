# SPDX-License-Identifier: Apache-2.0
"""A story on a terminal: days, times, sentences; marks instead of colours where there are none."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from peerkit.cli import out
from peerkit.demo.story import Chapter, Story, Tone
from peerkit.texts import _, joined, verbatim

MARKS = {Tone.act: " ", Tone.refused: "✗", Tone.alarm: "!", Tone.kit: "·"}
STYLES = {Tone.act: "", Tone.refused: "", Tone.alarm: "", Tone.kit: "dim"}
MARK_STYLES = {Tone.act: "dim", Tone.refused: "bold red", Tone.alarm: "bold yellow", Tone.kit: "dim"}
LEGEND = _(
    "✗ refused    ! safety    · what peerkit added by itself    — whose decision, and how it was given"
)


def show(story: Story) -> None:
    """The whole story, as prose."""
    out.line(verbatim(story.program), style="bold")
    out.line(
        _("Everybody in it is made up. Told from the database's feed and from nothing else."), style="dim"
    )
    click.echo()
    width = max((len(name) for name, _part in story.cast), default=0) + 2
    for name, part in story.cast:
        out.hanging(verbatim(name), part, label_style="bold", indent=2, width=width)
    click.echo()
    out.line(LEGEND, style="dim")
    zone = ZoneInfo(story.timezone)
    for chapter in story.chapters:
        _chapter(chapter, zone)
    if story.seen:
        out.title(_("Who read what, as the people themselves can see"))
        for sentence in story.seen:
            out.line(sentence, indent=2)


def _chapter(chapter: Chapter, zone: ZoneInfo) -> None:
    click.echo()
    topics = joined(chapter.topics, ", ")
    headed = _("{day}: {topics}", day=chapter.title, topics=topics) if chapter.topics else chapter.title
    out.line(headed, style="bold")
    before = ""
    after = [*chapter.lines[1:], None]
    for told, then in zip(chapter.lines, after, strict=True):
        clock = f"{told.at.astimezone(zone):%H:%M}"
        label = f"  {clock if clock != before else '     '} {MARKS[told.tone]} "
        before = clock
        out.hanging(verbatim(label), told.text, style=STYLES[told.tone], label_style=MARK_STYLES[told.tone])
        same = then is not None and (then.by, then.position) == (told.by, told.position)
        if told.by and not same:  # several acts of one version are decided as one
            out.line(joined(["—", told.by]), indent=len(label), style="dim italic")


def plain(story: Story) -> dict[str, object]:
    """The story as one object, for programs."""
    return {
        "program": story.program,
        "timezone": story.timezone,
        "cast": [{"name": name, "part": part} for name, part in story.cast],
        "counts": story.counts,
        "refusals": story.refusals,
        "alerts": story.alerts,
        "referrals": story.referrals,
        "chapters": story.chapters,
        "reads": story.seen,
    }
