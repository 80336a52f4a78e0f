"""A form is made from the command alone, reads what was typed exactly, and says every mistake beside its field."""

import datetime as dt
from typing import Annotated, ClassVar

import msgspec
import pytest

from admin import words
from admin.fields import Widget, command_fields
from admin.forms import blank, explain, fen, read, yuan
from events.base import Choice, Fen, GroupId, LetterId, LongText, MeetingId, Month, OrgId, PersonId, Sensitive, Text
from events.dues import EntryId
from events.meetings import ClockTime
from service.decide.base import Command, label

TODAY = dt.date(2026, 7, 3)


class Colour(Choice):
    RED = "red", "红", "Red"
    BLUE = "blue", "蓝", "Blue"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    month: Annotated[Month, label("月份", "Month")]
    amount_fen: Annotated[Fen, label("金额", "Amount")]


class PaintWall(Command, frozen=True, kw_only=True, tag="paint-wall"):
    zh: ClassVar[str] = "刷墙"
    en: ClassVar[str] = "Paint a wall"

    painter: Annotated[PersonId, label("油漆工", "Painter", help_zh="本支部党员", help_en="A member")]
    colour: Annotated[Colour, label("颜色", "Colour")]
    price_fen: Annotated[Fen, label("价格", "Price")]
    coats: Annotated[int, label("遍数", "Coats", ge=1, le=3)] = 2
    helpers: Annotated[tuple[PersonId, ...], label("帮手", "Helpers")] = ()
    colours: Annotated[tuple[Colour, ...], label("备选颜色", "Other colours")] = ()
    month: Annotated[Month | None, label("月份", "Month")] = None
    starts_at: Annotated[ClockTime | None, label("开始时间", "Starts at")] = None
    note: Annotated[LongText | None, label("说明", "Note")] = None
    title: Annotated[Text, label("标题", "Title", min_length=2)]
    phone: Annotated[Sensitive | None, label("电话", "Phone")] = None
    dry: Annotated[bool, label("已干", "Dry")] = False
    counted: Annotated[bool | None, label("计入", "Counts")] = None
    entry_id: Annotated[EntryId | None, label("编号", "Entry id", max_length=64)] = None
    paid: Annotated[EntryId | None, label("交纳", "Payment")] = None
    education: Annotated[str | None, label("学历", "Education")] = None
    instalments: Annotated[tuple[Part, ...], label("分期", "Instalments")] = ()
    value: Annotated[int | str | bool | list[int], label("值", "Value")] = 0
    until: Annotated[dt.date | None, label("截止", "Until")] = None
    group_id: Annotated[GroupId | None, label("党小组", "Group")] = None
    meeting_id: Annotated[MeetingId | None, label("会议", "Meeting")] = None
    to: Annotated[OrgId | None, label("去向", "To")] = None
    letter: Annotated[LetterId | None, label("介绍信", "Letter")] = None


TYPED = {"occurred_on": ["2026-07-01"], "painter": ["p1"], "colour": ["red"], "price_fen": ["1,234.50"], "title": ["东墙"], "coats": ["2"]}


@pytest.fixture(autouse=True)
def english():
    words.use("en")


def form(**typed):
    return read(PaintWall, TYPED | typed)


def widget(name):
    return next(field.widget for field in command_fields(PaintWall) if field.name == name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("occurred_on", Widget.DATE),
        ("painter", Widget.PERSON),
        ("colour", Widget.CHOICE),
        ("price_fen", Widget.MONEY),
        ("coats", Widget.COUNT),
        ("helpers", Widget.PERSON),
        ("colours", Widget.CHOICE),
        ("month", Widget.MONTH),
        ("starts_at", Widget.TIME),
        ("note", Widget.LONG),
        ("title", Widget.TEXT),
        ("phone", Widget.TEXT),
        ("dry", Widget.FLAG),
        ("counted", Widget.DETERMINED),
        ("entry_id", Widget.TEXT),
        ("paid", Widget.PAYMENT),
        ("education", Widget.CODE),
        ("instalments", Widget.ROWS),
        ("value", Widget.VALUE),
        ("until", Widget.DATE),
        ("group_id", Widget.GROUP),
        ("meeting_id", Widget.MEETING),
        ("to", Widget.ORG),
        ("letter", Widget.LETTER),
        ("late_reason", Widget.LONG),
    ],
)
def test_the_type_of_a_field_says_how_it_is_filled_in(name, expected):
    assert widget(name) == expected


def test_the_date_comes_first_and_the_reason_for_lateness_last():
    names = [field.name for field in command_fields(PaintWall)]
    assert (names[0], names[1], names[-1]) == ("occurred_on", "painter", "late_reason")


def test_only_what_the_command_insists_on_is_marked_as_required():
    assert {field.name for field in command_fields(PaintWall) if field.required} == {
        "occurred_on",
        "painter",
        "colour",
        "price_fen",
        "title",
    }


def test_labels_and_help_come_from_the_command_in_both_languages():
    painter = command_fields(PaintWall)[1]
    assert (painter.zh, painter.en, painter.help_zh, painter.help_en) == ("油漆工", "Painter", "本支部党员", "A member")


