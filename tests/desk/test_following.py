"""From a receipt onwards: the forms that usually follow, whoever recorded it, and the row even on a later page of its register."""

import datetime as dt
import re

import asyncpg
import pytest
import pytest_asyncio

from events.base import MeetingId
from events.meetings import MeetingKind, NoticeMethod
from events.supervision import SuggestionId
from service.auth.actor import Actor, Role
from service.bus import LOCAL
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.planning import ScheduleMeeting, SendNotice
from service.decide.supervision.requests import AnswerSuggestion, RecordSuggestion
from tests.desk.world import BRANCH, PEOPLE

pytestmark = pytest.mark.asyncio(loop_scope="module")

TODAY = dt.datetime.now(LOCAL).date()
HERE = f"/admin/b/{BRANCH}"
STUDIED = 52
"""More rows than a page of a register has."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def newest(world) -> int:
    """The page of the last of many meetings."""
    for number in range(STUDIED):
        meeting = RecordMeetingHeld(
            occurred_on=TODAY, kind=MeetingKind.STUDY, topic=f"学习{number}", chair=PEOPLE[0], recorder=PEOPLE[1], notice_sent_on=TODAY
        )
        await world.record(BRANCH, meeting, f"study-{number}")
    return len(await world.parts.books.read(BRANCH))


async def links(one, address: str) -> dict[str, str]:
    html = (await one.get(address)).text.replace("&amp;", "&")
    return {text: path for path, text in re.findall(r'<a href="([^"]+)">([^<]+)</a>', html.partition("<aside>")[2])}


async def test_a_receipt_leads_to_its_row_on_a_later_page_of_the_register(client, newest):
    secretary = client("secretary")
    address = (await links(secretary, f"{HERE}/receipt/{newest}-{newest}"))[f"Three meetings and one class No. {STUDIED + 1}"]
    assert f'id="r-{STUDIED + 1}"' in (await secretary.get(address.partition("#")[0])).text
    assert address.endswith(f"#r-{STUDIED + 1}")


async def test_a_meeting_leads_to_its_votes_minutes_papers_and_corrections(client, newest):
    secretary = client("secretary")
    found = await links(secretary, f"{HERE}/receipt/{newest}-{newest}")
    assert {"Record a vote", "Archive minutes", "Add a document", "Correct attendance"} <= found.keys()
    assert "Record a meeting" not in found
    form = (await secretary.get(found["Record a vote"])).text
    assert re.search(r'name="meeting_id".*?selected>[^<]*学习51', form, re.DOTALL)
    assert re.search(rf'name="occurred_on" value="{TODAY}"', form)
    assert re.search(r'name="about".*?selected>[^<]*学习51', (await secretary.get(found["Add a document"])).text, re.DOTALL)


async def test_whoever_only_looks_is_offered_no_form(client, newest):
    assert not [path for path in (await links(client("auditor"), f"{HERE}/receipt/{newest}-{newest}")).values() if "/do" in path]


async def test_what_only_the_member_says_is_offered_to_nobody_else(client, world):
    told = RecordSuggestion(
        occurred_on=TODAY, person_id=PEOPLE[2], content="多办讲座", received_by=PEOPLE[0], suggestion_id=SuggestionId("s1")
    )
    await world.record(BRANCH, told, "suggestion")
    await world.record(BRANCH, AnswerSuggestion(occurred_on=TODAY, suggestion_id=SuggestionId("s1"), answer="已安排"), "answer")
    page = len(await world.parts.books.read(BRANCH))
    found = await links(client("secretary"), f"{HERE}/receipt/{page}-{page}")
    assert [text for text in found if "answer" in text.lower()] == ["Answer a suggestion"]


async def test_the_row_of_a_meeting_is_found_from_its_first_event_too(client, newest):
    """The notice came first; the meeting wrote the row last."""
    found = await links(client("secretary"), f"{HERE}/receipt/{newest - 1}-{newest - 1}")
    assert f"Three meetings and one class No. {STUDIED + 1}" in found


async def test_who_recorded_is_told_by_role_and_name_and_never_by_the_number_of_an_account(client, world, newest):
    clerk = Actor(id="0c9f-51", login="clerk-one", role=Role.SECRETARY, organisation_id=BRANCH, subtree=frozenset({BRANCH}))
    connection = await asyncpg.connect(world.settings.database_url)
    try:
        insert = "INSERT INTO service.account (id, login, role, organisation_id) VALUES ($1, $2, $3, $4)"
        await connection.execute(insert, clerk.id, clerk.login, clerk.role.value, BRANCH)
    finally:
        await connection.close()
    command = SendNotice(occurred_on=TODAY, meeting_id=await planned(world), method=NoticeMethod.PHONE)
    await world.parts.bus.handle(BRANCH, command, clerk, key="by-the-clerk", now=dt.datetime.now(dt.UTC))
    page = len(await world.parts.books.read(BRANCH))
    for path in ("history", f"receipt/{page}-{page}"):
        html = (await client("secretary", lang="zh").get(f"{HERE}/{path}")).text
        assert "支部书记 clerk-one" in html
        assert clerk.id not in html
    assert "· 系统</span>" in (await client("secretary", lang="zh").get(f"{HERE}/history")).text


async def planned(world) -> MeetingId:
    meeting = ScheduleMeeting(
        occurred_on=TODAY, meeting_id=MeetingId("plan"), kind=MeetingKind.GENERAL, planned_on=TODAY + dt.timedelta(days=9), topic="计划"
    )
    await world.record(BRANCH, meeting, "plan")
    return MeetingId("plan")
