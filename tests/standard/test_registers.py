"""The registers' names are data: the pack names each register of the program once, and what it says is what is shown."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from projections.ledgers.catalog import REGISTERS, register
from projections.standard import registers
from projections.standard.comparing import Change, How, Kind, check, diff
from projections.standard.history import rewritten
from projections.standard.pack import assemble, default_pack, recorded
from projections.standard.reading import PackError
from tests.standard.drafts import RENAMED, ROLL, SHIPPED, draft, files, write

AWARDS = '  { id = "L09.awards", zh = "表彰奖励登记表", en = "Awards" },\n'


def older() -> dict[str, str]:
    """The files of a version from before registers were named."""
    text = SHIPPED["norms.toml"]
    ledgers = [f'  {{ id = "{one.id}", zh = "{one.zh}", en = "{one.en}" }},' for one in default_pack().standard.ledger]
    told = "\n".join(["ledger = [", *ledgers, "]", "", ""])
    return {**SHIPPED, "norms.toml": text[: text.index("[[ledger]]")] + told + text[text.index("[[norm]]") :]}


def line(text: str) -> int:
    return SHIPPED["norms.toml"].splitlines().index(text.rstrip("\n")) + 1


def test_the_pack_names_the_registers_that_the_ledgers_keep():
    kept = [f"{one.ledger}.{one.code}" for one in REGISTERS]
    assert kept == list(registers.REGISTERS) == [one.id for ledger in default_pack().standard.ledger for one in ledger.register]
    assert len(kept) == 73


def test_a_register_is_called_as_the_pack_says():
    roll = register("L01", "roll")
    assert roll is not None
    assert (roll.zh, roll.en) == ("党员花名册", "Roll of members")


@pytest.mark.parametrize(
    ("old", "new", "at", "reason"),
    [
        (ROLL, "", 'id = "L01"', "L01 has no name for the register L01.roll"),
        (ROLL, ROLL + ROLL, ROLL + ROLL, "L01.roll stands twice"),
        (ROLL, ROLL + ROLL.replace("roll", "rolls"), ROLL.replace("roll", "rolls"), "the program keeps no register L01.rolls"),
        (ROLL, ROLL + ROLL.replace("L01.roll", "L09.awards"), 'id = "L01"', "L09.awards stands under L01"),
        (ROLL, ROLL.replace("党员花名册", ""), ROLL.replace("党员花名册", ""), "length >= 1"),
        (ROLL, ROLL.replace("党员花名册", "党员\\n名册"), ROLL.replace("党员花名册", "党员\\n名册"), "matching regex"),
        (ROLL, ROLL.replace('en = "Roll', 'title = "Roll'), ROLL.replace('en = "Roll', 'title = "Roll'), "unknown field `title`"),
        (ROLL, ROLL.replace("L01.roll", "roll"), ROLL.replace("L01.roll", "roll"), "matching regex"),
        ('id = "L02"', 'id = "L01"', 'id = "L01"', "L01 stands twice"),
    ],
)
def test_a_wrong_name_is_refused_with_file_line_and_reason(tmp_path: Path, old: str, new: str, at: str, reason: str):
    wrong = files(("norms.toml", old, new))
    write(tmp_path, wrong)
    found = check(tmp_path)
    assert (found.ok, found.file) == (False, "norms.toml")
    assert reason in found.reason
    lines = wrong["norms.toml"].splitlines()
    assert found.line is not None
    assert lines[found.line - 1] == at.splitlines()[0]
    if reason.endswith("twice"):
        assert lines.index(lines[found.line - 1]) < found.line - 1


def test_another_name_is_told_as_a_change_and_rewrites_nothing():
    renamed = draft(RENAMED)
    of_zh, of_en = diff(default_pack(), renamed)
    assert of_zh == Change(
        kind=Kind.REGISTER,
        id="L01.roll",
        how=How.CHANGED,
        field="zh",
        before="党员花名册",
        after="党员名册：甲/乙",
        file="norms.toml",
        line=line(ROLL),
        reason='zh was "党员花名册" and is "党员名册：甲/乙"',
    )
    assert (of_en.field, of_en.after, of_en.line) == ("en", "Who belongs", of_zh.line)
    assert rewritten(default_pack(), renamed) == []


def test_another_name_of_a_ledger_is_told_as_a_change():
    found = diff(default_pack(), draft(("norms.toml", "Award ledger", "Ledger of awards")))
    assert [(one.kind, one.id, one.field, one.line) for one in found] == [(Kind.LEDGER, "L09", "en", line('id = "L09"'))]


SHOWN = """
import io, json, sys
import openpyxl
from projections.standard.pack import adopt
adopt(json.load(sys.stdin))
from admin import words
from admin.rows import as_xlsx
from projections.ledgers.catalog import register
from service.exports.sheet import xlsx_bytes
roll = register("L01", "roll")
titles = []
for lang in ("zh", "en"):
    words.use(lang)
    titles.append(words.named(roll))
books = [as_xlsx(roll, []), xlsx_bytes(roll.zh, [], [])]
print(json.dumps([*titles, *(openpyxl.load_workbook(io.BytesIO(book)).active.title for book in books)]))
"""


def test_a_process_that_adopts_another_name_shows_it():
    asked = subprocess.run(
        [sys.executable, "-c", SHOWN],
        input=json.dumps(files(RENAMED)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(asked.stdout) == ["党员名册：甲/乙", "Who belongs", "党员名册：甲 乙", "党员名册：甲 乙"]


class TestOlder:
    """A version that was published before a register had a name in the pack, or before there was that register."""

    def test_it_takes_the_names_of_the_pack_that_ships_and_keeps_its_digest(self):
        found = recorded(older())
        assert found.registers == default_pack().registers
        assert found.texts == older()
        assert diff(found, default_pack()) == []

    def test_it_keeps_the_names_that_it_has(self):
        later = recorded(files(RENAMED, ("norms.toml", AWARDS, "")))
        assert (later.registers["L01.roll"].en, later.registers["L09.awards"].en) == ("Who belongs", "Awards")

    def test_a_name_for_what_there_is_not_is_still_refused(self):
        with pytest.raises(PackError, match=r"the program keeps no register L01\.rolls"):
            recorded(files(("norms.toml", ROLL, ROLL + ROLL.replace("roll", "rolls"))))

    def test_a_new_draft_made_of_it_names_them(self):
        with pytest.raises(PackError, match=r"L01 has no name for the register L01\.branch") as told:
            assemble(older())
        assert told.value.line == line('id = "L01"')