def test_a_field_that_some_event_seals_as_sensitive_is_never_kept_as_a_draft():
    private = {field.name for field in command_fields(PaintWall) if field.private}
    assert private >= {"phone"}
    assert private.isdisjoint({"occurred_on", "painter", "colour", "price_fen", "title", "meeting_id"})


def test_an_id_that_only_programs_give_is_folded_away():
    assert [field.name for field in command_fields(PaintWall) if field.set_aside] == ["entry_id"]


def test_a_blank_form_holds_today_the_defaults_and_what_the_link_knew():
    page = blank(PaintWall, TODAY, {"painter": ["p7"]})
    assert [page.field(name).values for name in ("occurred_on", "painter", "coats", "dry", "helpers")] == [
        ["2026-07-03"],
        ["p7"],
        ["2"],
        [],
        [],
    ]


def test_what_was_typed_becomes_the_command():
    page, command = form(
        helpers=["p2", "p3"],
        colours=["blue"],
        month=["2026-07"],
        starts_at=["14:30"],
        dry=["on"],
        counted=["no"],
        until=["2026-08-01"],
        **{
            "instalments.0.month": ["2026-07"],
            "instalments.0.amount_fen": ["0.5"],
            "instalments.1.month": [""],
            "instalments.1.amount_fen": [""],
        },
    )
    assert page.wrong == []
    assert command == PaintWall(
        occurred_on=dt.date(2026, 7, 1),
        painter=PersonId("p1"),
        colour=Colour.RED,
        price_fen=123450,
        title="东墙",
        helpers=(PersonId("p2"), PersonId("p3")),
        colours=(Colour.BLUE,),
        month="2026-07",
        starts_at="14:30",
        dry=True,
        counted=False,
        until=dt.date(2026, 8, 1),
        instalments=(Part(month="2026-07", amount_fen=50),),
    )


def test_an_empty_optional_field_takes_the_default():
    _, command = form(coats=[""], note=["  "], counted=[""])
    assert (command.coats, command.note, command.counted) == (2, None, None)


@pytest.mark.parametrize(
    ("name", "text", "error"),
    [
        ("occurred_on", "", "Please fill this in."),
        ("occurred_on", "2026-02-30", "This is not a date."),
        ("painter", " ", "Please fill this in."),
        ("colour", "green", "Choose one of the list."),
        ("price_fen", "12.345", "At most two decimals: 1 yuan has 100 fen."),
        ("price_fen", "twelve", "Write an amount in yuan, such as 12.50."),
        ("price_fen", "1e9", "Write an amount in yuan, such as 12.50."),
        ("price_fen", "NaN", "Write an amount in yuan, such as 12.50."),
        ("price_fen", "100000000000.01", "At most 10000000000000."),
        ("coats", "4", "At most 3."),
        ("coats", "0", "At least 1."),
        ("coats", "2.5", "Write a whole number."),
        ("title", "墙", "At least 2 characters."),
        ("title", "墙" * 201, "At most 200 characters."),
        ("month", "2026-13", "This is not in the form that is expected."),
        ("starts_at", "25:00", "This is not in the form that is expected."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_typed_is_lost(name, text, error):
    page, command = form(**{name: [text]})
    assert command is None
    assert [(bound.field.name, bound.errors) for bound in page.wrong] == [(name, [error])]
    assert page.field(name).value == text
    assert page.field("title").value or name == "title"


def test_a_mistake_in_a_row_is_said_in_that_row():
    page, command = form(**{"instalments.0.month": ["2026-07"], "instalments.0.amount_fen": ["x"]})
    assert command is None
    assert page.field("instalments").rows[0][1].errors == ["Write an amount in yuan, such as 12.50."]


def test_a_refusal_stands_beside_the_fields_that_it_names_else_above_the_form():
    page, _ = form()
    page.blame(("price_fen", "coats"), "no")
    page.blame(("stranger",), "never")
    assert (page.field("price_fen").errors, page.field("coats").errors, page.faults) == (["no"], ["no"], ["never"])


@pytest.mark.parametrize(
    ("text", "amount"), [("12", 1200), ("0.01", 1), ("-3.5", -350), ("１２．５０", 1250), ("¥1,000", 100000), ("8.10元", 810)]
)
def test_yuan_become_fen_exactly(text, amount):
    assert fen(text) == amount


@pytest.mark.parametrize(("amount", "text"), [(1, "0.01"), (-350, "-3.50"), (123450, "1234.50"), (0, "0.00")])
def test_fen_stand_in_the_form_as_yuan(amount, text):
    assert yuan(amount) == text


@pytest.mark.parametrize(("text", "value"), [("3", 3), ("true", True), ("[1, 2]", [1, 2]), ("words", "words")])
def test_the_value_of_a_setting_keeps_its_type(text, value):
    _, command = form(value=[text])
    assert command.value == value


def test_an_unknown_complaint_is_still_said_in_plain_words():
    assert explain("Object missing required field") == "This is not in the form that is expected."
