# SPDX-License-Identifier: Apache-2.0
"""A Django host with peerkit beside it, played through once.

python examples/django_host/run.py
"""

from __future__ import annotations

import os
import tempfile

SETTINGS = {
    "name": "Riverside Peer Support (fictional)",
    "coordinator": {"name": "Robin Example"},
    "path": [{"role": "supporter", "minutes": 10}, {"role": "coordinator", "minutes": 15}],
}


def main() -> None:
    """Book rooms, one of which the host takes back and one peerkit refuses; answer in a view that fails."""
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "host_settings"
    django.setup()

    from bookings import peer
    from bookings.models import Booking
    from django.conf import settings
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connections
    from django.test import Client

    call_command("migrate", run_syncdb=True, verbosity=0)
    maya, sam = found(settings.PEERKIT_URL)
    with_account = {}
    for name, person in (("maya", maya), ("sam", sam)):
        with_account[name] = User.objects.create_user(name)
        peer.kit().link("django", str(with_account[name].pk), person)

    client = Client(raise_request_exception=False)
    client.force_login(with_account["sam"])
    asked = {"starts": "2026-11-28T10:00", "person": maya}
    client.post("/book", {**asked, "room": "Garden room"})
    client.post("/book", {**asked, "room": "Attic"})
    client.force_login(with_account["maya"])
    client.post("/book", {**asked, "room": "Kitchen", "person": sam})
    for booking in Booking.objects.all():
        print(booking, booking.state, booking.because)

    client.force_login(with_account["sam"])
    told = client.post("/answer", {"person": maya, "item": "q5", "value": "yes", "note": "break"})
    print(f"the view answered {told.status_code}; open alerts: {len(peer.kit().alerts())}")
    peer.kit().close()
    connections.close_all()


def found(url: str) -> tuple[str, str]:
    """A program in which Maya and Sam walk together; their ids."""
    import peerkit
    from peerkit import Decision, PeerSupporter, Person, Relationship

    with peerkit.open(url, settings=SETTINGS) as kit:
        robin = kit.first_coordinator
        with kit.session(actor=robin) as s:
            maya = s.save(Person.enrol(name="Maya Example"))
            sam = s.save(Person.enrol(name="Sam Example"))
        with kit.session(actor=robin) as s:
            s.save(PeerSupporter.welcome(sam, by=Decision.of(sam, how="spoken")))
            walk = s.save(Relationship.enquire(person=maya, by=Decision.of(maya, how="spoken")))
        with kit.session(actor=robin) as s:
            walk = s.save(walk.propose(sam))
        with kit.session(actor=maya) as s:
            walk = s.save(walk.agree())
        with kit.session(actor=sam) as s:
            s.save(walk.take_on())
    return maya.id, sam.id


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("FOLDER", folder)
        main()
