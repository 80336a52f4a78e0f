"""A branch's year of meetings (三会一课记录, 党课登记表, 主题党日登记表): each row becomes the commands that a clerk would have given."""

import datetime as dt
import re

import msgspec

from events.base import MeetingId, PersonId
from events.meetings import AgendaKind, LeaveReason, LecturerKind, MeetingKind, NoticeMethod, RequiredItem, ThemeDayKind, VoteMethod
from service.decide.base import Command
from service.decide.meetings.attendance import RecordMeetingHeld
from service.decide.meetings.lectures import DeliverLecture, FileLectureScript, HoldThemeDay
from service.decide.meetings.minutes import ArchiveMinutes
from service.decide.meetings.votes import AdoptResolution, DiscussAgendaItem, ImplementResolution, VoteOnMotion
from service.imports import cells
from service.imports.directory import Branch, Directory
from service.imports.parse import Ranked, choice, judged, key, mark_twins, member, members
from service.imports.preview import Row
from service.imports.sheet import Line, Table
from service.imports.workbook import Value

MEETINGS_NEED = ("会议类别", "时间", "主持人")
LECTURES_NEED = ("时间", "主讲人", "题目")
THEME_DAYS_NEED = ("时间", "活动形式", "主题")
TIME = re.compile(r"^(.+?\d日?)(?:\s+(\d{1,2}[:：]\d{2})(?:\s*[-—–~至]\s*(\d{1,2}[:：]\d{2}))?)?$")
REASON = re.compile(r"^(.+?)[（(]([^（()）]+)[)）]$")
VOTE = re.compile(
    r"^(.+?)[:：]应到有表决权(\d+)人[,，]实到(\d+)人[,，]赞成(\d+)票?[,，]反对(\d+)票?[,，]弃权(\d+)票?(?:[（(](\S+?)[)）])?$"
)
MEETING_KIND = choice(
    MeetingKind, ("支部党员大会", MeetingKind.GENERAL), ("支部委员会", MeetingKind.COMMITTEE), ("主题党日活动", MeetingKind.THEME_DAY)
)
THEME_KIND = choice(ThemeDayKind, ("志愿服务", ThemeDayKind.SERVICE), ("外出参观", ThemeDayKind.VISIT))
LEAVES = {reason.zh: reason for reason in LeaveReason}
AGENDA = {kind.zh: kind for kind in AgendaKind}
METHODS = {method.zh: method for method in VoteMethod} | {"举手": VoteMethod.SHOW_OF_HANDS, "票决": VoteMethod.SECRET_PAPER}
ITEMS = {item.zh: item for item in RequiredItem}
CLOSING = 1


class When(msgspec.Struct, frozen=True):
    """Day and, when told, times of a meeting."""

    day: dt.date
    starts_at: str | None = None
    ends_at: str | None = None


class Motion(msgspec.Struct, frozen=True, kw_only=True):
    """One vote as the sheet tells it."""

    title: str
    due: int
    present: int
    yes: int
    no: int
    abstain: int
    method: VoteMethod


Attendance = dict[str, tuple[PersonId, ...]]
"""Field of `RecordMeetingHeld` -> those whom it names."""


def preview_meetings(meetings: list[Table], lectures: list[Table], days: list[Table], branch: Branch, directory: Directory) -> list[Row]:
    """All rows of a workbook. Lectures and theme days hang on the meeting of their day."""
    known: dict[tuple[MeetingKind, dt.date], MeetingId] = {}
    rows = mark_twins([_meeting(line, branch, directory, known) for table in meetings for line in table.lines()])
    rows += mark_twins([_lecture(line, branch, directory, known) for table in lectures for line in table.lines()])
    return rows + mark_twins([_theme_day(line, branch, directory, known) for table in days for line in table.lines()])


