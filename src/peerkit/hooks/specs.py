# SPDX-License-Identifier: Apache-2.0
"""The five hooks: what each is for, what it takes and gives, and what happens when it raises."""

from __future__ import annotations

from collections.abc import Iterable

import pluggy

from peerkit.errors import Objection
from peerkit.hooks.ideas import Suggestion
from peerkit.hooks.proposals import Proposal, View
from peerkit.hooks.questions import Page, Question
from peerkit.hooks.supplies import Supply
from peerkit.hooks.worries import Worry
from peerkit.model.base import Record

PROJECT = "peerkit"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def peerkit_supply() -> Iterable[Supply]:  # type: ignore[empty-body]
    """What the plugin gives: kinds, instruments, storages, notifiers, exporters, commands, words, goals.

    Called once, when the kit opens, before anybody's data is read. `Access` says which kinds of
    others the plugin reads and writes; without it, it sees none but its own.

    If it raises, a configured storage refuses `open`; any other plugin is listed as failed and left
    out, and if the program had accepted it, commits that its check would judge are refused.

    ```python
    @hookimpl
    def peerkit_supply():
        yield Access(reads={"leave"}, writes={"task"})
        yield Kind(GardenVisit, rights=RIGHTS)
    ```
    """


@hookspec
def peerkit_check(proposal: Proposal) -> Iterable[Objection]:  # type: ignore[empty-body]
    """Objections to a commit; one is enough to refuse it.

    Asked once a commit, with the responders' records in it. What it reads through the view guards
    the commit: if that changes meanwhile, it is asked again. It is never asked before the safety
    lane commits: what a check finds there becomes a task.

    If it raises, reads a kind that it did not declare, or gives something else than objections, that
    is an objection itself (`check-failed`), with plugin, version, type of error and line.

    ```python
    @hookimpl
    def peerkit_check(proposal):
        for visit, _ in proposal.of(GardenVisit, "plan"):
            for leave in proposal.view.find(Leave, person=visit.gardener, state="planned"):
                if isinstance(leave, Opaque) or leave.starts.date() <= visit.day < leave.ends.date():
                    yield Objection("away", "the gardener is away that day", visit.kind, visit.id)
    ```
    """


@hookspec
def peerkit_respond(proposal: Proposal) -> Iterable[Record]:  # type: ignore[empty-body]
    """More for the same commit: records that carry acts, of kinds that the plugin declares it writes.

    Asked again while there is something `new`, until everybody is quiet. Each plugin's answer is a
    version of its own; all of one answer is taken, or nothing of it.

    Time brings things too: with each delivery run it is asked with `proposal.tick`, when nothing is
    new, for what has become due. It finds that by indexed fields and answers with what changes what it
    found, so that it finds it once: the next tick comes within a minute.

    If it raises, the commit goes on without its answer and a task names plugin, version and commit. So
    it does where a plugin answers itself for ever (eight rounds), with more than a commit holds, or with
    what a check objects to: no answer of a plugin's refuses what somebody else saved.

    ```python
    @hookimpl
    def peerkit_respond(proposal):
        for visit, _ in proposal.of(GardenVisit, "plan"):
            yield Task.give(owner=visit.gardener, what="garden-visit", about=visit, person=visit.person)
        if proposal.tick:
            today = proposal.now.date()
            for visit in proposal.view.find(GardenVisit, lambda v: v.day < today, state="planned"):
                yield visit.lapse()
    ```
    """


@hookspec
def peerkit_suggest(question: Question) -> Iterable[Suggestion]:  # type: ignore[empty-body]
    """Suggestions for a match, a goal, a service or words. They never decide anything.

    If it raises, its suggestions are left out and the answer says so.

    ```python
    @hookimpl
    def peerkit_suggest(question):
        if question.topic == "goal":
            yield Suggestion("Water the beans on Tuesdays", "a garden is near", source="our garden")
    ```
    """


@hookspec
def peerkit_observe(page: Page, view: View) -> Iterable[Worry] | None:
    """The feed, page by page, each plugin from its own saved cursor, at least once, after the commit.

    The page holds the envelopes of kinds that the plugin reads, and every `redaction`, which means:
    drop what you hold of the ids in its subjects.

    Each `Worry` that it gives back is raised as a concern, once, before the cursor moves on, if it is about
    somebody in a record of a kind that the plugin reads: the net under a module that raises its own at once.

    If it raises, or gives back anything else, it is isolated, tried again from its cursor, and parked visibly
    if it stays stuck; what it gave before that is raised all the same.

    ```python
    @hookimpl
    def peerkit_observe(page, view):
        for envelope in page.envelopes:
            if envelope.kind == "garden_visit":
                calendar.refresh(envelope.id)
    ```
    """
