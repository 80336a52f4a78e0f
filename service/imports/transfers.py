"""Transfers of members (组织关系转出登记簿, 组织关系转入登记簿): letters issued, come in, accepted, receipts filed and returned."""

import datetime as dt

import msgspec

from events.base import GroupId, LetterId, OrgId, PersonId
from events.members import MemberStatus, Sex
from events.transfers import DeliveryMethod, TransferSide, TransferStatus
from service.decide.base import Command
from service.decide.transfers.arrivals import AcceptTransfer, ReceiveTransfer, ReturnReceipt
from service.decide.transfers.letters import IssueLetter
from service.decide.transfers.outside import AcceptOutsideTransfer, ReceiveOutsideTransfer
from service.decide.transfers.state import RecordReceipt
from service.imports import cells
from service.imports.directory import Branch, Directory, Person
from service.imports.dues import month_cell
from service.imports.entries import Entry, read_entry
from service.imports.parse import judged, key, mark_twins, member
from service.imports.preview import Row
from service.imports.sheet import Line, Table
from service.imports.workbook import Value

OUT_NEED = ("介绍信编号", "姓名", "转往单位", "开具日期")
IN_NEED = ("介绍信编号", "姓名", "来源党组织", "收信日期")


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """Where a line of the register of arrivals comes from and goes to."""

    letter_id: LetterId
    number: str
    source: Branch | None
    """None: from outside."""
    source_name: str
    branch: Branch


def preview_transfers(out: list[Table], came: list[Table], directory: Directory, org_id: OrgId | None) -> list[Row]:
    """All rows of both registers; a move between two branches here stands in both."""
    rows = mark_twins([_letter_out(line, directory, org_id) for table in out for line in table.lines()])
    return rows + mark_twins([_letter_in(line, directory, org_id) for table in came for line in table.lines()])


def newcomers(came: list[Table], directory: Directory) -> list[tuple[OrgId, Person]]:
    """Who enters which branch by these registers, so that other sheets of the same time may name them."""
    found: list[tuple[OrgId, Person]] = []
    for line in (line for table in came for line in table.lines()):
        arrival = _arrival(line, directory, None)
        name, number = line.read(cells.name, "姓名"), line.read(cells.id_number, "公民身份证号")
        if arrival is not None and name is not None:
            person = _known(arrival, name) if arrival.source else None
            person_id = person.person_id if person else _person_id(arrival, directory)
            found.append((arrival.branch.org_id, Person(person_id=person_id, name=name, id_number=number)))
    return found


def _letter_out(line: Line, directory: Directory, org_id: OrgId | None) -> Row:
    branch = _branch(line, "所在党支部", directory, org_id)
    number = line.need(cells.text, "介绍信编号")
    title = f"{cells.text(line.value('姓名')) or ''} → {cells.text(line.value('转往单位')) or ''}"
    if branch is None or number is None:
        return judged(line, title, OrgId(""), (), directory)
    letter_id = _letter_id(branch, number, directory)
    issue = _issue(line, branch, number, letter_id, directory)
    receipt = _receipt(line, number, letter_id)
    return judged(line, title, branch.org_id, [command for command in (issue, receipt) if command], directory)


def _issue(line: Line, branch: Branch, number: str, letter_id: LetterId, directory: Directory) -> Command | None:
    person = line.need(member(branch), "姓名")
    to_name = line.need(cells.text, "转往单位")
    paid_to, issued = line.need(month_cell, "党费交至"), line.need(cells.date, "开具日期")
    days = line.read(cells.count, "有效期(天)")
    handler, contact = line.need(member(branch), "经办人"), line.need(cells.phone, "联系电话")
    if person is None or to_name is None or paid_to is None or issued is None or handler is None or contact is None:
        return None
    inside = _here(to_name, directory)
    return IssueLetter(
        occurred_on=issued,
        person_id=person.person_id,
        to_side=TransferSide.INSIDE if inside else TransferSide.OUTSIDE,
        to_org_id=inside.org_id if inside else None,
        to_name=None if inside else to_name,
        heading=line.read(cells.text, "抬头"),
        dues_paid_to=paid_to,
        valid_days=days,
        handled_by=handler.person_id,
        contact=contact,
        number=number,
        letter_id=letter_id,
    )


def _receipt(line: Line, number: str, letter_id: LetterId) -> Command | None:
    """The third part, when it has come back."""
    came_back = line.read(cells.date, "回执日期")
    if came_back is None:
        return None
    accepted, signed = line.need(cells.date, "对方接收日期"), line.need(cells.text, "回执经办人")
    if accepted is None or signed is None:
        return None
    return RecordReceipt(occurred_on=came_back, letter_id=letter_id, number=number, accepted_on=accepted, handled_by=signed)