def _meeting(line: Line, branch: Branch, directory: Directory, known: dict[tuple[MeetingKind, dt.date], MeetingId]) -> Row:
    when = line.need(_when, "时间")
    kind = line.need(MEETING_KIND, "会议类别")
    items = line.need(_items, "议题") or ()
    commands: list[Command | Ranked] = []
    if when is not None and kind is not None:
        meeting_id = _identity(line, branch, directory, kind, when)
        known.setdefault((kind, when.day), meeting_id)
        held = _held(line, branch, meeting_id, kind, when, items)
        content = _content(line, meeting_id, when.day, items)
        commands = [*([held] if held else []), *content, *_closing(line, branch, meeting_id, when.day)]
    return judged(line, f"{kind.zh if kind else ''} {when.day if when else ''}", branch.org_id, commands, directory)


def _identity(line: Line, branch: Branch, directory: Directory, kind: MeetingKind, when: When) -> MeetingId:
    """The same kind, day, hour and group is the same meeting, in whatever sheet it is told again."""
    group = cells.squeeze(cells.text(line.value("党小组")) or "")
    content = "|".join((kind.value, when.day.isoformat(), when.starts_at or "", group))
    return MeetingId(key("m", branch.org_id, content.encode(), directory.blind))


def _held(
    line: Line, branch: Branch, meeting_id: MeetingId, kind: MeetingKind, when: When, items: tuple[tuple[AgendaKind, str], ...]
) -> Command | None:
    chair = line.need(member(branch), "主持人")
    recorder = line.need(member(branch), "记录人")
    group = line.read(lambda value: branch.group(str(value)) if cells.text(value) else None, "党小组")
    if kind is MeetingKind.GROUP and group is None and not line.faults:
        line.fail("党小组会须写明党小组", "a group meeting names its group", "党小组")
    before = len(line.faults)
    away = line.read(lambda value: _leave(value, branch), "请假人员及原因") or {}
    absent = line.read(members(branch), "缺席人员") or ()
    present = None if len(line.faults) > before else _count_present(line, sum(map(len, away.values())) + len(absent))
    observers = line.read(members(branch), "列席人员") or ()
    notice = line.read(cells.date, "通知日期")
    method = line.read(choice(NoticeMethod), "通知方式") or NoticeMethod.MESSAGE
    if chair is None or recorder is None or line.faults:
        return None
    return RecordMeetingHeld(
        occurred_on=when.day,
        meeting_id=meeting_id,
        kind=kind,
        topic=items[0][1] if items else kind.zh,
        group_id=group if kind is MeetingKind.GROUP else None,
        place=line.read(cells.text, "地点"),
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        chair=chair.person_id,
        delegation_note=line.read(cells.text, "委托记录"),
        recorder=recorder.person_id,
        present_count=present,
        observers=tuple(person.person_id for person in observers),
        absent=tuple(person.person_id for person in absent),
        excused_official=away.get("excused_official", ()),
        excused_sick=away.get("excused_sick", ()),
        excused_personal=away.get("excused_personal", ()),
        excused_other=away.get("excused_other", ()),
        notice_sent_on=notice,
        notice_method=method,
    )


def _count_present(line: Line, away: int) -> int | None:
    """Present, excused and absent add up to those due, by the sheet's own figures (INV-010)."""
    due, present = line.read(cells.count, "应到人数"), line.read(cells.count, "实到人数")
    if due is not None and present is not None and present + away != due:
        line.fail(
            f"应到{due}人，实到{present}人，请假和缺席{away}人，合计不符",
            f"{due} due, {present} present, {away} excused or absent: they do not add up",
            "实到人数",
        )
    return present


