"""Nothing tells who chose what, to anybody: each way in which a database, a program or an answer could give it away is looked at."""

import hashlib
import json
import re
from collections import Counter
from typing import Any

import asyncpg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import replace

from events.ballots import BallotId, BallotKind, BallotMethod, BallotOpened, Electorate, OptionCode
from events.store.clerk import Clerk
from events.store.codec import canonical
from events.store.postgres import PostgresBooks, dsn
from migrations.roles import ROLES
from projections.standard.pack import default_pack
from service.ballots.box import key_name
from service.ballots.door import Ballots
from service.ballots.papers import Sealer, box_bytes, box_of, put
from service.bus import Bus, _fingerprint
from service.decide.ballots.box import MarkVoted
from service.errors import Absent
from tests.ballots.world import PEOPLE, SECRETARY, A, World, marked, member, now, today

BALLOT = BallotId("b1")
CANARY = "kingfisher"
RECEIPT = "5ca1ab1e" * 4
PAPER = BallotOpened(
    occurred_on=today(),
    ballot_id=BALLOT,
    kind=BallotKind.ELECTION,
    title="委员",
    method=BallotMethod.BOX,
    electorate=Electorate.VOTERS,
    options=(),
    choices_max=1,
    entitled=PEOPLE,
)
CHOICES = {PEOPLE[1]: "yes", PEOPLE[2]: "no", PEOPLE[3]: "abstain", PEOPLE[4]: "no", PEOPLE[5]: "yes", PEOPLE[6]: "no"}


async def vote(world: World, ballot: str = "b1") -> list[list[Any]]:
    """The box after each cast, as a superuser who copies it every time."""
    copies = []
    for person, choice in CHOICES.items():
        await world.cast(person, choice, ballot=ballot)
        copies.append(await world.rows(ballot))
    return copies


class TestTheRowsOfTheBox:
    async def test_there_is_a_place_for_every_voter_from_the_first_cast_on(self, world: World):
        await world.open()
        assert [len(copy) for copy in await vote(world)] == [len(PEOPLE)] * len(CHOICES)

    async def test_they_know_no_time_no_order_and_no_person(self, world: World):
        columns = await world.spy.fetch(
            "select column_name, data_type, column_default from information_schema.columns where table_schema = 'service' and table_name = 'ballot_box'"
        )
        assert sorted(tuple(column) for column in columns) == [
            ("ballot_id", "text", None),
            ("choice", "bytea", None),
            ("key", "bytea", None),
            ("org_id", "text", None),
        ]

    async def test_all_of_them_are_of_one_transaction_after_every_cast(self, world: World):
        await world.open()
        for copy in await vote(world):
            assert (len({row["xmin"] for row in copy}), len({row["cmin"] for row in copy})) == (1, 1)

    async def test_they_lie_in_the_order_of_their_random_keys(self, world: World):
        await world.open()
        for copy in await vote(world):
            placed = sorted(copy, key=lambda row: tuple(map(int, re.findall(r"\d+", row["ctid"]))))
            first_page = [row["key"] for row in placed if row["ctid"].startswith("(0,")]
            assert first_page == sorted(first_page)

    async def test_no_key_and_no_byte_of_a_paper_outlives_a_cast(self, world: World):
        await world.open()
        copies = await vote(world)
        keys = [row["key"] for copy in copies for row in copy]
        choices = [row["choice"] for copy in copies for row in copy]
        assert len(set(keys)) == len(keys) == len(PEOPLE) * len(CHOICES)
        assert len(set(choices)) == len(choices)

    async def test_papers_empty_places_and_all_choices_are_equally_long(self, world: World):
        await world.open()
        assert len({len(row["choice"]) for copy in await vote(world) for row in copy}) == 1

    async def test_what_the_heap_still_holds_of_earlier_boxes_opens_for_nobody_after_the_close(self, world: World):
        await world.open()
        copies = await vote(world)
        await world.close()
        assert world.parts.keys.cipher(key_name(A, BALLOT), create=False) is None
        [opened, *_] = [fact.event for fact in await world.parts.books.read(A, "ballot-b1")]
        assert isinstance(opened, BallotOpened)
        cipher = world.parts.keys.cipher("ballot/another", create=True)
        assert cipher is not None
        for row in copies[-1]:
            with pytest.raises(InvalidTag):
                Sealer(cipher, A, opened).open(row["choice"])

    async def test_the_file_of_the_table_holds_no_choice_while_the_ballot_is_open(self, world: World):
        await world.open(kind=BallotKind.ELECTION, candidates=(PEOPLE[8], PEOPLE[9]))
        await world.cast(PEOPLE[1], PEOPLE[8], receipt=RECEIPT)
        await world.spy.execute("checkpoint")
        heap = await world.spy.fetchval("select pg_read_binary_file(pg_relation_filepath('service.ballot_box'))")
        assert b"C-A" in heap
        assert PEOPLE[8].encode() not in heap
        assert bytes.fromhex(RECEIPT) not in heap

    async def test_the_published_rows_are_all_of_the_transaction_that_closed_it(self, world: World):
        await world.open()
        await vote(world)
        await world.close()
        rows = await world.rows()
        assert (len(rows), len({row["xmin"] for row in rows}), len({row["cmin"] for row in rows})) == (len(CHOICES), 1, 1)
        assert [row["key"] for row in rows] == sorted(row["key"] for row in rows)


