"""The top committee publishes a version of the standard; it has one content for ever and never takes effect in the past."""

import datetime as dt
from typing import Any

from events.documents import MediaType
from events.organisations import OrganisationFounded, OrgKind, StandardPublished
from service.decide.organisations.standard import PublishStandard
from service.errors import Absent, Conflict, Malformed
from tests.decide.bdd import BRANCH, COMMITTEE, Books, fails, given, nothing

TODAY = dt.date(2026, 11, 24)
FIRST, OTHER = "a" * 64, "b" * 64


def founded(kind: OrgKind, org_id=COMMITTEE, parent=None) -> OrganisationFounded:
    return OrganisationFounded(
        occurred_on=dt.date(2019, 1, 1), org_id=org_id, parent_id=parent, kind=kind, name="示例党委", short_name="党委"
    )


def publish(**changed) -> PublishStandard:
    told: dict[str, Any] = {
        "occurred_on": TODAY,
        "version": "2027",
        "effective_from": dt.date(2027, 1, 1),
        "reason": "示例文件1号",
        "sha256": FIRST,
        "size": 10,
        "media_type": MediaType.TEXT,
    }
    return PublishStandard(**(told | changed))


def published(**changed) -> StandardPublished:
    told: dict[str, Any] = {
        "occurred_on": TODAY,
        "version": "2027",
        "sha256": FIRST,
        "size": 10,
        "effective_from": dt.date(2027, 1, 1),
        "reason": "示例文件1号",
    }
    return StandardPublished(**(told | changed))


def there(*events) -> Books:
    return given().and_in(COMMITTEE, founded(OrgKind.COMMITTEE), *events)


def test_a_version_is_published():
    there().when(publish(), at=COMMITTEE).then(published())


def test_it_may_take_effect_today_and_not_yesterday():
    there().when(publish(effective_from=TODAY), at=COMMITTEE).then(published(effective_from=TODAY))
    there().when(publish(effective_from=TODAY - dt.timedelta(days=1)), at=COMMITTEE).then(fails(Malformed, "today at the earliest"))


def test_the_same_content_again_is_nothing_to_do():
    there(published()).when(publish(), at=COMMITTEE).then(nothing)


def test_a_version_has_one_content_for_ever():
    there(published()).when(publish(sha256=OTHER), at=COMMITTEE).then(fails(Conflict, "2027 is published already"))
    there(published()).when(publish(sha256=OTHER, version="2028"), at=COMMITTEE).then(published(sha256=OTHER, version="2028"))


def test_an_older_content_may_come_back_under_a_name_of_its_own():
    history = published(), published(sha256=OTHER, version="2028")
    there(*history).when(publish(version="2029"), at=COMMITTEE).then(published(version="2029"))


def test_only_the_top_committee_publishes():
    given(founded(OrgKind.BRANCH, BRANCH, COMMITTEE)).when(publish()).then(fails(Conflict, "top committee"))
    given().when(publish(), at=COMMITTEE).then(fails(Absent))