def _content(line: Line, meeting_id: MeetingId, day: dt.date, items: tuple[tuple[AgendaKind, str], ...]) -> list[Command]:
    """Agenda, votes, resolutions."""
    summary = line.read(cells.text, "发言摘要", "讨论情况")
    motions = line.read(_motions, "表决情况", "表决") or ()
    matter = items[-1][0] if items else AgendaKind.OTHER
    commands: list[Command] = [
        DiscussAgendaItem(occurred_on=day, meeting_id=meeting_id, kind=kind, title=title, summary=summary if n == 0 else None)
        for n, (kind, title) in enumerate(items)
    ]
    commands += [
        VoteOnMotion(
            occurred_on=day,
            meeting_id=meeting_id,
            matter=matter,
            title=motion.title,
            method=motion.method,
            yes=motion.yes,
            no=motion.no,
            abstain=motion.abstain,
            voters_due=motion.due,
            voters_present=motion.present,
        )
        for motion in motions
    ]
    resolutions = _paragraphs(line.read(cells.text, "决议"))
    return commands + [
        AdoptResolution(occurred_on=day, meeting_id=meeting_id, text=text, motion_no=n if n <= len(motions) else None)
        for n, text in enumerate(resolutions, start=1)
    ]


def _closing(line: Line, branch: Branch, meeting_id: MeetingId, day: dt.date) -> list[Ranked]:
    """What was carried out, and the minutes on file."""
    commands: list[Ranked] = []
    filed = line.read(cells.date, "归档日期")
    done = line.read(cells.text, "落实情况")
    if done and line.read(cells.text, "决议"):
        commands.append((ImplementResolution(occurred_on=filed or day, meeting_id=meeting_id, resolution_no=1, result=done), CLOSING))
    if filed is not None:
        by = line.need(member(branch), "归档人", "记录人")
        text = line.read(cells.text, "发言摘要", "讨论情况") or line.read(cells.text, "决议") or line.read(cells.text, "议题")
        if by is not None:
            commands.append((ArchiveMinutes(occurred_on=filed, meeting_id=meeting_id, archived_by=by.person_id, text=text), CLOSING + 1))
    return commands


def _lecture(line: Line, branch: Branch, directory: Directory, known: dict[tuple[MeetingKind, dt.date], MeetingId]) -> Row:
    when = line.need(_when, "时间")
    meeting_id = _meeting_of(line, MeetingKind.LECTURE, when, known)
    capacity = line.need(
        choice(LecturerKind, ("支部书记", LecturerKind.SECRETARY), ("上级领导", LecturerKind.SUPERIOR_LEADER)), "主讲人身份"
    )
    inside = capacity in {LecturerKind.SECRETARY, LecturerKind.MEMBER}
    lecturer = line.need(member(branch), "主讲人") if inside else None
    title = line.need(cells.text, "题目")
    heads, minutes = line.read(cells.count, "听课人数"), line.read(cells.count, "授课分钟")
    script = line.read(cells.text, "讲稿")
    commands: list[Command] = []
    if when and meeting_id and capacity and title and not line.faults:
        office = None if inside else line.need(cells.text, "主讲人")
        commands.append(
            DeliverLecture(
                occurred_on=when.day,
                meeting_id=meeting_id,
                title=title,
                lecturer_kind=capacity,
                lecturer_id=lecturer.person_id if lecturer else None,
                lecturer_title=office,
                class_minutes=minutes,
                audience_count=heads,
            )
        )
        commands += [FileLectureScript(occurred_on=when.day, meeting_id=meeting_id, script=script)] if script else []
    return judged(line, title or "", branch.org_id, commands, directory)


def _theme_day(line: Line, branch: Branch, directory: Directory, known: dict[tuple[MeetingKind, dt.date], MeetingId]) -> Row:
    when = line.need(_when, "时间")
    meeting_id = _meeting_of(line, MeetingKind.THEME_DAY, when, known)
    form = line.need(THEME_KIND, "活动形式")
    theme = line.need(cells.text, "主题")
    items = line.read(_required, '"7+X"规定动作', "“7+X”规定动作", "规定动作") or ()
    heads, reflections = line.read(cells.count, "参加人数"), line.read(cells.count, "心得体会份数")
    commands: list[Command] = []
    if when and meeting_id and form and theme:
        commands.append(
            HoldThemeDay(
                occurred_on=when.day,
                meeting_id=meeting_id,
                theme=theme,
                kind=form,
                required_items=items,
                x_items=line.read(cells.text, "X自选内容"),
                participants=heads,
                record=line.read(cells.text, "活动记录"),
                reflections=reflections or 0,
                publicity=line.read(cells.text, "宣传信息"),
            )
        )
    return judged(line, theme or "", branch.org_id, commands, directory)


