# SPDX-License-Identifier: Apache-2.0
"""peerkit inside a real Django host: its views, its transactions, its rollbacks.

The host is the one of `examples/django_host`. Django is set up once a process, so these tests share its
database.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import peerkit
from peerkit import Kit, Meeting, Person, Refusal, Refused

ROOT = Path(__file__).resolve().parents[2]
STARTS = "2026-11-28T10:00"


class Host:
    """The example's host, set up, with Maya and Sam signed up in it."""

    def __init__(self) -> None:
        import run
        from bookings import models, peer
        from django.contrib.auth.models import User
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)
        self.bookings: Any = models.Booking.objects
        self.peer: Any = peer
        self.maya, self.sam = run.found(peer.settings.PEERKIT_URL)
        self.users = {name: User.objects.create_user(name) for name in ("maya", "sam", "stranger")}
        for name in ("maya", "sam"):
            self.kit.link("django", str(self.users[name].pk), getattr(self, name))

    @property
    def kit(self) -> Kit:
        found: Kit = self.peer.kit()
        return found

    def book(self, user: str, room: str, person: str) -> Any:
        from django.test import Client

        client = Client(raise_request_exception=False)
        client.force_login(self.users[user])
        return client.post("/book", {"starts": STARTS, "room": room, "person": person})

    def booking(self, room: str) -> Any:
        return self.bookings.get(room=room)

    def places(self) -> list[str]:
        """Where peerkit knows of a meeting."""
        with self.kit.session(actor=self.maya) as s:
            return [meeting.place for meeting in s.find(Meeting)]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLDER", str(tmp_path_factory.mktemp("host")))
        patch.setenv("DJANGO_SETTINGS_MODULE", "host_settings")
        patch.syspath_prepend(ROOT / "examples" / "django_host")
        import django

        django.setup()
        from django.db import connections

        made = Host()
        yield made
        made.kit.close()
        connections.close_all()


def test_what_the_host_committed_is_committed_in_peerkit_once(host: Host) -> None:
    assert host.book("sam", "Garden room", host.maya).status_code == 201
    booking = host.booking("Garden room")
    assert booking.state == "planned"
    with host.kit.session(actor=host.maya) as s:
        assert s.get(Meeting, booking.meeting).place == "Garden room"

    host.peer.plan_meeting(booking.pk)
    assert host.booking("Garden room").meeting == booking.meeting
    assert host.places().count("Garden room") == 1


def test_an_exception_inside_atomic_leaves_nothing_in_either(host: Host) -> None:
    before = host.kit.changes(limit=1000).cursor
    assert host.book("sam", "Attic", host.maya).status_code == 500
    assert not host.bookings.filter(room="Attic").exists()
    assert host.kit.changes(after=before).envelopes == ()


def test_what_peerkit_refuses_stands_in_the_booking_and_half_of_it_nowhere(host: Host) -> None:
    """A person may not record a meeting with themselves as anybody's supporter: no right."""
    assert host.book("maya", "Kitchen", host.sam).status_code == 201
    booking = host.booking("Kitchen")
    assert (booking.state, booking.because, booking.meeting) == ("refused", "no-right", "")
    assert "Kitchen" not in host.places()
    [robin] = [dict(e.subjects)["person"] for e in host.kit.changes().envelopes if e.kind == "appointment"]
    with host.kit.session(actor=robin) as s:
        refusals = s.find(Refusal, who=host.maya)
        assert [refusal.codes for refusal in refusals] == [("no-right",)]


