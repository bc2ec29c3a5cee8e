# SPDX-License-Identifier: Apache-2.0
"""What goes out, what is held back, and ways to somebody else's help."""

from __future__ import annotations

from datetime import timedelta

from peerkit.model.authority import BASES, Authority
from peerkit.model.decision import Decision
from peerkit.model.notice import Notice
from peerkit.model.people import Person
from peerkit.model.referral import DECLINE_REASONS, HOLD_REASONS, Referral
from peerkit.model.relationship import Relationship
from peerkit.model.sharing import Consent
from peerkit.simulating import words
from peerkit.simulating.walking import Pair
from peerkit.simulating.world import Life, World, days, hours, paper, spoken

CLASSES = ("identity", "contact", "own")
"""What a referral hands over."""


def _draft(w: World, pair: Pair, *, warm: bool = False) -> Referral:
    place = w.dice.whole(0, len(w.cast.services) - 1)
    return w.save(
        pair.supporter,
        Referral.begin(
            person=pair.person,
            service=w.cast.services[place],
            recipient=w.cast.recipients[place],
            need=w.dice.pick(words.NEEDS),
            words=w.dice.pick(words.SAID),
            eligible=w.dice.pick(("yes", "unsure", "not_asked")),
            queue=True,
            warm=warm,
            by=spoken(pair.person),
        ),
    )


def _sent(w: World, pair: Pair, draft: Referral) -> Referral:
    """The person says yes aloud, for this one time; it goes."""
    yes = spoken(pair.person)
    w.save(
        pair.supporter,
        Consent.give_once(
            person=pair.person, recipient=draft.recipient, referral=draft, classes=CLASSES, by=yes
        ),
    )
    w.save(pair.supporter, draft.send(by=yes))
    w.deliver()
    return w.head(Referral, draft.id)


def send_without_consent(w: World, pair: Pair) -> None:
    """A supporter would send a referral that nobody consented to."""
    draft = _draft(w, pair)
    w.refused(pair.supporter, lambda s: s.save(draft.send(by=spoken(pair.person))))
    w.save(pair.person, w.head(Referral, draft.id).recall(reason="person_asked"))


def referral(w: World, pair: Pair, way: str) -> Life:
    """A way to somebody else's help, from the wish to the answer."""
    dice, me, other = w.dice, pair.person, pair.supporter
    if way == "alone":
        made = w.save(
            me,
            Referral.go_alone(person=me, service=dice.pick(w.cast.services), need=dice.pick(words.NEEDS)),
        )
        yield days(10)
        w.save(me, w.head(Referral, made.id).answer("partly", words="They were kind."))
        return
    made = _draft(w, pair, warm=way == "gone_along")
    yield days(1)
    if way == "draft":
        return
    if way == "consent_withdrawn":
        yes = w.save(
            me,
            Consent.give(person=me, recipient=made.recipient, classes=CLASSES, purpose="referral"),
        )
        w.save(other, made.send(by=spoken(me)))
        w.deliver()
        yield days(1)
        w.save(me, yes.withdraw())
        return
    made = w.save(me, made.change_words(words=dice.pick(words.SAID)))
    made = _sent(w, pair, made)
    yield days(2)
    if way == "silent":
        return
    if way == "taken_back":
        w.save(me, w.head(Referral, made.id).recall(reason="person_asked"))
        return
    made = w.save(other, w.head(Referral, made.id).received())
    yield days(1)
    if way == "declined_then_another":
        yield from _another(w, pair, made)
        return
    made = w.save(other, w.head(Referral, made.id).accepted())
    yield days(2)
    if way == "on_hold":
        made = w.save(other, made.hold(reason=dice.pick(HOLD_REASONS)))
        yield days(5)
        made = w.head(Referral, made.id)
    if made.warm:
        made = w.save(other, made.introduce(on=w.today))
    made = w.save(other, w.head(Referral, made.id).start())
    yield days(6)
    outcome = dice.pick(("received", "partly", "not_received"))
    made = w.save(other, w.head(Referral, made.id).record_outcome(outcome=outcome))
    yield days(2)
    if way == "closed_by_a_human":
        w.save(w.cast.coordinator, w.head(Referral, made.id).close())
    else:
        w.save(me, w.head(Referral, made.id).answer(dice.pick(("yes", "partly", "no")), words="Thank you."))


