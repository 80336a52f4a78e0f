"""Invents what the example branches did in their year: meetings, votes, absences, dues, transfers. Deterministic."""

import datetime as dt
import random
from dataclasses import dataclass, field

import chinese_calendar
from invent import OPENED, RETIRED, Branch, Inventor, Member

MONTHS = tuple((2025 + (11 + n) // 12, (11 + n) % 12 + 1) for n in range(12))
"""2025-12 to 2026-11."""
COLLECTION_DAY = 5
MISSED = 0.02
"""How often a group meeting or study falls out: the example has to show what is overdue."""
LEAVE = 0.035
ABSENT = 0.006
REASONS = ("公假", "事假", "病假")
PLACES = ("三楼会议室", "党员活动室", "二楼小会议室", "综合楼多功能厅")

COMMITTEE_ITEMS = (
    ("落实上级部署", "研究上级工作要求的分解落实"),
    ("其他", "研究本月重点工作和责任分工"),
    ("学习讨论", "学习支部工作条例有关规定"),
    ("发展党员", "听取入党积极分子培养情况汇报"),
    ("党费使用", "研究党费收缴和使用情况"),
    ("其他", "研究党员活动室管理和台账检查"),
)
STUDY_TOPICS = (
    "学习党章第一章",
    "学习党支部工作条例",
    "学习党员教育管理工作条例",
    "学习组织生活有关规定",
    "学习基层组织选举工作条例",
    "学习党费工作有关规定",
    "学习党员权利保障条例",
    "学习发展党员工作细则",
    "学习党务公开条例",
    "学习纪律处分条例",
    "学习先进典型事迹",
    "学习档案管理和保密规定",
)
THEMES = (
    ("参观学习", "参观区档案展览"),
    ("服务群众", "到社区参加志愿服务"),
    ("座谈研讨", "围绕岗位职责开展研讨"),
    ("集中学习", "重温党章和入党誓词"),
    ("知识竞赛", "党务知识竞赛"),
    ("服务群众", "走访慰问困难党员"),
    ("报告会", "听取先进事迹报告"),
    ("参观学习", "参观图书馆主题展"),
)
GENERAL_TOPICS = (
    ("听取工作报告", "听取支部委员会年度工作报告", "通过支部委员会年度工作报告"),
    ("听取工作报告", "讨论年度工作计划", "通过年度工作计划"),
    ("表彰", "讨论年度优秀党员推荐人选", "通过优秀党员推荐意见"),
    ("党费使用", "通报党费收缴使用情况，讨论下半年使用计划", "通过党费使用计划"),
    ("听取工作报告", "听取支部委员会季度工作报告", "通过下一年度工作初步安排"),
)
LECTURES = ("怎样做合格的支部委员", "从章程看党员的权利和义务", "做好新时期档案服务", "基层支部工作方法谈", "岗位上的担当")
SEVEN = ("奏唱国歌", "重温入党誓词", "诵读党章", "交纳党费", "政治学习", "民主议事", "党务公开")


@dataclass
class Meeting:
    """One meeting as its row will tell it."""

    kind: str
    day: dt.date
    start: str
    end: str
    place: str
    chair: Member
    recorder: Member
    due: list[Member]
    leave: list[tuple[Member, str]]
    absent: list[Member]
    items: list[tuple[str, str]]
    summary: str
    group: str = ""
    delegation: str = ""
    vote: str = ""
    resolution: str = ""
    done: str = ""
    lecture: tuple[str, str, str, int] | None = None
    """Lecturer, capacity, title, minutes."""
    theme: tuple[str, str, list[str], str, int] | None = None
    """Form, theme, set items, items of choice, reflections."""

    @property
    def present(self) -> list[Member]:
        away = [m.id_number for m, _ in self.leave] + [m.id_number for m in self.absent]
        return [m for m in self.due if m.id_number not in away]


@dataclass
class Transfer:
    """A member who moves; one of the branches may be outside."""

    member: Member
    number: str
    issued: dt.date
    arrived: dt.date
    accepted: dt.date
    receipt: dt.date
    paid_to: tuple[int, int]
    sender: Branch | None
    receiver: Branch | None
    outside: str = ""
    group: str | None = None


@dataclass
class Payment:
    """One filled month of the dues sheet."""

    fen: int
    paid_on: dt.date | None = None
    """None: on the collection day."""


@dataclass
class DuesRow:
    """One member's year in the dues sheet."""

    member: Member
    year: int
    assessed: dt.date
    first: tuple[int, int]
    monthly: int
    payments: dict[int, Payment] = field(default_factory=dict)
    receipts: str = ""


def workday(year: int, month: int, day: int, weekday: int | None = None) -> dt.date:
    """The first working day (that falls on `weekday`, if given) on or after this date."""
    found = dt.date(year, month, day)
    while not chinese_calendar.is_workday(found) or found.weekday() != (found.weekday() if weekday is None else weekday):
        found += dt.timedelta(days=1)
    return found


class Year:
    """The year of one branch."""

    def __init__(self, branch: Branch, number: int) -> None:
        self.branch = branch
        self.number = number
        self.random = random.Random(f"year-{branch.code}")  # noqa: S311 - example data
        self.secretary = branch.holder("书记")
        self.deputy = branch.holder("副书记")
        self.recorder = branch.holder("组织委员")

    def meetings(self) -> list[Meeting]:
        found: list[Meeting] = []
        for n, (year, month) in enumerate(MONTHS):
            found += [self._theme_day(n, year, month), self._committee(n, year, month)]
            found += [self._group(n, year, month, group) for group in self.branch.groups if self.random.random() >= MISSED]
            if self.random.random() >= MISSED:
                found.append(self._study(n, year, month))
            if (year, month) in {(2025, 12), (2026, 2), (2026, 5), (2026, 8), (2026, 11)}:
                found.append(self._general(len([m for m in found if m.kind == "党员大会"]), year, month))
            if (year, month) in {(2025, 12), (2026, 3), (2026, 6), (2026, 9), (2026, 11)}:
                found.append(self._lecture(len([m for m in found if m.kind == "党课"]), year, month))
        return sorted(found, key=lambda m: (m.day, m.start))

    def _base(
        self, kind: str, day: dt.date, start: str, end: str, chair: Member, due: list[Member], items: list[tuple[str, str]]
    ) -> Meeting:
        """With the day's absences; the chair and whoever takes the minutes are always there."""
        recorder = self.recorder if self.recorder in due and self.recorder is not chair else next(m for m in due if m is not chair)
        leave: list[tuple[Member, str]] = []
        absent: list[Member] = []
        for member in due:
            drawn = self.random.random()
            if member is chair or member is recorder or (kind == "支委会" and leave):
                continue
            if drawn < ABSENT:
                absent.append(member)
            elif drawn < LEAVE + ABSENT:
                leave.append((member, "病假" if member.retired else self.random.choice(REASONS)))
        summary = f"与会人员围绕“{items[0][1]}”作了发言，提出意见{self.random.randint(2, 6)}条。"
        place = self.random.choice(PLACES)
        return Meeting(kind, day, start, end, place, chair, recorder, due, leave, absent, items, summary)

    def _committee(self, n: int, year: int, month: int) -> Meeting:
        day = workday(year, month, 9 + self.number % 3)
        first, second = COMMITTEE_ITEMS[(n + self.number) % 6], COMMITTEE_ITEMS[(n + self.number + 2) % 6]
        chair = self.deputy if self.random.random() < 0.05 else self.secretary
        meeting = self._base("支委会", day, "09:00", "10:30", chair, self.branch.committee(), [first, second])
        if chair is self.deputy:
            meeting.delegation = "书记因公外出，委托副书记主持"
        meeting.resolution = f"同意{first[1]}的意见，由组织委员牵头落实。"
        meeting.done = "已落实" if (year, month) < (2026, 10) else ""
        return meeting

    def _group(self, n: int, year: int, month: int, group: str) -> Meeting:
        day = workday(year, month, 13 + self.branch.groups.index(group))
        due = [m for m in self.branch.on(day) if m.group == group]
        item = ("学习讨论", STUDY_TOPICS[(n + 3) % 12]) if n % 3 else ("批评与自我批评", "汇报思想和学习情况，开展批评与自我批评")
        meeting = self._base("党小组会", day, "15:00", "16:00", self.branch.leaders[group], due, [item])
        meeting.group = group
        return meeting

    def _study(self, n: int, year: int, month: int) -> Meeting:
        day = workday(year, month, 18)
        return self._base("集中学习", day, "14:30", "16:30", self.secretary, self.branch.on(day), [("学习讨论", STUDY_TOPICS[n])])

    def _general(self, n: int, year: int, month: int) -> Meeting:
        day = workday(year, month, 11 + self.number % 2)
        kind, title, motion = GENERAL_TOPICS[n]
        meeting = self._base(
            "党员大会", day, "14:30", "16:00", self.secretary, self.branch.on(day), [("传达上级精神", "传达上级会议精神"), (kind, title)]
        )
        voters, there = ([m for m in people if m.full_since] for people in (meeting.due, meeting.present))
        abstain = 1 if self.random.random() < 0.2 else 0
        votes = f"应到有表决权{len(voters)}人，实到{len(there)}人，赞成{len(there) - abstain}票，反对0票，弃权{abstain}票"
        meeting.vote = f"{motion}：{votes}（举手表决）"
        meeting.resolution = f"{motion}。"
        return meeting

    def _lecture(self, n: int, year: int, month: int) -> Meeting:
        day = workday(year, month, 16 if month == 11 else 23)
        title = LECTURES[(n + self.number) % 5]
        meeting = self._base("党课", day, "09:30", "11:00", self.secretary, self.branch.on(day), [("学习讨论", title)])
        outside = (("示例局机关党委负责人", "部领导"), ("示例区党校讲师", "专家"))[(n + self.number) % 2]
        lecturer, capacity = outside if n % 2 == 0 or self.random.random() < 0.7 else (self.secretary.called, "书记")
        meeting.lecture = (lecturer, capacity, title, 90)
        return meeting

    def _theme_day(self, n: int, year: int, month: int) -> Meeting:
        day = workday(year, month, COLLECTION_DAY)
        form, theme = THEMES[(n + self.number) % 8]
        meeting = self._base("主题党日", day, "14:00", "16:30", self.secretary, self.branch.on(day), [("学习讨论", theme)])
        items = [item for item in SEVEN if self.random.random() < 0.93]
        meeting.theme = (form, theme, items, "分享工作中的一件小事", self.random.randint(0, 6))
        return meeting


def monthly_dues(member: Member) -> int:
    """Fen a month by the public rate table: whole base, upper bounds inclusive."""
    bands = [(500_000, 50), (10**12, 100)] if member.retired else [(300_000, 50), (500_000, 100), (1_000_000, 150), (10**12, 200)]
    rate = next(rate for limit, rate in bands if member.base_fen <= limit)
    return (member.base_fen * rate + 5_000) // 10_000


def dues(branch: Branch, transfers: list[Transfer]) -> list[DuesRow]:
    """A row per member and calendar year. Most pay on the day; a few late; two of each large branch are behind at the end."""
    draw = random.Random(f"dues-{branch.code}")  # noqa: S311 - example data
    moving = {t.member.id_number for t in transfers}
    settled = [m for m in branch.members if m.id_number not in moving and not m.post]
    behind = {m.id_number: draw.randint(2, 4) for m in draw.sample(settled, 1 if len(branch.members) < 22 else 2)}
    rows: list[DuesRow] = []
    for year in (2025, 2026):
        months = [month for of_year, month in MONTHS if of_year == year]
        for member in branch.members:
            mine = [month for month in months if _owed(member, transfers, branch, year, month)]
            if mine:
                assessed = max(dt.date(2025, 12, 1) if year == 2025 else dt.date(2026, 1, 5), member.since)
                row = DuesRow(member, year, assessed, (year, mine[0]), monthly_dues(member))
                late = (2026, 11 - behind.get(member.id_number, -9))
                row.payments = {
                    month: _payment(draw, row, month, late=member.id_number not in moving) for month in mine if (year, month) <= late
                }
                rows.append(row)
    _number_receipts(rows)
    return rows


def _owed(member: Member, transfers: list[Transfer], branch: Branch, year: int, month: int) -> bool:
    """To this branch: from the month after the one the letter says, or up to it."""
    for transfer in transfers:
        if transfer.member.id_number == member.id_number:
            if transfer.receiver is branch and (year, month) <= transfer.paid_to:
                return False
            if transfer.sender is branch and (year, month) > transfer.paid_to:
                return False
    return True


def _payment(draw: random.Random, row: DuesRow, month: int, *, late: bool) -> Payment:
    collection = dt.date(row.year, month, COLLECTION_DAY)
    first = max(row.assessed, row.member.since)
    if collection < first:
        return Payment(row.monthly, first + dt.timedelta(days=1))
    if late and month <= 9 and draw.random() < 0.015:
        return Payment(row.monthly, collection + dt.timedelta(days=draw.randint(31, 58)))
    return Payment(row.monthly)


def _number_receipts(rows: list[DuesRow]) -> None:
    """Receipts are numbered through the year, one for each payment, a member's in one run."""
    next_no = {2025: 1, 2026: 1}
    for row in rows:
        if row.payments:
            first = next_no[row.year]
            next_no[row.year] = first + len(row.payments)
            row.receipts = f"{row.year}-{first:04d}" + (f"至{row.year}-{next_no[row.year] - 1:04d}" if len(row.payments) > 1 else "")


OUTSIDE = ("中共云岭示例学院委员会", "中共示例市图书馆总支部委员会", "中共示例区街道工作委员会", "中共示例县农业示例站支部委员会")


def transfers(branches: list[Branch]) -> list[Transfer]:
    """Three moves inside, four out, five in, spread over the year. Nobody with a post or a group to lead moves."""
    source = Inventor(20_260_101)
    source.names |= {m.name for b in branches for m in b.members}
    source.serial = 500
    found: list[Transfer] = []
    numbers = dict.fromkeys([b.code for b in branches], 0)

    def letter(branch: Branch, member: Member, day: dt.date, receiver: Branch | None, outside: str) -> Transfer:
        numbers[branch.code] += 1
        number = f"{branch.code}-{day.year}-{numbers[branch.code]:04d}"
        accepted = workday(day.year, day.month, 26)
        arrived = accepted - dt.timedelta(days=3)
        member.until = accepted
        return Transfer(
            member, number, day, arrived, accepted, accepted + dt.timedelta(days=1), (day.year, day.month), branch, receiver, outside
        )

    movable = [
        [m for m in b.members if not m.post and m not in b.leaders.values() and m.full_since and "（" not in m.called and not m.retired]
        for b in branches
    ]
    for n, (sender, receiver, month) in enumerate(((0, 3, 3), (1, 10, 5), (4, 2, 9))):
        move = letter(branches[sender], movable[sender][n], workday(2026, month, 10), branches[receiver], "")
        found.append(move)
        twin = Member(**{**vars(move.member), "since": move.accepted, "until": None, "group": None, "post": None})
        _join(branches[receiver], twin, move)
    for n, (sender, month) in enumerate(((2, 2), (5, 4), (0, 7), (7, 10))):
        found.append(letter(branches[sender], movable[sender][n + 3], workday(2026, month, 9), None, OUTSIDE[n]))
    for n, (to, month) in enumerate(((1, 1), (3, 4), (6, 6), (10, 8), (11, 10))):
        member = source.member(27 + 4 * n, "21", woman=n % 2 == 0, nation="01")
        issued = workday(2026, month, 6)
        accepted = workday(2026, month, 18)
        member.since = accepted
        number = f"SLX{n + 1}-2026-{17 + n * 6:04d}"
        move = Transfer(
            member,
            number,
            issued,
            accepted - dt.timedelta(days=4),
            accepted,
            accepted + dt.timedelta(days=9),
            (2026, month),
            None,
            branches[to],
            OUTSIDE[n % 4],
        )
        _join(branches[to], member, move)
        found.append(move)
    return sorted(found, key=lambda t: t.issued)


def _join(branch: Branch, member: Member, move: Transfer) -> None:
    if branch.groups:
        sizes = {group: sum(m.group == group for m in branch.members) for group in branch.groups}
        member.group = move.group = min(branch.groups, key=lambda group: (sizes[group], group))
    branch.members.append(member)


__all__ = ["COLLECTION_DAY", "MONTHS", "OPENED", "RETIRED", "DuesRow", "Meeting", "Payment", "Transfer", "Year", "dues", "transfers"]
