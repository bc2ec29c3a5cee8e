# SPDX-License-Identifier: Apache-2.0
"""What there is for families to read and learn from: titles, publishers and links, never anybody's text.

Left out on purpose: programs that teach how to have somebody taken to hospital against their will, which peer
support does not do, and whatever was not seen to be for family members themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peerkit.hooks import Resource
from peerkit_families.words import _

_OCO = "Ontario Caregiver Organization"
_GIVEN: dict[str, Any] = {"about": "families", "as_of": "2026-11-28"}


def resources() -> Iterator[Resource]:
    """Every entry, those for family members first."""
    yield Resource(
        id="caregiver-101",
        title="Caregiver 101: Understanding Roles, Expectations and Getting Support",
        publisher=_OCO,
        link="https://ontariocaregiver.ca",
        languages=("en", "fr"),
        purpose=_(
            "About an hour for whoever is new to caring for somebody: what the "
            "part is, how it feels, when to ask for support. Free, at one's own "
            "pace."
        ),
        seen="the publisher's page",
        verified=True,
        **_GIVEN,
    )
    yield Resource(
        id="caregiver-resources",
        title="Caregiver Resources",
        publisher=_OCO,
        link="https://ontariocaregiver.ca/resources-education/caregiver-resources/",
        languages=("en",),
        purpose=_(
            "Where a caregiver in Ontario begins: finding out what one needs, "
            "where to ask, what there is near by."
        ),
        seen="the publisher's page",
        verified=True,
        **_GIVEN,
    )
    yield Resource(
        id="caregiver-mental-health",
        title="Mental Health Caregiving",
        publisher=_OCO,
        link="https://ontariocaregiver.ca/for-caregivers/caregiver-mental-health-well-being/mental-health-resources/",
        languages=("en",),
        purpose=_(
            "Talks to watch for caregivers themselves: conflict, guilt, being "
            "angry and tired, looking after one's own mind."
        ),
        seen="the publisher's page",
        verified=True,
        **_GIVEN,
    )
    yield Resource(
        id="young-caregivers",
        title="Young Caregivers Connect",
        publisher=_OCO,
        link="https://ontariocaregiver.ca",
        languages=("en",),
        purpose=_("For caregivers from 15 to 25 years: information, and others of that age to write with."),
        seen="the publisher's page",
        verified=True,
        **_GIVEN,
    )
    yield Resource(
        id="family-caregiver-guidelines",
        title="National Guidelines for a Comprehensive Service System to Support "
        "Family Caregivers of Adults with Mental Health Problems and Illnesses",
        publisher="Mental Health Commission of Canada",
        year=2013,
        link="https://mentalhealthcommission.ca",
        languages=("en",),
        licence="© 2013 Mental Health Commission of Canada: link to it, do not bundle it",
        purpose=_(
            "For programs and services: what family caregivers need in their own "
            "right, at each stage, in 41 recommendations. To hold one's program "
            "against."
        ),
        seen="the document's own citation, and announcements of 2013",
        verified=True,
        **_GIVEN,
    )
    yield Resource(
        id="psc-family",
        title="Family Peer Supporter Certification",
        publisher="Peer Support Canada",
        link="https://peersupportcanada.ca",
        languages=("en",),
        purpose=_(
            "For supporters with lived experience as family: a certification of "
            "their own, apart from that of peer supporters."
        ),
        seen="the publisher's pages; what changed in 2023 was not seen",
        verified=True,
        **_GIVEN,
    )