def _another(w: World, pair: Pair, made: Referral) -> Life:
    """The service says no; the same need goes to another one."""
    made = w.save(pair.supporter, made.declined(reason=w.dice.pick(DECLINE_REASONS)))
    yield days(1)
    places = [n for n, one in enumerate(w.cast.services) if one != made.service]
    place = w.dice.pick(places)
    again = w.save(
        pair.supporter,
        Referral.reroute(
            made,
            service=w.cast.services[place],
            recipient=w.cast.recipients[place],
            queue=True,
            by=spoken(pair.person),
        ),
    )
    w.save(w.cast.coordinator, w.head(Referral, made.id).close())
    again = _sent(w, pair, again)
    yield days(4)
    w.save(pair.person, w.head(Referral, again.id).answer("yes"))


def sharing(w: World, pair: Pair, way: str) -> Life:
    """A standing word on what may be shared, and what comes of it."""
    me, coordinator, clinic = pair.person, w.cast.coordinator, w.cast.clinic
    yield hours(1)
    if way in {"refused", "lifted", "held_back"}:
        no = w.save(me, Consent.refuse(person=me, recipient=clinic, purpose="care"))
        yield days(2)
        if way == "held_back":
            _let_out(w, pair, clinic)
            yield days(2)
        if way != "refused":
            w.save(me, no.lift())
        return
    yes = w.save(
        pair.supporter,
        Consent.give(
            person=me,
            recipient=clinic,
            classes=("identity", "own"),
            purpose="care",
            until=w.clock.now() + timedelta(days=90),
            by=paper(me),
        ),
    )
    yield days(2)
    if way == "let_out":
        _let_out(w, pair, clinic)
    elif way == "withdrawn":
        w.save(coordinator, yes.withdraw(by=spoken(me)))


def _let_out(w: World, pair: Pair, to: str) -> None:
    """What may leave of the agreement leaves, through the gate."""
    w.clock.go(w.dice.minutes(1, 4))
    held = w.head(Relationship, pair.relation)
    for _ in w.kit.disclose(held, to=to, purpose="care", actor=w.cast.coordinator):
        pass


def authority(w: World, pair: Pair, way: str) -> Life:
    """For a while somebody else may decide in the person's place what is shared."""
    me, coordinator = pair.person, w.cast.coordinator
    other = w.save(coordinator, Person.enrol(name=w.dice.person())).id
    made = w.save(
        coordinator,
        Authority.record(
            person=me,
            human=other,
            areas=("sharing",),
            basis=w.dice.pick(BASES),
            paper="the green binder",
            look_on=w.today + days(20),
        ),
    )
    yield days(2)
    word = Decision.of(other, how="paper", evidence="the green binder", on_behalf_of=me)
    yes = w.save(
        pair.supporter,
        Consent.give(person=me, recipient=w.cast.clinic, classes=("own",), purpose="care", by=word),
    )
    yield days(4)
    if way == "objected_to":
        w.save(me, yes.withdraw())
    if way == "decides":
        w.save(coordinator, w.head(Authority, made.id).look_again(look_on=w.today + days(90)))
        return
    w.save(me, w.head(Authority, made.id).end())


def notice(w: World, pair: Pair, way: str) -> Life:
    """Words that the person wants somebody outside to have."""
    me, to = pair.person, w.cast.clinic
    yes = w.save(me, Consent.give(person=me, recipient=to, classes=("own",), purpose="notice"))
    due = w.clock.now() + (days(0) if way == "gone" else days(4))
    made = w.save(me, Notice.queue(person=me, recipient=to, words=w.dice.pick(words.NOTICES), due=due))
    yield days(1)
    if way == "stopped":
        w.save(me, w.head(Notice, made.id).stop())
    elif way == "consent_withdrawn":
        w.save(me, yes.withdraw())
