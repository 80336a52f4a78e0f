"""Invents the members of the example committee after `shares.toml`. Deterministic; nobody in it exists.

ID numbers bear the region code 990101, which is assigned to no place, and a valid check digit. Telephone numbers begin with 120,
which no operator uses.
"""

import datetime as dt
import random
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
SHARES = tomllib.loads((HERE / "shares.toml").read_text(encoding="utf-8"))
MARK = "示例数据，均为虚构"
REGION = "990101"
OPENED = dt.date(2025, 12, 1)
"""The day from which the books are kept: the roster is as of this day."""
MADE = dt.date(2026, 11, 24)
"""The example's year ends in this month."""

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖"
    "石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴莫孔向汤"
)
GIVEN_MEN = "伟强军磊勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林海峰建国志文庆东亮成康泽睿博远"
GIVEN_WOMEN = "芳娜敏静丽艳娟霞秀英玲桂兰洁梅琳素云莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉青倩婷雅慧怡"

BRANCH_NAMES = (
    "综合业务党支部",
    "信息中心党支部",
    "办公室党支部",
    "组织人事处党支部",
    "财务处党支部",
    "政策法规处党支部",
    "规划建设处党支部",
    "服务保障中心党支部",
    "离退休第一党支部",
    "离退休第二党支部",
    "档案馆党支部",
    "督查室党支部",
)
COMMITTEE_NAME = "中共云岭示例局机关委员会"
RETIRED = {8, 9}
GROUPS_FROM = 15
GROUP_SIZE = 9
ORDINALS = "一二三四"
POSTS = ("书记", "副书记", "组织委员", "宣传委员", "纪检委员")


@dataclass
class Member:
    """One invented person."""

    name: str
    woman: bool
    birthday: dt.date
    id_number: str
    phone: int
    nation: str
    education: str
    work: str
    joined: dt.date
    full_since: dt.date | None
    base_fen: int
    retired: bool
    group: str | None = None
    post: str | None = None
    since: dt.date = OPENED
    until: dt.date | None = None
    called: str = ""
    """How sheets name this member: with the last characters of the ID number where two share a name."""


@dataclass
class Branch:
    """One invented branch with its members."""

    code: str
    name: str
    members: list[Member] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    leaders: dict[str, Member] = field(default_factory=dict)

    def on(self, day: dt.date) -> list[Member]:
        return [m for m in self.members if m.since <= day and (m.until is None or day < m.until)]

    def holder(self, post: str) -> Member:
        return next(m for m in self.members if m.post == post)

    def committee(self) -> list[Member]:
        return [m for m in self.members if m.post]


def share_out(total: int, weights: list[float]) -> list[int]:
    """Whole numbers in these shares that sum to `total` (largest remainder)."""
    exact = [total * weight / sum(weights) for weight in weights]
    counts = [int(x) for x in exact]
    order = sorted(range(len(exact)), key=lambda n: counts[n] - exact[n])
    for n in order[: total - sum(counts)]:
        counts[n] += 1
    return counts


def spread(total: int, weights: dict[str, float]) -> list[str]:
    """Each key as often as its share of `total` says."""
    return [key for key, count in zip(weights, share_out(total, list(weights.values())), strict=True) for _ in range(count)]


def check_digit(first17: str) -> str:
    weights = [2 ** (17 - n) % 11 for n in range(17)]
    return "10X98765432"[sum(w * int(c) for w, c in zip(weights, first17, strict=True)) % 11]


def id_number(birthday: dt.date, *, woman: bool, serial: int) -> str:
    first17 = f"{REGION}{birthday:%Y%m%d}{serial // 2 * 2 + (0 if woman else 1):03d}"
    return first17 + check_digit(first17)


