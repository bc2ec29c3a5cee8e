# SPDX-License-Identifier: Apache-2.0
"""The steps between an act and the feed: judge one value, respond, check, commit.

    act ──▶ respond ──▶ check ──▶ commit ──▶ announce

What concerns one record alone is judged by `judge` at the caller's line; what needs the whole
commit, responses included, when the session ends (`propose`). Only here is a batch made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import attrs

from peerkit.codec import Codec, Opaque, dumps
from peerkit.errors import Conflict, Malformed, Objection, PluginError, Refused
from peerkit.hooks import Proposal, Proposed
from peerkit.kit.channels import unsupplied
from peerkit.kit.deciding import Authorized, decision_fault, witness_fault
from peerkit.model.actor import Actor
from peerkit.model.acts import Act, Trail, replay, with_trail
from peerkit.model.base import Record, not_ids
from peerkit.plugins import PluginRecord, Plugins, narrow
from peerkit.ports import ActLine, Change, Storage
from peerkit.rights import Grants, Rights
from peerkit.views import Sight

MOST_ROUNDS = 8
MOST_RECORDS = 1000

FACTS = frozenset({
    "authority.end",
    "consent.refuse",
    "consent.withdraw",
    "credential.suspend",
    "credential.withdraw",
    "duty_report.unshare",
    "feedback.stop_quoting",
    "feedback.unshare",
    "follow_up.decline",
    "follow_up.withdraw",
    "goal_plan.decline_scaling",
    "goal_plan.set_aside",
    "leave.cancel",
    "leave.come_back",
    "leave.fall_ill",
    "merge.finish",
    "merge.parted",
    "notice.stop",
    "peer_role.end",
    "peer_role.lay_down",
    "peer_supporter.end",
    "peer_supporter.step_down",
    "person.leave",
    "person.mark_died",
    "person.merge",
    "person.part",
    "practicum.strike",
    "referral.recall",
    "relationship.decline",
    "relationship.end",
    "relationship.pause",
    "reply.take_back",
    "review.decline",
    "review.stop",
    "safety_plan.drop",
    "safety_plan.set_aside",
    "safety_plan.shut_callers",
    "safety_plan.stay_closed",
    "safety_plan.stop_review",
    "safety_plan.unshare",
    "sign_up.withdraw",
    "wall.put_up",
})  # fmt: skip
"""What nobody can stand in the way of: endings, departures, refusing and withdrawing take effect at once. A
commit of these alone is asked of no plugin's check, so that neither an objection nor a plugin that is broken
or away can hold it up. Responders are asked as ever; what they answer refuses no commit. So it is with the
pieces of a merge (`REFILE`), of which half would be worse than none or all."""

REFILE = "refile"
"""The act by which the kit files a record under another person (`kit.merge`): one of every kind that is about
people, and of no lifecycle table."""
_TOO_BIG = Objection("too-big", f"a commit holds {MOST_RECORDS} records at most: use kit.run in pieces")


class NotFitting(Exception):
    """A responder's answer that cannot be taken, in peerkit's own words."""


@attrs.frozen(eq=False)
class Staged:
    """One proposed version, encoded: what a session holds until its commit."""

    record: Record
    before: Record | None
    actor: str
    idx: Mapping[str, Any]
    change: Change

    proposed: Proposed = attrs.field(init=False)
    """The version as hooks see it."""

    @proposed.default
    def _as_hooks_see_it(self) -> Proposed:
        acts = self.change.acts
        names, deciders = tuple([a.name for a in acts]), tuple([a.decided_by for a in acts])
        places = tuple([a.on_behalf_of for a in acts])
        return Proposed(self.record, self.before, names, self.actor, deciders, places)


# -- one value -------------------------------------------------------------------------------------


def judge(
    record: Record,
    actor: Actor,
    grants: Grants,
    rights: Rights,
    known: Callable[[str], bool],
    *,
    authorized: Authorized,
) -> list[Objection]:
    """What stands against saving this value, from itself alone. `known` says whether the program knows a
    person of this id, `authorized` whether somebody may decide in another's place."""

    def against(code: str, sentence: str) -> Objection:
        return Objection(code, sentence, record.kind, record.id)

    trail = record.trail
    if isinstance(record, Opaque):
        return [against("opaque", "a document of an unknown kind or newer version is not written")]
    if trail is None or not trail.acts:
        return [
            against("unexplained", f"no act explains this {record.kind}: change records by their acts only")
        ]
    if record.lane:
        return [
            against(
                "lane",
                f"{record.kind} belongs to the safety lane: use s.screening, s.acknowledge, "
                "s.respond or kit.concern",
            )
        ]
    if record.kit_only:  # no session is the kit's, a host's own system actor's neither
        return [against("kit-only", f"a {record.kind} is written by the kit alone")]
    stands_on = trail.before or record  # an act that names the actor gives no right to itself
    found: list[Objection] = []
    for act in trail.acts:
        fault = decision_fault(act, record.table.get(act.name), stands_on, actor, authorized)
        fault = fault or witness_fault(act, record.kind, known)
        if fault:
            found.append(against(*fault))
        elif actor.is_system and "kit" in record.table[act.name].who:
            found.append(against("kit-only", f"{record.kind}.{act.name} is an act of the kit's own rules"))
        elif not rights.may(act.name, stands_on, grants):
            found.append(against("no-right", f"this actor may not record {record.kind}.{act.name} here"))
    return found


