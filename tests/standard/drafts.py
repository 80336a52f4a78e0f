"""Drafts of the next version: the pack that ships with some of its texts replaced."""

from pathlib import Path

from projections.standard.pack import Pack, assemble, texts

BEGINS = "2027-01-01"
NORM = """
[[norm]]
id = "N27"
no = 27
group = "S5"
zh = "示例规范"
en = "An example norm"
goal_zh = "示例"
goal_original_zh = "示例"
material = []

[[norm.task]]
id = "N27.T01"
zh = "每月一次示例会议"
en = "A meeting of the example each month"
period = "monthly"
basis = "default"
due = "by the last day of the month"
role = "branch_secretary"
evidence = ["MeetingHeld"]
"""
DEADLINE = f"""
[[deadline]]
id = "DL-90"
zh = "每月示例会议"
en = "The example's monthly meeting"
task = "N27.T01"
period = "monthly"
of = "branch"
since = {BEGINS}
due = {{ rule = "period_end" }}
remind = [-3]
overdue = 1
role = "branch_secretary"
source = "N27.T01"
proof = [{{ event = "meetings.held", thing = "meeting_id", where = {{ kind = ["general"] }} }}]
"""
ROLL = '  { id = "L01.roll", zh = "党员花名册", en = "Roll of members" },\n'
RENAMED = "norms.toml", ROLL, ROLL.replace("党员花名册", "党员名册：甲/乙").replace("Roll of members", "Who belongs")
"""An edit: the roll is called otherwise."""
SHIPPED = texts()
QUARTERLY = SHIPPED["deadlines.toml"].split('id = "DL-07"', 1)[1].split("[[deadline]]", 1)[0]


def files(*edits: tuple[str, str, str], more: dict[str, str] | None = None) -> dict[str, str]:
    """The files of version 2027 with edits (file, old text, new text) and texts added at the end of files."""
    found = {**SHIPPED}
    head = 'version = "2019"\neffective_from = 2019-01-01'
    for file, old, new in (("norms.toml", head, f'version = "2027"\neffective_from = {BEGINS}'), *edits):
        assert old in found[file], old
        found[file] = found[file].replace(old, new, 1)
    return {name: text + (more or {}).get(name, "") for name, text in found.items()}


def draft(*edits: tuple[str, str, str], more: dict[str, str] | None = None) -> Pack:
    return assemble(files(*edits, more=more))


def write(folder: Path, texts_of_files: dict[str, str]) -> None:
    for name, text in texts_of_files.items():
        (folder / name).write_text(text, encoding="utf-8")


def quarterly(old: str, new: str) -> tuple[str, str, str]:
    """An edit of DL-07 alone."""
    assert old in QUARTERLY
    return "deadlines.toml", QUARTERLY, QUARTERLY.replace(old, new, 1)


def setting(key: str, value: str, since: str) -> str:
    return f"""
[[setting]]
key = "{key}"
value = {value}
effective_from = {since}
mark = "D"
source = "示例"
zh = "示例"
en = "Example"
"""