class TestTheOrderOfThePapers:
    async def test_the_newest_paper_is_published_anywhere(self):
        """Six papers, thousands of boxes: the last one cast takes every place equally often."""
        places: Counter[int] = Counter()
        for _ in range(3_000):
            papers: list[Any] = [None] * 12
            for number in range(6):
                papers = put(papers, marked(f"o{number}"))
            order = [paper.choice for paper in box_of(A, PAPER, filter(None, papers)).papers]
            places[order.index((OptionCode("o5"),))] += 1
        assert min(places.values()) > 400
        assert max(places.values()) < 600

    async def test_a_new_paper_takes_any_empty_place(self):
        paper = marked("yes")
        taken = Counter(put([None] * 4, paper).index(paper) for _ in range(2_000))
        assert min(taken[place] for place in range(4)) > 400


class TestTheRecord:
    async def test_the_idempotency_record_is_the_same_whatever_was_chosen(self, world: World):
        """Its hash is of a command that has no choice in it, so trying all choices finds nothing."""
        await world.open()
        await world.cast(PEOPLE[1], "no", key="k1")
        stored = await world.spy.fetchval("select fingerprint from record.command where key = 'k1'")
        assert stored == _fingerprint(MarkVoted(occurred_on=today(), ballot_id=BALLOT, person_id=PEOPLE[1]), member(PEOPLE[1]))

    async def test_two_ballots_with_opposite_choices_look_the_same_until_they_are_closed(self, world: World):
        """Every page, command, journal entry and answer: but for names of things and random bytes nothing differs."""
        told = []
        for ballot, choice in (("x1", "yes"), ("x2", "no")):
            await world.open(ballot)
            for person in CHOICES:
                await world.cast(person, choice, ballot=ballot)
            await world.bind()
            told.append(await everything(world, ballot))
        assert told[0] == told[1]

    async def test_no_table_of_the_database_holds_a_choice_before_the_close(self, world: World):
        """Options are on the record from the opening on; nothing that came later may name one."""
        await world.open(options=(CANARY, "heron"))
        before = await dump(world)
        await world.cast(PEOPLE[1], "o1", receipt=RECEIPT)
        await world.cast(PEOPLE[2], "o2")
        await world.bind()
        new = {table: rows - before[table] for table, rows in (await dump(world)).items()}
        assert sum(map(len, new.values())) > 10
        found = [row for rows in new.values() for row in rows if re.search(rf"{CANARY}|heron|\bo1\b|\bo2\b|{RECEIPT}", row)]
        assert found == []

    async def test_the_closing_does_not_say_who(self, world: World):
        await world.open()
        await vote(world)
        await world.close()
        [*_, closing] = await world.spy.fetch("select entry from record.page where stream = 'ballot-b1' order by page")
        content = (closing["entry"] + await world.door.box(SECRETARY, A, BALLOT)).decode()
        assert [person for person in CHOICES if person in content] == []


