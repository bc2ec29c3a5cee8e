# SPDX-License-Identifier: Apache-2.0
"""A note in Django's ORM, with history as django-simple-history's own introduction makes it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path


def writers(file: Path, given: Mapping[str, str]) -> dict[str, Callable[[], object]]:
    """What saves one note in a transaction of its own: after asking for the right and checking what it refers
    to, as `full_clean` does, and without either. Django is set up here, once a process."""
    import django
    from django.conf import settings

    pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    settings.configure(
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(file),
                "OPTIONS": {"init_command": pragmas, "transaction_mode": "IMMEDIATE"},
            }
        },
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "simple_history"],
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command
    from django.db import connection, models, transaction
    from simple_history.models import HistoricalRecords

    def key() -> models.CharField:
        return models.CharField(max_length=36, primary_key=True)

    def to(kind: str) -> models.ForeignKey:
        return models.ForeignKey(f"auth.{kind}", on_delete=models.PROTECT, related_name="+")

    class Person(models.Model):  # noqa: DJ008  # nobody prints them
        id = key()
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    class Plan(models.Model):  # noqa: DJ008
        id = key()
        person = to("Person")
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    class Relationship(models.Model):  # noqa: DJ008
        person = to("Person")
        supporter = to("Person")
        state = models.CharField(max_length=20)
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    class Note(models.Model):  # noqa: DJ008
        id = key()
        person = to("Person")
        plan = to("Plan")
        goal = models.CharField(max_length=36)
        words = models.TextField()
        author = to("Person")
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in (Person, Plan, Relationship, Note):
            editor.create_model(model)
            editor.create_model(model.history.model)
    person, author = (Person.objects.create(id=given[name]) for name in ("person", "author"))
    Plan.objects.create(id=given["plan"], person=person)
    Relationship.objects.create(person=person, supporter=author, state="agreed")
    fields = {
        "person_id": given["person"],
        "plan_id": given["plan"],
        "goal": given["goal"],
        "words": given["words"],
        "author_id": given["author"],
    }
    numbers = itertools.count()

    def checked() -> object:
        with transaction.atomic():
            beside = Relationship.objects.filter(
                supporter_id=given["author"], person_id=given["person"], state="agreed"
            )
            if not beside.exists():
                raise PermissionError
            note = Note(id=f"{next(numbers):036x}", **fields)
            note.full_clean()
            note.save(force_insert=True)
        return note

    def bare() -> object:
        with transaction.atomic():
            return Note.objects.create(id=f"{next(numbers):036x}", **fields)

    return {"checked": checked, "bare": bare}
