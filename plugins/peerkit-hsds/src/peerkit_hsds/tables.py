# SPDX-License-Identifier: Apache-2.0
"""The tables of HSDS under the names of every version, and how to know them.

Sources: the Ohana CSV and JSON formats (codeforamerica/ohana-api), the data packages of HSDS 1.0, 1.1, 2.0
and 2.0.1, the schemas and examples of 3.0 and 3.1, the tables of Open Referral UK. Versions renamed tables
and columns more than they changed what they mean; so one reader with synonyms reads them all, and the dialect
is only a label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

TABLES: Mapping[str, tuple[str, ...]] = {
    # table: the names its file or key goes by, in lower case, with underscores, singular
    "taxonomy": ("taxonomy", "vocabulary"),
    "taxonomy_term": ("taxonomy_term", "term", "category"),
    "taxonomy_mapping": ("taxonomy_mapping", "category_mapping"),
    "organization": ("organization", "organisation", "agency", "org"),
    "program": ("program", "programme"),
    "service": ("service", "serv"),
    "location": ("location", "loc", "site"),
    "service_at_location": ("service_at_location", "services_at_location"),
    "contact": ("contact",),
    "phone": ("phone", "telephone"),
    "fax": ("fax",),
    "address": ("address", "physical_address"),
    "postal_address": ("postal_address", "mail_address"),
    "schedule": ("schedule", "regular_schedule"),
    "holiday_schedule": ("holiday_schedule",),
    "service_area": ("service_area",),
    "language": ("language",),
    "interpretation": ("interpretation_service",),
    "eligibility": ("eligibility",),
    "required_document": ("required_document",),
    "payment_accepted": ("payment_accepted", "payments_accepted", "accepted_payment"),
    "fee": ("fee",),
    "cost_option": ("cost_option",),
    "funding": ("funding", "funding_source"),
    "accessibility": ("accessibility", "accessibility_for_disability"),
    "attribute": (
        "attribute",
        "service_attribute",
        "other_attribute",
        "service_taxonomy",
        "services_taxonomy",
        "link_taxonomy",
    ),
    "metadata": ("metadata",),
    "meta_table_description": ("meta_table_description",),
    "organization_identifier": ("organization_identifier", "organisation_identifier"),
    "url": ("url", "additional_url", "additional_website"),
    "unit": ("unit",),
    "service_capacity": ("service_capacity", "capacity"),
    "review": ("review",),
}
"""In the order in which rows are joined: what others point at comes first."""

COLUMNS: Mapping[str, str] = {
    # Renamings that hold in every table.
    "organisation_id": "organization_id",
    "parent_organisation_id": "parent_organization_id",
    "services_at_location_id": "service_at_location_id",
    "website": "url",
    "web_site": "url",
    "e_mail": "email",
    "zip": "postal_code",
    "zipcode": "postal_code",
    "zip_code": "postal_code",
    "postcode": "postal_code",
    "state": "state_province",
    "country_code": "country",
    "street": "address_1",
    "street_1": "address_1",
    "street_2": "address_2",
    "lat": "latitude",
    "lon": "longitude",
    "lng": "longitude",
    "long": "longitude",
    "number_type": "type",
    "how_to_apply": "application_process",
    "wait": "wait_time",
    "audience": "eligibility_audience",
    "accrediations": "accreditations",  # so in the data package of 1.1.0
    "accreditation": "accreditations",
    "licences": "licenses",
    "parent_oranization_id": "parent_organization_id",
    "assured_on": "assured_date",
    "updated_at": "last_modified",
    "aka": "alternate_name",
    "accepted_payment": "accepted_payments",
    "payments_accepted": "accepted_payments",
    "payment_accepted": "accepted_payments",
}

_OWN: Mapping[str, Mapping[str, str]] = {
    # Renamings within one table, after COLUMNS.
    "phone": {"phone": "number", "phone_number": "number", "telephone": "number", "phone_type": "type"},
    "fax": {"fax": "number"},
    "language": {"language": "name"},
    "interpretation": {"language": "name"},
    "service_area": {"service_area": "name", "area": "name"},
    "accessibility": {"accessibility": "description"},
    "eligibility": {"minimum_age": "minimum", "maximum_age": "maximum"},
    "funding": {"funding_source": "source"},
    "taxonomy_term": {"term": "name", "vocabulary": "taxonomy"},
    "attribute": {"taxonomy_detail": "value"},
    "review": {"reviewer_organization_id": "reviewer"},
}

MAIN: Mapping[str, str] = {
    # The column that a row exists for; a row of a list of plain words has only this one.
    "phone": "number",
    "fax": "number",
    "language": "name",
    "interpretation": "name",
    "service_area": "name",
    "eligibility": "eligibility",
    "required_document": "document",
    "payment_accepted": "payment",
    "fee": "fee",
    "funding": "source",
    "accessibility": "description",
    "url": "url",
    "taxonomy_term": "name",
    "contact": "name",
    "address": "address_1",
    "postal_address": "address_1",
    "schedule": "description",
}

PARENTS = ("organization", "program", "service", "location", "service_at_location", "contact")
"""Tables whose rows others point at by id."""

LINKS: Mapping[str, str] = {
    # Columns that say what a row belongs to, the most specific first: the first that is there counts.
    "service_at_location_id": "service_at_location",
    "service_id": "service",
    "location_id": "location",
    "organization_id": "organization",
    "contact_id": "contact",
    "phone_id": "phone",
    "program_id": "program",
}

MARKS: Mapping[str, tuple[str, ...]] = {
    # Columns by which a table is known when its file has another name; after renaming.
    "service": (
        "application_process",
        "wait_time",
        "fees",
        "fees_description",
        "eligibility_description",
        "interpretation_services",
        "accepted_payments",
        "service_areas",
        "required_documents",
        "taxonomy_ids",
        "assured_date",
        "program_id",
        "minimum_age",
        "maximum_age",
        "keywords",
        "funding_sources",
    ),
    "organization": (
        "tax_status",
        "tax_id",
        "year_incorporated",
        "date_incorporated",
        "legal_status",
        "logo",
    ),
    "location": (
        "latitude",
        "longitude",
        "transportation",
        "location_type",
        "external_identifier",
        "virtual",
    ),
    "address": ("address_1", "address_2", "city", "state_province", "postal_code", "attention"),
    "phone": ("number", "extension", "vanity_number", "country_prefix"),
    "schedule": ("weekday", "opens_at", "closes_at", "freq", "byday", "dtstart", "wkst", "schedule_link"),
    "holiday_schedule": ("start_date", "end_date", "closed"),
    "taxonomy_term": ("parent_id", "parent_name", "term_uri"),
    "attribute": ("taxonomy_term_id", "link_id", "link_entity", "link_type"),
    "metadata": ("resource_id", "last_action_date", "last_action_type", "replacement_value"),
    "cost_option": ("amount", "amount_description", "currency", "option"),
    "required_document": ("document",),
    "contact": ("title", "department"),
    "accessibility": ("accessibility", "details"),
    "organization_identifier": ("identifier_scheme", "identifier"),
    "service_area": ("extent", "extent_type", "service_area"),
    "meta_table_description": ("character_set",),
    "service_capacity": ("unit_id", "available", "maximum"),
}

REFERS: Mapping[str, str] = {
    # Keys under which JSON nests the one thing that a row points at, and the column that points.
    "organization": "organization_id",
    "organisation": "organization_id",
    "service": "service_id",
    "location": "location_id",
    "program": "program_id",
    "taxonomy_term": "taxonomy_term_id",
    "taxonomy_detail": "taxonomy_id",
    "unit": "unit_id",
}

_BY_NAME = {alias: table for table, aliases in TABLES.items() for alias in aliases}
_NOT_LETTERS = re.compile(r"[^a-z0-9]+")
_WORDS_BEFORE = re.compile(r"^(hsds|open_?referral|data|export|tbl)_+")
_WORDS_AFTER = re.compile(r"_+(full|list|attributes|data|table|export|all|csv|\d+)$")


def table_named(name: str) -> str:
    """The table that a file, key or resource of that name holds, or an empty string.

    Ornaments are taken off one by one (`hsds_services_full_2.csv`), and only where the name is not known with
    them: `service_attributes` is a table, `services_attributes` is how Ohana nests services.
    """
    word = _NOT_LETTERS.sub("_", name.rsplit("/", 1)[-1].lower().removesuffix(".csv")).strip("_")
    word = _WORDS_BEFORE.sub("", word)
    while (table := _BY_NAME.get(_singular(word), "")) == "":
        shorter = _WORDS_AFTER.sub("", word)
        if shorter in (word, ""):
            return ""
        word = shorter
    return table


def _singular(word: str) -> str:
    if word.endswith("ss") or word in ("address", "metadata"):
        return word
    if word.endswith("ys"):  # the UK's `eligibilitys`, `service_taxonomys`
        return word[:-1]
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes")):
        return word[:-2]
    return word.removesuffix("s")


def column(name: str) -> str:
    """A column's name as this package writes it, before the renamings of its table."""
    word = _NOT_LETTERS.sub("_", name.lower()).strip("_")
    return COLUMNS.get(word, word)