class Inventor:
    """Draws from one seeded source, so that the same members come out each time."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - example data
        self.names: set[str] = set()
        self.serial = 10

    def name(self, *, woman: bool) -> str:
        given = GIVEN_WOMEN if woman else GIVEN_MEN
        while True:
            found = self.random.choice(SURNAMES) + "".join(self.random.sample(given, self.random.choice((1, 2, 2))))
            if found not in self.names:
                self.names.add(found)
                return found

    def birthday(self, age: int) -> dt.date:
        first = OPENED.replace(year=OPENED.year - age - 1) + dt.timedelta(days=1)
        return first + dt.timedelta(days=self.random.randrange(364))

    def member(self, age: int, education: str, *, woman: bool, nation: str, probationary: bool = False) -> Member:
        birthday = self.birthday(age)
        self.serial = self.serial + 2 if self.serial < 990 else 10
        retired = age > 60
        joined = self._joined(birthday, probationary=probationary)
        name = self.name(woman=woman)
        return Member(
            name=name,
            woman=woman,
            birthday=birthday,
            id_number=id_number(birthday, woman=woman, serial=self.serial),
            phone=12_000_000_000 + self.random.randrange(100_000_000),
            nation=nation,
            education=education,
            work="502" if retired else self.random.choice(("011", "011", "0211", "0212", "0315")),
            joined=joined,
            full_since=None if probationary else joined.replace(year=joined.year + 1, day=min(joined.day, 28)),
            base_fen=self._base(age, education, retired=retired),
            retired=retired,
            called=name,
        )

    def _joined(self, birthday: dt.date, *, probationary: bool) -> dt.date:
        if probationary:
            return OPENED - dt.timedelta(days=self.random.randrange(20, 340))
        latest = OPENED - dt.timedelta(days=420)
        first = birthday.replace(year=birthday.year + 19, day=min(birthday.day, 28))
        years = min((latest - first).days, 365 * 22)
        return first + dt.timedelta(days=self.random.randrange(max(years, 30)))

    def _base(self, age: int, education: str, *, retired: bool) -> int:
        """Monthly pay or pension in fen, to the yuan."""
        if retired:
            return self.random.randrange(2_600, 7_200) * 100
        extra = {"11": 2_600, "12": 1_500, "21": 800}.get(education, 0)
        return (3_200 + (age - 22) * 120 + extra + self.random.randrange(1_200)) * 100


def invent() -> list[Branch]:
    """Twelve branches with their members, groups and posts."""
    source = Inventor(20_261_124)
    sizes: list[int] = SHARES["branches"]["sizes"]
    members = _members(source, sum(sizes))
    branches = [Branch(code=f"SL-B{n:02d}", name=name) for n, name in enumerate(BRANCH_NAMES, start=1)]
    _settle(source, branches, sizes, members)
    for branch in branches:
        _organise(branch)
    _namesakes(branches[0])
    return branches


def _members(source: Inventor, total: int) -> list[Member]:
    per_mille = SHARES["per_mille"]
    bands = SHARES["age"]["bands"]
    ages = [
        source.random.randint(low, high)
        for (low, high, _), count in zip(bands, share_out(total, [b[2] for b in bands]), strict=True)
        for _ in range(count)
    ]
    college = round(total * per_mille["college_and_above"] / 1000)
    levels = spread(college, SHARES["education"]["college"]) + spread(total - college, SHARES["education"]["below"])
    women = [n < round(total * per_mille["women"] / 1000) for n in range(total)]
    minority = round(total * per_mille["minority"] / 1000)
    nations = spread(minority, SHARES["minority"]["weights"]) + ["01"] * (total - minority)
    source.random.shuffle(women)
    source.random.shuffle(nations)
    ages.sort(key=lambda age: age + source.random.gauss(0, 12))
    new = round(total * per_mille["admitted_in_year"] / 1000)
    young = set(sorted(range(total), key=lambda n: ages[n])[4 : 4 + new * 3 : 3])
    return [source.member(ages[n], levels[n], woman=women[n], nation=nations[n], probationary=n in young) for n in range(total)]


def _settle(source: Inventor, branches: list[Branch], sizes: list[int], members: list[Member]) -> None:
    """The retired fill their own branches first; everybody else is shuffled over the rest."""
    retired = [m for m in members if m.retired]
    others = [m for m in members if not m.retired]
    source.random.shuffle(retired)
    source.random.shuffle(others)
    for n in sorted(RETIRED):
        branches[n].members = [retired.pop() for _ in range(sizes[n])]
    rest = others + retired
    for n in (n for n in range(len(branches)) if n not in RETIRED):
        branches[n].members = [rest.pop(len(rest) * k // sizes[n] if k % 3 else -1) for k in range(sizes[n])]
    assert not rest, "every member has a branch"


def _organise(branch: Branch) -> None:
    """The longest-serving full members below 70 sit on the committee; groups are filled in turn, each with a leader of its own."""
    branch.members.sort(key=lambda m: m.id_number[6:14], reverse=True)
    able = sorted((m for m in branch.members if m.full_since), key=lambda m: (m.birthday.year < 1956, m.joined))
    for post, member in zip(POSTS, able, strict=False):
        member.post = post
    if len(branch.members) >= GROUPS_FROM:
        branch.groups = [f"第{ORDINALS[n]}党小组" for n in range(max(2, round(len(branch.members) / GROUP_SIZE)))]
        for n, member in enumerate(branch.members):
            member.group = branch.groups[n % len(branch.groups)]
        for group in branch.groups:
            branch.leaders[group] = next(m for m in able if m.group == group and not m.post)


def _namesakes(branch: Branch) -> None:
    """Two members of one branch bear the same name, as happens; sheets tell them apart by their ID numbers."""
    first, second = [m for m in branch.members if not m.post and m not in branch.leaders.values() and m.woman][:2]
    second.name = first.name
    for member in (first, second):
        member.called = f"{member.name}（{member.id_number[-4:]}）"
