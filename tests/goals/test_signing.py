# SPDX-License-Identifier: Apache-2.0
"""Signatures on plans and agreements: of exactly what stands, by one of the two, for ever as it was."""

from __future__ import annotations

import hashlib
import threading
from typing import Any

import pytest

from peerkit import Actor, Decision, GoalPlan, Malformed, NotFound, Refused, Relationship, Signature
from peerkit.model.signing import signed_bytes
from peerkit.testing import make


@pytest.fixture
def pair(world: Any) -> tuple[Any, Any]:
    kai = world.supporter("kai")
    return world.maya, kai


@pytest.fixture(params=["plan", "agreement"])
def signed(request: pytest.FixtureRequest, world: Any, pair: Any) -> Any:
    """What is signed: a plan of Maya's, or the agreement of the two."""
    maya, kai = pair
    agreement = world.match(maya, kai)
    if request.param == "agreement":
        return world.get(agreement)
    return world.get(world.save(GoalPlan.begin(person=maya).add_goal("Library"), actor=maya))


def changed(what: Any) -> Any:
    return what.reword(hopes="More") if isinstance(what, GoalPlan) else what.reword(helps="Tea")


def test_both_sign_and_it_holds(world: Any, pair: Any, signed: Any) -> None:
    maya, kai = pair
    hers = world.save(Signature.sign(signed, signer=maya, signed_as="person"), actor=maya)
    his = world.save(Signature.sign(signed, signer=kai, signed_as="supporter"), actor=kai)
    assert world.get(signed).version == signed.version  # nothing was written on it
    for signature in (world.get(hers), world.get(his)):
        assert signature.holds(world.get(signed))
        assert (signature.signed, signature.of, signature.signed_version) == (
            signed.id,
            signed.kind,
            signed.version,
        )
    envelope = world.get(hers).trail.envelope
    assert (envelope.acts[0].decided_by, envelope.acts[0].name) == (maya.id, "sign")


def test_the_hash_is_of_the_bytes_that_are_documented(world: Any, pair: Any, signed: Any) -> None:
    """Made anew from what the store gives, by hand."""
    maya, _ = pair
    hers = world.save(Signature.sign(signed, signer=maya, signed_as="person"), actor=maya)
    stored = world.kit.storage.get(signed.kind, signed.id)
    lines = ("peerkit signature 1", signed.kind, signed.id, str(signed.version))
    exact = "".join(f"{line}\n" for line in lines).encode() + stored.body
    assert hers.sha256 == hashlib.sha256(exact).hexdigest()
    assert signed_bytes(signed) == exact


def test_a_later_change_touches_nothing_that_was_signed(world: Any, pair: Any, signed: Any) -> None:
    maya, _ = pair
    hers = world.save(Signature.sign(signed, signer=maya, signed_as="person"), actor=maya)
    later = world.save(changed(world.get(signed)), actor=maya)
    assert not world.get(hers).holds(world.get(later))
    assert world.get(hers).standing(world.get(later)) == "another-version"
    with world.kit.session(actor=maya) as s:
        assert hers.holds(s.get(type(signed), signed.id, at=signed.trail.envelope.position))
        [*_, last] = s.history(Signature, hers.id)
        assert last.version == 1
    again = world.save(Signature.sign(world.get(later), signer=maya, signed_as="person"), actor=maya)
    assert again.holds(world.get(later))


def test_what_was_read_before_a_change_is_not_signed(world: Any, pair: Any, signed: Any) -> None:
    maya, kai = pair
    world.save(changed(signed), actor=maya)
    with pytest.raises(Refused) as caught:
        world.save(Signature.sign(signed, signer=kai, signed_as="supporter"), actor=kai)
    assert caught.value.codes == ("not-as-signed",)
    assert world.every(Signature) == []


def test_another_content_of_the_same_version_is_not_signed(world: Any, pair: Any, signed: Any) -> None:
    """A host that shows one thing and lets another be signed."""
    maya, _ = pair
    forged = world.get(signed)
    other = world.kit.codec.encode(changed(forged))
    object.__setattr__(forged.trail, "body", other)
    with pytest.raises(Refused) as caught:
        world.save(Signature.sign(forged, signer=maya, signed_as="person"), actor=maya)
    assert caught.value.codes == ("not-as-signed",)
    hers = world.save(Signature.sign(world.get(signed), signer=maya, signed_as="person"), actor=maya)
    assert hers.standing(forged) == "differs"


def test_signed_in_the_commit_that_makes_it(world: Any, pair: Any) -> None:
    maya, _ = pair
    with world.kit.session(actor=maya) as s:
        plan = s.save(GoalPlan.begin(person=maya).add_goal("Library"))
        hers = s.save(Signature.sign(plan, signer=maya, signed_as="person"))
    assert world.get(hers).holds(world.get(plan))
    with pytest.raises(Refused) as caught, world.kit.session(actor=maya) as s:
        plan = s.get(GoalPlan, plan.id)
        s.save(Signature.sign(plan, signer=maya, signed_as="person"))
        s.save(plan.reword(hopes="More"))  # what stands after the commit is not what was signed
    assert caught.value.codes == ("not-as-signed",)