def columns(table: str, names: Iterable[str]) -> tuple[str, ...]:
    """The columns of a table as this package writes them; a blank or repeated name gets its number."""
    own = _OWN.get(table, {})
    seen: dict[str, None] = {}
    for number, name in enumerate(names, start=1):
        word = column(name)
        word = own.get(word, word) or f"column_{number}"
        seen[f"{word}_{number}" if word in seen else word] = None
    return tuple(seen)


def table_of(names: Iterable[str], hint: str = "") -> str:
    """The table that has these columns; `hint` is what its file's name says, and wins unless the columns deny
    it.

    An empty string where the columns are none that HSDS has.
    """
    have = set(names)
    if hint:
        return settle(hint, have)
    score = {table: sum(mark in have for mark in marks) for table, marks in MARKS.items()}
    best = max(score, key=lambda table: score[table])
    if score[best] >= 2 or (score[best] == 1 and len(have & set(LINKS)) >= 1):
        return settle(best, have)
    if {"service_id", "location_id"} <= have:
        return "service_at_location"
    return ""


def settle(table: str, have: set[str]) -> str:
    """Tell apart what versions call by the same name."""
    if table in ("taxonomy", "taxonomy_term"):
        # `taxonomy` is a table of categories until 1.1, and of vocabularies from 2.0 on.
        terms = {"parent_id", "parent_name", "code", "term", "term_uri", "taxonomy", "taxonomy_id"}
        return "taxonomy_term" if have & terms else table
    return table