def stage(record: Record, actor: Actor, codec: Codec, *, module: tuple[str, str] = ("peerkit", "")) -> Staged:
    """The value encoded as its next version. Malformed if it holds what cannot be stored."""
    trail = record.trail
    if trail is None:
        raise Malformed("the record carries no act", where=record.kind)
    document = codec.document(record)
    idx = codec.index(record, document)
    document.pop("id", None)
    body = dumps(document)
    subjects = record.subjects
    lines = tuple([_line(act, actor) for act in trail.acts])
    args = dumps([[_told(act, codec), act.ids] for act in trail.acts])
    _identified(record)
    _writable(record.id, actor, lines)
    change = Change(
        record.kind,
        record.id,
        trail.base,
        record.doc_version,
        subjects,
        lines,
        actor.person,
        body,
        actor.role,
        f"{actor.via} {actor.assurance}".rstrip(),
        args,
        idx,
        codec.text(record),
        *module,
    )
    saved = with_trail(record, Trail(change.version, (), None, None, body))
    return Staged(saved, trail.before, actor.person, idx, change)


def _told(act: Act, codec: Codec) -> Any:
    """An act's arguments, and what its decision says in words or names beyond the envelope's line."""
    given = codec.plain(act.args)
    told = {n: v for n in _BESIDE if (v := getattr(act.decision, n)) is not None}
    return given | {"by": told} if told else given


_BESIDE = ("on_behalf_of", "supported_by", "witness", "evidence")


def _identified(record: Record) -> None:
    """The lane is asked nothing here, nor is the kit: what they write they take from what is stored, and the
    lane refuses nothing."""
    before = record.trail.before if record.trail is not None else None
    for name in () if record.lane or record.kit_only else not_ids(record):
        if before is not None and getattr(before, name, None) == getattr(record, name):
            continue  # it stood there before: whatever is done about the record is no less done
        raise Malformed("a record or its id is needed; no other text is one", where=f"{record.kind}.{name}")


def _writable(record: str, actor: Actor, lines: Iterable[ActLine]) -> None:
    """The envelope's texts come from callers too: half a surrogate pair is no text."""
    try:
        whose = [line.decided_by + line.on_behalf_of for line in lines]
        "".join([record, actor.person, actor.role, actor.via, *whose]).encode()
    except UnicodeEncodeError:
        raise Malformed("an id, or who acts, is no text that can be stored", where="envelope") from None