async def everything(world: World, ballot: str) -> list[str]:
    """What there is about a ballot in the record and in answers, with names, hashes, times and random bytes taken out."""
    entries = await world.spy.fetch("select entry, ordinal, type from record.page where stream = $1 order by page", f"ballot-{ballot}")
    commands = await world.spy.fetch(
        "select c.events, length(c.key) > 0 as keyed from record.command c join record.page p using (xid, cmd) where p.stream = $1 order by p.page",
        f"ballot-{ballot}",
    )
    listed = [one for one in await world.door.listed(SECRETARY, A) if one.opened is not None and one.opened.ballot_id == ballot]
    lines = [bytes(row["entry"]).decode() for row in entries] + [f"{dict(row)}" for row in commands] + [f"{one}" for one in listed]
    return [_plain(line, ballot) for line in lines]


def _plain(line: str, ballot: str) -> str:
    line = line.replace(ballot, "BALLOT")
    line = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,64}", "HEX", line)
    line = re.sub(r'"at":\d+|"page":\d+', "N", line)
    return re.sub(r"frozenset\(\{(.*?)\}\)", lambda found: str(sorted(found[1].split(", "))), line)


async def dump(world: World) -> dict[str, set[str]]:
    """All rows of all our tables as text, bytes both in hex and as they are."""
    tables = await world.spy.fetch(
        "select schemaname, tablename from pg_tables where schemaname in ('record', 'service', 'views', 'public')"
    )
    found: dict[str, set[str]] = {}
    for schema, table in tables:
        rows = await world.spy.fetch(f'select * from "{schema}"."{table}"')
        found[f"{schema}.{table}"] = {" | ".join(_text(value) for value in row.values()) for row in rows}
    return found


def _text(value: Any) -> str:
    return f"{value.hex()} {value.decode(errors='replace')}" if isinstance(value, bytes) else str(value)


class TestBeforeTheClose:
    async def test_there_is_no_result_and_no_box_for_anybody(self, world: World):
        await world.open()
        await vote(world)
        ballot = await world.door.ballot(SECRETARY, A, BALLOT)
        assert (ballot.result, len(ballot.voted)) == (None, len(CHOICES))
        with pytest.raises(Absent):
            await world.door.box(SECRETARY, A, BALLOT)

    async def test_nothing_is_written_to_the_log(self, world: World, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture):
        """Also when the box fails in the middle of a cast."""
        await world.open(kind=BallotKind.ELECTION, candidates=(PEOPLE[8], PEOPLE[9]))
        capfd.readouterr()
        caplog.set_level("DEBUG")
        await world.cast(PEOPLE[1], PEOPLE[8])
        await world.spy.execute("alter table service.ballot_box add constraint full_disk check (octet_length(choice) < 3) not valid")
        with pytest.raises(asyncpg.CheckViolationError) as failed:
            await world.cast(PEOPLE[2], PEOPLE[8])
        said = "".join(capfd.readouterr()) + caplog.text + str(failed.value) + str(failed.value.as_dict())
        assert PEOPLE[8] not in said

    @pytest.mark.filterwarnings("ignore::asyncpg.InterfaceWarning")
    async def test_the_database_is_sent_nothing_that_it_could_log(self, world: World, database_url: str):
        """Every statement with its parameters, as a server that logs them all writes them."""
        await world.open(kind=BallotKind.ELECTION, candidates=(PEOPLE[8], PEOPLE[9]))
        logged: list[str] = []

        async def listen(connection: Any) -> None:
            connection.add_log_listener(lambda _connection, message: logged.append(str(message.as_dict())))

        telling = {"role": "branchbook_app", "log_statement": "all", "client_min_messages": "log"}
        async with asyncpg.create_pool(dsn(database_url), min_size=1, max_size=2, server_settings=telling, setup=listen) as pool:
            clerk = Clerk(pool)
            books = PostgresBooks(pool, clerk)
            parts = replace(world.parts, books=books, reads=pool, bus=Bus(books, world.parts.keys, default_pack()))
            await Ballots(parts).cast(member(PEOPLE[1]), A, BALLOT, marked(PEOPLE[8]), key="k", now=now())
            await clerk.close()
        assert [line for line in logged if "rewrite_box" in line]
        written = [line for line in logged if "rewrite_box" in line or "record.append" in line]
        assert [line for line in written if PEOPLE[8] in line or PEOPLE[8].encode().hex() in line] == []


