# SPDX-License-Identifier: Apache-2.0
"""A note in Django's ORM, with history as django-simple-history's own introduction makes it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path


def writer(file: Path, given: dict[str, str]) -> Callable[[], object]:
    """What saves one note in a transaction of its own. Django is set up here, once a process."""
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

    class Note(models.Model):  # noqa: DJ008  # nobody prints it
        id = models.CharField(max_length=36, primary_key=True)
        person = models.CharField(max_length=36, db_index=True)
        plan = models.CharField(max_length=36)
        goal = models.CharField(max_length=36)
        words = models.TextField()
        author = models.CharField(max_length=36, db_index=True)
        history = HistoricalRecords()

        class Meta:
            app_label = "auth"

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(Note)
        editor.create_model(Note.history.model)
    numbers = itertools.count()

    def once() -> object:
        with transaction.atomic():
            return Note.objects.create(id=f"{next(numbers):036x}", **given)

    return once