def _line(act: Act, actor: Actor) -> ActLine:
    decision = act.decision
    if actor.is_system:  # it decides for nobody
        return ActLine(act.name, actor.person)
    who, place = decision.by or actor.person, decision.on_behalf_of or ""
    return ActLine(act.name, who, decision.how.value, int(decision.strength), place)


# -- the whole commit ------------------------------------------------------------------------------


@attrs.define
class Proposing:
    """Responds and checks: what a session staged, with what the plugins add and object."""

    storage: Storage
    codec: Codec
    plugins: Plugins
    actor: Actor
    now: datetime
    staged: list[Staged]
    fetch: Callable[[str, str], Record | None] | None = None
    tick: bool = False
    """Whether it begins with nothing but time (`kit.tick`)."""
    heads: dict[str, Staged] = attrs.field(factory=dict)
    failed: dict[str, PluginRecord] = attrs.field(factory=dict)
    sight: Sight = attrs.field(init=False)

    facts_only: bool = attrs.field(init=False)
    _given: tuple[Staged, ...] = attrs.field(init=False)
    _answered: dict[str, tuple[PluginRecord, set[str]]] = attrs.field(factory=dict, init=False)
    """Which plugins (peerkit's own are none) have answered, and the records they wrote."""
    _left_out: set[str] = attrs.field(factory=set, init=False)

    def __attrs_post_init__(self) -> None:
        self._given = tuple(self.staged)
        self.staged = list(self.staged)
        acts = [(one.change.kind, a.name) for one in self.staged for a in one.change.acts]
        facts = all(name == REFILE or f"{kind}.{name}" in FACTS for kind, name in acts)
        self.facts_only = self.tick or (bool(acts) and facts)
        self.heads = {one.record.id: one for one in self.staged}
        self.sight = Sight(self.storage, self.codec, self.now, self.heads, fetch=self.fetch)

    def settle(self) -> tuple[Objection, ...]:
        """Respond and check; the objections that stand whatever plugins answered.

        No answer of a plugin's refuses what the caller saved: plugins that are not quiet, or without whose
        answers the objections are gone, have failed, and it is done again without them.
        """
        if len(self._given) > MOST_RECORDS:
            raise Refused([_TOO_BIG])
        while True:
            loud = self._respond()
            if loud and not self._without(loud, f"was not quiet after {MOST_ROUNDS} rounds"):
                told = f"responders were not quiet after {MOST_ROUNDS} rounds"
                raise Refused([Objection("restless", told)])
            if loud:
                continue
            objections = (*self._failed_rules(), *self._check())
            against = {one.record for one in objections}
            blamed = [name for name, (_, wrote) in self._answered.items() if wrote & against]
            codes = ", ".join(dict.fromkeys(one.code for one in objections))
            told = f"answers with what a check objects to ({codes})"
            trial = self.plugins.raises  # then whoever tries a plugin sees the objections as they are
            if trial or not objections or not self._without(blamed or list(self._answered), told):
                return objections

    def _failed_rules(self) -> tuple[Objection, ...]:
        """A rule of peerkit's own that fails is a fault of peerkit's: what it would have added may be
        somebody's named human, so it is refused, unless it is a fact. A fact goes on, and a task says
        so."""
        own = [one for one in self.failed.values() if one.origin == "built-in"]
        if self.facts_only:
            return ()
        return tuple(
            Objection("rule-failed", f"a rule of peerkit's own failed ({one.error}): please report it")
            for one in own
        )

    def _without(self, names: Iterable[str], why: str) -> bool:
        """Begin again without these plugins; False if none of them has answered."""
        gone = [self._answered[name][0] for name in names if name in self._answered]
        if gone and self.plugins.raises:
            raise PluginError(f"plugin {gone[0].label}: {why}")
        self.failed |= {plugin.name: attrs.evolve(plugin, error=why) for plugin in gone}
        if gone:
            self._left_out |= {plugin.name for plugin in gone}
            self._answered.clear()
            self._reset(self._given)
        return bool(gone)

    def _reset(self, staged: Iterable[Staged]) -> None:
        self.staged[:] = staged
        self.heads.clear()
        self.heads.update((one.record.id, one) for one in self.staged)

    def _respond(self) -> list[str]:
        """Ask the responders until they are quiet; each answer is a version of its own. The names of those
        that are not."""
        seen = 0
        answering: list[str] = []
        for turn in range(MOST_ROUNDS):
            new, seen = self.staged[seen:], len(self.staged)
            tick = self.tick and not turn
            if not new and not tick:
                return []
            answers, failed = self.plugins.respond(self._proposal(new, tick=tick), without=self._left_out)
            self.failed |= {plugin.name: plugin for plugin in failed}
            answering = [plugin.name for plugin, _ in answers]
            for plugin, records in answers:
                self._take(plugin, records)
        return answering if len(self.staged) > seen else []

    def _take(self, plugin: PluginRecord, records: Iterable[Record]) -> None:
        """All that one plugin answers, or nothing of it: then the plugin failed, and the commit goes on."""
        before = tuple(self.staged)
        try:
            for record in records:
                self._answer(plugin, record)
        except (Malformed, NotFitting, Conflict) as fault:
            if self.plugins.raises:
                raise PluginError(f"plugin {plugin.label}: {fault}") from fault
            self._reset(before)
            self.failed[plugin.name] = attrs.evolve(plugin, error=str(fault))
        else:
            if plugin.origin != "built-in":
                _, wrote = self._answered.setdefault(plugin.name, (plugin, set()))
                wrote |= {one.record.id for one in self.staged[len(before) :]}

    def _answer(self, plugin: PluginRecord, record: Record) -> None:
        actor = Actor.system(plugin.name)
        trail = record.trail
        if trail is None or not trail.acts or record.lane or isinstance(record, Opaque):
            raise NotFitting("answers with a record that no act explains, or one of the safety lane")
        if self.codec.class_of(record.kind) is not type(record):
            raise NotFitting(f"answers with a class of its own for {record.kind}")
        for act in trail.acts:
            fault = decision_fault(act, record.table.get(act.name), trail.before or record, actor)
            if fault:
                raise NotFitting(f"answers with what is not its to decide: {fault[1]}")
        held = self.heads.get(record.id)
        if held is not None and held.change.version != trail.base:
            try:
                record = replay(trail.acts, held.record)  # another answer came first; this one holds too
            except Refused:
                told = f"answers with acts on a {record.kind} that another answer has changed meanwhile"
                raise NotFitting(told) from None
        if plugin.origin != "built-in" and len(self.staged) >= MOST_RECORDS:
            raise NotFitting(f"answers with more than a commit holds ({MOST_RECORDS} records)")
        self.add(stage(record, actor, self.codec, module=(plugin.name, plugin.version)))

    def add(self, one: Staged) -> None:
        """Lay one more version over the proposal; Conflict if it stands on an older one."""
        held = self.heads.get(one.record.id)
        if held is not None and held.change.version != one.change.expect:
            raise Conflict(f"{one.change.kind} {one.change.id} was changed in this commit already")
        self.staged.append(one)
        self.heads[one.record.id] = one

    def _check(self) -> tuple[Objection, ...]:
        """Every objection of every check. Facts are asked of the core's own checks alone."""
        found = self.plugins.check(self._proposal(self.staged), core_only=self.facts_only)
        return (*found, *unsupplied((one.proposed for one in self.staged), self.plugins))

    def _proposal(self, new: Iterable[Staged], *, tick: bool = False) -> Callable[[PluginRecord], Proposal]:
        """The proposal as each plugin may see it."""
        everything = tuple([one.proposed for one in self.staged])
        fresh = everything if new is self.staged else tuple([one.proposed for one in new])
        whole = Proposal(everything, fresh, self.actor.person, self.sight, tick)
        return lambda plugin: narrow(whole, plugin)