def test_both_at_once(world: Any, pair: Any, signed: Any) -> None:
    start = threading.Barrier(2)
    failed: list[BaseException] = []

    def sign(who: Any, as_what: str) -> None:
        start.wait()
        try:
            with world.kit.session(actor=who) as s:
                read = s.get(type(signed), signed.id)
                s.save(Signature.sign(read, signer=who, signed_as=as_what))
        except BaseException as error:  # noqa: BLE001  # shown below
            failed.append(error)

    two = [
        threading.Thread(target=sign, args=args) for args in zip(pair, ("person", "supporter"), strict=True)
    ]
    for one in two:
        one.start()
    for one in two:
        one.join()
    assert failed == []
    assert sorted(one.signed_as for one in world.every(Signature)) == ["person", "supporter"]
    assert all(one.holds(world.get(signed)) for one in world.every(Signature))


def test_only_the_two_sign(world: Any, pair: Any, signed: Any) -> None:
    maya, kai = pair
    lee = world.supporter("lee")
    world.match(world.omar, lee)
    paper = Decision.of(lee, how="paper", evidence="binder 3")
    for signer, as_what, by in ((lee, "supporter", paper), (kai, "person", None), (maya, "supporter", None)):
        with pytest.raises(Refused) as caught:
            world.save(
                Signature.sign(signed, signer=signer, signed_as=as_what, by=by),
                actor=kai if signer is lee else signer,
            )
        assert caught.value.codes == ("no-party",)


def test_how_it_was_signed_counts(world: Any, pair: Any, signed: Any) -> None:
    maya, kai = pair
    for how in ("spoken", "device"):
        with pytest.raises(Refused) as caught:
            by = Decision.of(maya, how=how)
            world.save(Signature.sign(signed, signer=maya, signed_as="person", by=by), actor=kai)
        assert caught.value.codes == ("too-weak",)
    paper = Decision.of(maya, how="paper", evidence="binder 3")
    world.save(Signature.sign(signed, signer=maya, signed_as="person", by=paper), actor=kai)
    with pytest.raises(Refused) as caught:
        world.save(Signature.sign(signed, signer=maya, signed_as="person"), actor=kai)
    assert caught.value.codes == ("not-theirs",)


def test_what_is_not_stored_is_not_signed(world: Any, pair: Any) -> None:
    maya, _ = pair
    stored = world.get(world.save(GoalPlan.begin(person=maya), actor=maya))
    for what in (GoalPlan.begin(person=maya), stored.reword(hopes="x")):
        with pytest.raises(Malformed):
            Signature.sign(what, signer=maya, signed_as="person")
    with pytest.raises(Malformed):
        Signature.sign(world.get(maya), signer=maya, signed_as="person")  # no plan and no agreement
    with pytest.raises(Malformed):
        Signature.sign(stored, signer=maya, signed_as="witness")


def test_a_signature_is_of_one_record(world: Any, pair: Any) -> None:
    maya, _ = pair
    first, second = (world.get(world.save(GoalPlan.begin(person=maya), actor=maya)) for _ in range(2))
    hers = world.save(Signature.sign(first, signer=maya, signed_as="person"), actor=maya)
    with pytest.raises(Malformed):
        hers.holds(second)


def test_who_may_not_read_it_does_not_see_that_it_was_signed(world: Any, pair: Any, signed: Any) -> None:
    maya, _ = pair
    hers = world.save(Signature.sign(signed, signer=maya, signed_as="person"), actor=maya)
    with world.kit.session(actor=world.omar) as s, pytest.raises(NotFound):
        s.get(Signature, hers.id)
    assert "sha256" not in Signature.indexed


def test_erasing_keeps_that_it_was_signed_and_says_that_the_body_is_gone(world: Any, pair: Any) -> None:
    maya, kai = pair
    world.match(maya, kai)
    plan = world.get(world.save(GoalPlan.begin(person=maya, hopes="To sleep"), actor=maya))
    hers = world.save(Signature.sign(plan, signer=maya, signed_as="person"), actor=maya)
    his = world.save(Signature.sign(plan, signer=kai, signed_as="supporter"), actor=kai)
    before = world.get(hers)
    office = world.coordinator
    world.kit.erase(plan, basis="wish", asked_by=maya, decided_by=office)
    with world.kit.session(actor=Actor.system("test")) as s:
        [gone] = s.history(GoalPlan, plan.id)
        for signature in (hers, his):
            [left] = s.history(Signature, signature.id)
            assert left.body == b""  # the hash of a short text can be guessed
            assert left.trail.envelope.acts[0].name == "sign"
            assert dict(left.trail.envelope.subjects)["person"] == maya.id
    assert before.standing(gone) == "erased"
    assert not before.holds(gone)
    assert world.kit.verify().intact


def test_make_gives_what_can_be_signed() -> None:
    plan = make(GoalPlan, version=3)
    signature = Signature.sign(plan, signer="maya", signed_as="person")
    assert (signature.signed_version, signature.holds(plan)) == (3, True)
    assert (
        Signature.sign(make(Relationship, version=1), signer="kai", signed_as="supporter").of
        == "relationship"
    )