def _letter_in(line: Line, directory: Directory, org_id: OrgId | None) -> Row:
    arrival = _arrival(line, directory, org_id)
    title = f"{cells.text(line.value('姓名')) or ''} ← {cells.text(line.value('来源党组织')) or ''}"
    if arrival is None:
        return judged(line, title, OrgId(""), (), directory)
    received = line.need(cells.date, "收信日期")
    accepted = line.read(cells.date, "接收日期")
    group = line.read(lambda value: arrival.branch.group(str(value)) if cells.text(value) else None, "编入党小组")
    commands: list[Command | None] = []
    if received is not None:
        commands.append(_received(line, arrival, received, directory))
    if accepted is not None:
        commands += [_accepted(line, arrival, accepted, group, directory), _returned(line, arrival)]
    return judged(line, title, arrival.branch.org_id, [command for command in commands if command], directory)


def _arrival(line: Line, directory: Directory, org_id: OrgId | None) -> Arrival | None:
    branch = _branch(line, "接收党支部", directory, org_id)
    number, source_name = line.need(cells.text, "介绍信编号"), line.need(cells.text, "来源党组织")
    if branch is None or number is None or source_name is None:
        return None
    source = _here(source_name, directory)
    letter_id = _letter_id(source or branch, number, directory)
    return Arrival(letter_id=letter_id, number=number, source=source, source_name=source_name, branch=branch)


def _received(line: Line, arrival: Arrival, day: dt.date, directory: Directory) -> Command | None:
    if arrival.source is not None:
        return ReceiveTransfer(occurred_on=day, from_org_id=arrival.source.org_id, letter_id=arrival.letter_id)
    paid_to, issued = line.need(month_cell, "党费交至"), line.need(cells.date, "开具日期")
    valid = line.need(cells.date, "有效期止")
    entry = read_entry(line)
    if paid_to is None or issued is None or valid is None or entry is None:
        return None
    return ReceiveOutsideTransfer(
        occurred_on=day,
        number=arrival.number,
        from_name=arrival.source_name,
        name=entry.name,
        status=TransferStatus.FULL if entry.full else TransferStatus.PROBATIONARY,
        dues_paid_to=paid_to,
        issued_on=issued,
        valid_until=valid,
        person_id=_person_id(arrival, directory),
        letter_id=arrival.letter_id,
    )


def _accepted(line: Line, arrival: Arrival, day: dt.date, group: GroupId | None, directory: Directory) -> Command | None:
    if arrival.branch.groups and group is None and not line.faults:
        line.fail("该支部已设党小组，须写明编入党小组", "the branch has groups: name the one that takes the member", "编入党小组")
    why = line.read(cells.text, "过期说明")
    if arrival.source is not None:
        return AcceptTransfer(
            occurred_on=day, from_org_id=arrival.source.org_id, letter_id=arrival.letter_id, group_id=group, late_explanation=why
        )
    entry = read_entry(line) if not line.faults else None
    return None if entry is None else _entered(arrival, entry, day, group, why, directory)


def _entered(arrival: Arrival, entry: Entry, day: dt.date, group: GroupId | None, why: str | None, directory: Directory) -> Command:
    return AcceptOutsideTransfer(
        occurred_on=day,
        letter_id=arrival.letter_id,
        person_id=_person_id(arrival, directory),
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
        late_explanation=why,
    )


def _returned(line: Line, arrival: Arrival) -> Command | None:
    day = line.read(cells.date, "回执寄出日期")
    if day is None:
        return None
    handler = line.need(member(arrival.branch), "经办人")
    if handler is None:
        return None
    method = DeliveryMethod.SYSTEM if arrival.source else DeliveryMethod.MAIL
    return ReturnReceipt(occurred_on=day, letter_id=arrival.letter_id, method=method, handled_by=handler.person_id)


def _branch(line: Line, heading: str, directory: Directory, org_id: OrgId | None) -> Branch | None:
    """The branch that the line is of: named in it, or chosen by the sender."""
    if org_id is not None and cells.text(line.value(heading)) is None:
        return directory.branch(org_id)

    def parse(value: Value) -> Branch | None:
        shown = cells.text(value)
        return None if shown is None else directory.named(shown)

    found = line.need(parse, heading)
    if found is not None and org_id is not None and found.org_id != org_id:
        line.fail(f"该行属于{found.name}，不是所选党支部", f"this row belongs to {found.name}, not to the chosen branch", heading)
        return None
    return found


def _here(name: str, directory: Directory) -> Branch | None:
    """The branch of this committee with exactly this name; anything else is outside."""
    wanted = cells.squeeze(name)
    return next((branch for branch in directory.branches if cells.squeeze(branch.name) == wanted), None)


def _known(arrival: Arrival, name: str) -> Person | None:
    return next((person for person in arrival.source.members if person.name == name), None) if arrival.source else None


def _letter_id(keeper: Branch, number: str, directory: Directory) -> LetterId:
    """The same for the stub here and the letter there; one that is on record keeps its id."""
    return keeper.letters.get(number) or LetterId(key("l", keeper.org_id, number.encode(), directory.blind))


def _person_id(arrival: Arrival, directory: Directory) -> PersonId:
    """Somebody from outside is known by the letter that brings them."""
    return PersonId(key("p", arrival.branch.org_id, f"{arrival.source_name}|{arrival.number}".encode(), directory.blind))
