# SPDX-License-Identifier: Apache-2.0
"""One address each."""

from __future__ import annotations

from django.urls import path

from bookings import views

urlpatterns = [path("book", views.book), path("answer", views.answer)]