def _meeting_of(line: Line, kind: MeetingKind, when: When | None, known: dict[tuple[MeetingKind, dt.date], MeetingId]) -> MeetingId | None:
    if when is None:
        return None
    found = known.get((kind, when.day))
    if found is None:
        line.fail(f"三会一课记录中没有{when.day}的{kind.zh}", f"the register has no {kind.en.lower()} on {when.day}", "时间")
    return found


def _when(value: Value) -> When | None:
    """`2026-02-10 14:30-16:00`, or a day alone."""
    if value is None or not isinstance(value, str):
        day = cells.date(value)
        return None if day is None else When(day)
    match = TIME.match(value.strip())
    day = cells.date(match.group(1) if match else value)
    if day is None:
        return None
    return When(day, *(_clock(time) for time in match.groups()[1:])) if match else When(day)


def _clock(time: str | None) -> str | None:
    if time is None:
        return None
    hour, minute = time.replace("：", ":").split(":")
    if int(hour) > 23 or int(minute) > 59:
        raise cells.Misread(f"时间“{time}”有误", f"“{time}” is no time of day")
    return f"{int(hour):02d}:{minute}"


def _items(value: Value) -> tuple[tuple[AgendaKind, str], ...] | None:
    """One agenda item a line, `类别：标题` or a bare title."""
    found = []
    for shown in _paragraphs(cells.text(value)):
        kind, _, title = shown.replace(":", "：").partition("：")
        found.append((AGENDA[kind], title) if kind in AGENDA and title else (AgendaKind.OTHER, shown))
    return tuple(found) or None


def _paragraphs(shown: str | None) -> list[str]:
    lines = [re.sub(r"^\s*\d+[.、．]\s*", "", part).strip() for part in (shown or "").splitlines()]
    return [part for part in lines if part]


def _leave(value: Value, branch: Branch) -> Attendance:
    """`张三（事假）、李四（病假）`; another reason counts as other."""
    found: Attendance = {}
    for shown in cells.words(value):
        match = REASON.match(shown)
        name, why = (match.group(1), match.group(2)) if match else (shown, "")
        if match and re.fullmatch(r"\d{3}[\dXx]", why):
            name, why = shown, ""
        field = f"excused_{LEAVES.get(why.strip(), LeaveReason.OTHER).value}"
        found[field] = (*found.get(field, ()), branch.person(name).person_id)
    return found


def _motions(value: Value) -> tuple[Motion, ...]:
    return tuple(_motion(shown) for shown in _paragraphs(cells.text(value)))


def _motion(shown: str) -> Motion:
    match = VOTE.match(cells.squeeze(shown))
    if match is None:
        raise cells.Misread(
            f"表决情况“{shown}”应写作“事项：应到有表决权n人，实到n人，赞成n票，反对n票，弃权n票（方式）”",
            "a vote is written as: motion, voters due, voters present, for, against, abstained, method",
        )
    title, due, present, yes, no, abstain, method = match.groups()
    how = METHODS.get(method or "举手表决")
    if how is None:
        raise cells.Misread(f"表决方式“{method}”无法识别", f"“{method}” is no method of voting")
    return Motion(title=title, due=int(due), present=int(present), yes=int(yes), no=int(no), abstain=int(abstain), method=how)


def _required(value: Value) -> tuple[RequiredItem, ...]:
    found = []
    for shown in cells.words(value):
        if shown not in ITEMS:
            raise cells.Misread(f"规定动作“{shown}”不在七项之内", f"“{shown}” is none of the seven set items")
        found.append(ITEMS[shown])
    return tuple(found)