def loose(id_text: str) -> str:
    """An id as one compares it: spreadsheets add `.0`, people capitals."""
    word = id_text.strip().casefold()
    if word.endswith(".0") and word[:-2].isdigit():
        word = word[:-2]
    return word


def recoded(table: str, names: list[str]) -> list[str]:
    """Ohana calls a category's code `taxonomy_id`, which HSDS 2 and later give to the vocabulary."""
    have = set(names)
    if (
        table != "taxonomy_term"
        or "taxonomy_id" not in have
        or have & {"code", "term_uri", "taxonomy", "description"}
    ):
        return names
    return [{"id": "serial", "taxonomy_id": "code"}.get(name, name) for name in names]


_OBJECT_MARKS: Mapping[str, frozenset[str]] = {
    # Keys of nested objects by which the outermost is known; the plain columns are in MARKS.
    "service": frozenset(
        [
            "service_at_locations",
            "services_at_location",
            "organization",
            "program",
            "cost_options",
            "service_taxonomys",
            "eligibilitys",
            "regular_schedules",
            "service_areas_text",
            "required_documents",
            "service_areas",
            "alert",
            "additional_urls",
            "capacities",
            "status",
            "interpretation_services",
        ]
    ),
    "organization": frozenset(
        [
            "locations",
            "locs",
            "services",
            "organization_identifiers",
            "programs",
            "parent_organization_id",
            "website",
            "locations_attributes",
            "year_incorporated",
            "additional_websites",
            "uri",
        ]
    ),
    "location": frozenset(
        [
            "addresses",
            "physical_addresses",
            "postal_addresses",
            "address",
            "accessibility",
            "location_type",
            "servs",
            "services_attributes",
            "address_attributes",
            "mail_address",
            "accessibility_for_disabilities",
            "schedules",
            "organization_id",
        ]
    ),
    "service_at_location": frozenset({"service", "location", "service_id", "location_id"}),
    "taxonomy_term": frozenset({"taxonomy_detail", "parent_id", "term_uri", "code", "taxonomy"}),
    "taxonomy": frozenset({"version", "uri"}),
}


def table_of_object(value: Mapping[str, object], hint: str = "") -> str:
    """The table that an object of JSON is a row of; an empty string where it is none of HSDS's things."""
    have = {column(key) for key in value} | {key.lower() for key in value}
    score = {
        table: sum(mark in have for mark in marks | set(MARKS.get(table, ())))
        for table, marks in _OBJECT_MARKS.items()
    }
    best = max(score, key=lambda table: score[table])
    if hint and (hint not in score or score[hint] * 2 >= score[best]) and (have & _ANY or score.get(hint)):
        return settle(hint, have)
    if score[best] >= 2:
        return settle(best, have)
    alone = list(score.values()).count(score[best]) == 1
    nested = any(isinstance(value.get(mark), (list, dict)) for mark in _OBJECT_MARKS[best])
    if score[best] and "name" in have and (nested or (alone and "id" in have)):
        return settle(best, have)
    return table_of(have)


_ANY = frozenset({"id", "name", *LINKS, *MAIN.values()})
