# SPDX-License-Identifier: Apache-2.0
"""The settings of a Django host that keeps bookings of rooms; peer support it leaves to peerkit.

Two databases, two files: the host's own and peerkit's. FOLDER says where.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(os.environ.get("FOLDER", "."))
PEERKIT_URL = f"sqlite:///{FOLDER.absolute()}/peer.db"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": FOLDER / "host.db",
        "OPTIONS": {"transaction_mode": "IMMEDIATE"},  # else two requests at once lock each other out
    }
}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "bookings",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "bookings.urls"
SECRET_KEY = "an example's, and no secret"  # noqa: S105
ALLOWED_HOSTS = ["testserver"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
TIME_ZONE = "America/Toronto"
