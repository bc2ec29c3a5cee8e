# SPDX-License-Identifier: Apache-2.0
"""Which HSDS a directory is written in. A label for people: reading does not depend on it."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import Factory, define

_SIGNS: tuple[tuple[str, frozenset[str]], ...] = (
    # The first of these of which the files show a sign; names as they stand in the files, in lower case.
    (
        "Ohana JSON",
        frozenset({"locs", "servs", "services_attributes", "phones_attributes", "address_attributes"}),
    ),
    (
        "Open Referral UK 1",
        frozenset({"service_taxonomys", "eligibilitys", "link_taxonomies", "deliverable_type"}),
    ),
    (
        "HSDS 3.1 or later",
        frozenset(
            {
                "service_capacity",
                "units",
                "url.csv",
                "urls.csv",
                "capacities",
                "additional_urls",
                "additional_websites",
            }
        ),
    ),
    (
        "HSDS 3.0",
        frozenset(
            {
                "location_type",
                "address_type",
                "eligibility_description",
                "assured_date",
                "fees_description",
                "link_entity",
                "taxonomy_detail_id",
                "service_at_locations",
                "schedule_link",
                "total_items",
                "term_uri",
            }
        ),
    ),
    ("HSDS 2", frozenset({"service_attributes", "other_attributes", "byday", "taxonomy_terms"})),
    (
        "Ohana CSV (HSDS 1.0 and before)",
        frozenset({"mail_addresses", "number_type", "admin_emails", "date_incorporated"}),
    ),
    ("HSDS 1.1", frozenset({"service_at_location_id", "services_taxonomy", "interpretation_services"})),
    ("HSDS 1.0", frozenset({"taxonomy_ids", "weekday", "services_at_location"})),
)


@define
class Evidence:
    """Names met while reading: files without ending, columns, keys."""

    names: set[str] = Factory(set)
    formats: set[str] = Factory(set)
    package: bool = False

    def saw(self, names: Iterable[str]) -> None:
        """Names of files, columns or keys."""
        self.names.update(name.lower() for name in names)

    def dialect(self) -> str:
        """A name for people, such as `HSDS 1.1, CSV without a data package`."""
        version = next((name for name, signs in _SIGNS if signs & self.names), "HSDS")
        forms = " and ".join(sorted(self.formats))
        package = (
            (" with a data package" if self.package else " without a data package")
            if "CSV" in self.formats
            else ""
        )
        return f"{version}, {forms}{package}" if forms else version
