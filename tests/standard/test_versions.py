"""Which version of the standard was in force on a day."""

import datetime as dt

from events.base import OrgId
from service.versions import Version, version_on

COMMITTEE = OrgId("C")


def test_the_version_in_force_on_a_day_is_the_last_published_of_those_that_had_begun():
    def version(name: str, since: dt.date) -> Version:
        return Version(version=name, sha256="", effective_from=since, published_on=since, reason="", org_id=COMMITTEE, event_id=name)

    published = [version("a", dt.date(2026, 1, 1)), version("b", dt.date(2027, 1, 1)), version("c", dt.date(2026, 7, 1))]
    found = [version_on(published, day) for day in (dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 7, 1), dt.date(2027, 5, 1))]
    assert [one and one.version for one in found] == [None, "a", "c", "c"]