def test_what_a_crash_left_between_the_two_commits_is_finished_once(host: Host) -> None:
    starts = host.booking("Garden room").starts
    common = {"starts": starts, "booked_by": host.users["sam"], "person": host.maya}
    asked = host.bookings.create(room="Porch", **common)  # committed; peerkit was never asked
    heard = host.bookings.create(room="Veranda", **common)  # peerkit was asked; nobody heard its answer
    host.peer.plan_meeting(heard.pk)
    host.bookings.filter(pk=heard.pk).update(state="pending", meeting="")

    host.peer.finish_pending()
    host.peer.finish_pending()

    assert {host.booking(room).state for room in ("Porch", "Veranda")} == {"planned"}
    assert host.booking("Porch").meeting != ""
    assert sorted(place for place in host.places() if place in {"Porch", "Veranda"}) == ["Porch", "Veranda"]
    assert asked.pk != heard.pk


def test_peerkit_writes_inside_the_hosts_open_write_transaction(host: Host) -> None:
    """Its own file: a second connection waits for nothing. What it committed stays whatever the host does."""
    from django.db import connection, transaction

    starts = host.booking("Garden room").starts

    def view() -> None:
        with transaction.atomic():
            host.bookings.create(room="Loft", starts=starts, booked_by=host.users["sam"], person=host.maya)
            assert connection.in_atomic_block
            with host.kit.session(actor=host.maya) as s:
                s.save(s.get(Person, host.maya).update(pronouns="she/her"))
            raise LookupError

    with pytest.raises(LookupError):
        view()
    assert not host.bookings.filter(room="Loft").exists()
    with host.kit.session(actor=host.maya) as s:
        assert s.get(Person, host.maya).pronouns == "she/her"


def test_an_exception_in_a_session_inside_atomic_takes_both_back(host: Host) -> None:
    from django.db import transaction

    starts = host.booking("Garden room").starts

    def view() -> None:
        with transaction.atomic():
            host.bookings.create(room="Cellar", starts=starts, booked_by=host.users["sam"], person=host.maya)
            with host.kit.session(actor=host.sam) as s:
                s.save(s.get(Person, host.maya).update(pronouns="they/them"))

    with pytest.raises(Refused) as caught:
        view()
    assert caught.value.codes == ("not-theirs",)
    assert not host.bookings.filter(room="Cellar").exists()
    with host.kit.session(actor=host.maya) as s:
        assert s.get(Person, host.maya).pronouns != "they/them"


def test_an_answer_in_a_view_that_fails_and_rolls_back_has_alerted(host: Host) -> None:
    """The host's own transaction around it, and what becomes of that, is nothing to an alarm."""
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.force_login(host.users["sam"])
    asked = {"person": host.maya, "item": "q1", "value": "no"}
    begun = client.post("/answer", asked).json()
    assert begun["steps"] == []
    assert host.kit.alerts() == ()

    failed = client.post(
        "/answer", {**asked, "item": "q5", "value": "yes", "screen": begun["screen"], "note": "break"}
    )
    assert failed.status_code == 500
    [line] = host.kit.alerts()
    assert line.level == "now"
    again = client.post("/answer", {**asked, "item": "q2", "value": "no", "screen": begun["screen"]})
    assert again.json()["screen"] == begun["screen"]
    assert len(host.kit.alerts()) == 1


def test_a_user_whom_nobody_linked_is_told_so_and_the_booking_waits(host: Host) -> None:
    assert host.book("stranger", "Hall", host.maya).status_code == 500
    assert host.booking("Hall").state == "pending"
    host.bookings.filter(room="Hall").delete()


def test_the_kit_is_shared_by_the_threads_of_a_process(host: Host) -> None:
    """Django's server gives each request a thread."""
    from django.db import connections

    failed: list[BaseException] = []

    def request(number: int) -> None:
        try:
            assert host.book("sam", f"Room {number}", host.maya).status_code == 201
        except BaseException as error:  # noqa: BLE001  # a thread's error is told by the test's own thread
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=request, args=(number,)) for number in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert failed == []
    assert sum(place.startswith("Room ") for place in host.places()) == 4
    assert host.kit.verify().intact


def test_peerkit_imports_no_django() -> None:
    source = Path(peerkit.__file__).parent
    assert [
        path for path in source.rglob("*.py") if "import django" in path.read_text(encoding="utf-8")
    ] == []
