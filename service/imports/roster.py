"""The official roster 《党员基本信息汇总表》: each line puts a member on the roll of the branch that it names."""

import datetime as dt
import re
from collections.abc import Callable

import msgspec

from events.base import GroupId, OrgId, PersonId
from events.members import MemberStatus, Sex
from service.decide.base import Command
from service.decide.members.roll import RegisterMember
from service.decide.members.standing import SuspendMembership
from service.imports import cells
from service.imports.directory import Branch, Directory
from service.imports.entries import ID_NUMBER, Entry, read_entry
from service.imports.parse import judged, key
from service.imports.preview import Fault, Row, State
from service.imports.sheet import Line, Table
from service.imports.workbook import Unreadable, Value

ROSTER_NEED = ("姓名", "公民身份证号", "人员类别")
AS_OF = re.compile(r"汇总日期[:：]\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
GROUP = ("所在党小组", "党小组")
STANDINGS = ("正常", "停止党籍")


def preview_roster(tables: list[Table], directory: Directory, org_id: OrgId | None) -> list[Row]:
    """All lines. A number that stands twice, or in the book already, is not registered again."""
    rows: list[Row] = []
    seen: dict[str, Line] = {}
    for table in tables:
        as_of = _as_of(table)
        rows += [_member(line, as_of, directory, org_id, seen) for line in table.lines()]
    return rows


def _as_of(table: Table) -> dt.date:
    """From this day on the members count in the books."""
    match = AS_OF.search(table.above())
    if match is None:
        raise Unreadable("表头须填写“汇总日期：  年  月  日”", "the roster has to say as of which day it is (汇总日期)")
    try:
        return dt.date(int(match.group(1)), int(match.group(2)), int(match.group(3)))
    except ValueError as wrong:
        raise Unreadable("汇总日期不存在", "there is no such day as the roster says it is of") from wrong


def _member(line: Line, as_of: dt.date, directory: Directory, org_id: OrgId | None, seen: dict[str, Line]) -> Row:
    entry = read_entry(line)
    named = cells.text(line.value("所在党支部"))
    branch = directory.branch(org_id) if org_id is not None and named is None else line.need(_branch(directory, org_id), "所在党支部")
    title = cells.text(line.value("姓名")) or ""
    if entry is None or branch is None:
        return judged(line, title, OrgId(""), (), directory)
    twin = seen.setdefault(entry.id_number, line)
    if twin is not line:
        line.fail(f"与第{twin.number}行的公民身份号码相同", f"the same ID number stands in row {twin.number}", *ID_NUMBER)
        return _not_again(line, title, State.DUPLICATE if _same(line, twin) else State.ERROR)
    homes = [b for b in (branch, *directory.branches) if any(m.id_number == entry.id_number for m in b.members)]
    if homes:
        home = homes[0]
        line.fail(f"该党员已在{home.name}登记", f"the member is on the roll of {home.name} already", *ID_NUMBER)
        return _not_again(line, title, State.DUPLICATE if home.org_id == branch.org_id else State.ERROR)
    return judged(line, title, branch.org_id, _commands(line, entry, branch, as_of, directory), directory)


def _branch(directory: Directory, org_id: OrgId | None) -> Callable[[Value], Branch | None]:
    """Reads the branch that a line names; when one was chosen, it must be that one."""

    def parse(value: Value) -> Branch | None:
        shown = cells.text(value)
        if shown is None:
            return None
        found = directory.named(shown)
        if org_id is not None and found.org_id != org_id:
            raise cells.Misread(f"该行属于{found.name}，不是所选党支部", f"this row belongs to {found.name}, not to the chosen branch")
        return found

    return parse


def _same(line: Line, twin: Line) -> bool:
    """Whether two lines say the same, their running numbers aside."""
    headings = [heading for heading in line.table.columns if heading != "序号"]
    return all(line.value(heading) == twin.value(heading) for heading in headings)


def _not_again(line: Line, title: str, state: State) -> Row:
    faults: tuple[Fault, ...] = tuple(line.faults)
    return Row(sheet=line.table.sheet.name, number=line.number, title=title, state=state, faults=faults)


def _commands(line: Line, entry: Entry, branch: Branch, as_of: dt.date, directory: Directory) -> list[Command]:
    """Registration, and the suspension that the roster tells of."""
    group = _group(line, branch)
    if entry.standing not in STANDINGS:
        line.fail(f"党籍状态“{entry.standing}”不能登记入册", f"standing “{entry.standing}” cannot be put on the roll", "党籍状态")
    register = RegisterMember(
        occurred_on=as_of,
        name=entry.name,
        sex=Sex.FEMALE if entry.woman else Sex.MALE,
        nationality=entry.nation,
        born_on=entry.birthday,
        id_number=entry.id_number,
        education=entry.education,
        work_post=entry.work,
        status=MemberStatus.FULL if entry.full else MemberStatus.PROBATIONARY,
        admitted_on=entry.joined,
        full_on=entry.full_since,
        phone=entry.mobile or entry.landline,
        group_id=group,
        mobile=entry.mobile_member,
        remark=_remark(entry),
    )
    if entry.standing == "正常":
        return [register]
    person_id = PersonId(key("p", branch.org_id, entry.id_number.encode(), directory.blind))
    suspend = SuspendMembership(occurred_on=as_of, person_id=person_id, reason="建账时已停止党籍", approval_no="见《党员基本信息汇总表》")
    return [msgspec.structs.replace(register, person_id=person_id), suspend]


def _group(line: Line, branch: Branch) -> GroupId | None:
    """The official form has no column for groups; a branch that has groups already needs one (INV-003)."""
    found = line.read(lambda value: branch.group(str(value)) if cells.text(value) else None, *GROUP)
    if found is None and branch.groups and not line.faults:
        line.fail("该支部已设党小组，请在表中增加“所在党小组”一列", "the branch has groups: add a column for them (所在党小组)", *GROUP)
    return found


def _remark(entry: Entry) -> str | None:
    """What the roll has no column for."""
    said = []
    if entry.lost:
        said.append(f"失联党员（自{entry.lost_since}）" if entry.lost_since else "失联党员")
    if entry.gone_to:
        said.append(f"外出流向：{entry.gone_to}")
    if entry.mobile and entry.landline:
        said.append(f"固定电话：{entry.landline}")
    return "；".join(said) or None