class TestTheWalls:
    @pytest.mark.parametrize("role", [role for role in ROLES if role not in ("branchbook_owner", "branchbook_app")])
    async def test_no_other_role_reads_a_box(self, world: World, role: str):
        await world.spy.execute(f"set role {role}")
        for table in ("ballot_box", "ballot_seal"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await world.spy.fetch(f"select * from service.{table}")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await world.spy.fetch("select service.rewrite_box('C-A', 'b1', '{}', '{}', true)")

    async def test_the_application_changes_a_box_through_the_function_only(self, database_url: str):
        app = await asyncpg.connect(dsn(database_url), server_settings={"role": "branchbook_app"})
        for table in ("ballot_box", "ballot_seal"):
            for statement in (f"delete from service.{table}", f"update service.{table} set org_id = org_id", f"truncate service.{table}"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    await app.execute(statement)
        await app.close()

    async def test_an_open_box_loses_and_gains_no_place_and_a_final_one_nothing(self, world: World, database_url: str):
        await world.open()
        await vote(world)
        app = await asyncpg.connect(dsn(database_url), server_settings={"role": "branchbook_app"})
        stuff = "select service.rewrite_box('C-A', 'b1', array[decode(repeat('ab', 16), 'hex')], array['x'::bytea], false)"
        with pytest.raises(asyncpg.PostgresError, match="has 12 places"):
            await app.execute(stuff)
        await world.close()
        with pytest.raises(asyncpg.PostgresError, match="is final"):
            await app.execute(stuff)
        await app.close()


class TestFewVoters:
    async def test_with_four_papers_nobody_learns_the_breakdown(self, world: World):
        await world.open(excluded=PEOPLE[4:])
        for person in PEOPLE[:4]:
            await world.cast(person, "yes")
        await world.close()
        result = (await world.door.ballot(SECRETARY, A, BALLOT)).result
        assert result is not None
        assert (result.withheld, result.votes, result.carried) == (True, (), ("yes",))
        assert await world.rows() == []
        with pytest.raises(Absent):
            await world.door.box(SECRETARY, A, BALLOT)

    async def test_the_hash_of_a_withheld_box_cannot_be_guessed(self, world: World):
        """Random keys are part of what is hashed: trying the few possible results finds nothing."""
        await world.open(excluded=PEOPLE[1:])
        await world.cast(PEOPLE[0], "yes")
        await world.close()
        result = (await world.door.ballot(SECRETARY, A, BALLOT)).result
        guesses = [
            {"ballot": "b1", "book": "C-A", "options": ["yes", "no", "abstain"], "papers": [{"choice": [code], "key": "0" * 32}]}
            for code in ("yes", "no", "abstain")
        ]
        assert result is not None
        assert result.box_sha256 not in {hashlib.sha256(canonical(guess)).hexdigest() for guess in guesses}

    async def test_five_papers_are_shown(self, world: World):
        await world.open(excluded=PEOPLE[5:])
        for person in PEOPLE[:5]:
            await world.cast(person, "no")
        await world.close()
        box = json.loads(await world.door.box(SECRETARY, A, BALLOT))
        assert [paper["choice"] for paper in box["papers"]] == [["no"]] * 5


async def test_a_sealed_paper_is_told_from_an_empty_place_with_the_key_only():
    sealer = Sealer(AESGCM(b"k" * 32), A, PAPER)
    blank = marked()
    assert (sealer.open(sealer.seal(None)), sealer.open(sealer.seal(blank))) == (None, blank)
    assert len(sealer.seal(None)) == len(sealer.seal(blank))
    assert sealer.seal(None) != sealer.seal(None)
    assert box_bytes(box_of(A, PAPER, [])) == b'{"ballot":"b1","book":"C-A","options":[],"papers":[]}'
