"""The one door for workbooks: what is this, whose is it, and what would each row record."""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from events.base import OrgId
from service.imports.directory import Branch, Directory
from service.imports.dues import DUES_NEED, REMITTED_NEED, preview_dues
from service.imports.meetings import LECTURES_NEED, MEETINGS_NEED, THEME_DAYS_NEED, preview_meetings
from service.imports.parse import branch_of
from service.imports.preview import Kind, Preview, Recorded, Row, mark_recorded
from service.imports.roster import ROSTER_NEED, preview_roster
from service.imports.sheet import Table, find_table
from service.imports.transfers import IN_NEED, OUT_NEED, preview_transfers
from service.imports.workbook import Sheet, Unreadable, read_workbook


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """How the sheets of a kind of workbook are known, the leading one first, and how they are judged."""

    kind: Kind
    needs: tuple[tuple[str, ...], ...]
    rows: Callable[[list[list[Table]], Directory, OrgId | None], list[Row]]


def _of_branch(
    judge: Callable[[list[list[Table]], Branch, Directory], list[Row]],
) -> Callable[[list[list[Table]], Directory, OrgId | None], list[Row]]:
    """For sheets that belong to one branch, which stands over the headings."""

    def rows(tables: list[list[Table]], directory: Directory, org_id: OrgId | None) -> list[Row]:
        return judge(tables, branch_of([table for group in tables for table in group], directory, org_id), directory)

    return rows


FORMS = (
    Form(
        kind=Kind.TRANSFERS,
        needs=(OUT_NEED, IN_NEED),
        rows=lambda tables, directory, org_id: preview_transfers(tables[0], tables[1], directory, org_id),
    ),
    Form(
        kind=Kind.ROSTER,
        needs=(ROSTER_NEED,),
        rows=lambda tables, directory, org_id: preview_roster(tables[0], directory, org_id),
    ),
    Form(
        kind=Kind.DUES,
        needs=(DUES_NEED, REMITTED_NEED),
        rows=_of_branch(lambda tables, branch, directory: preview_dues(tables[0], tables[1], branch, directory)),
    ),
    Form(
        kind=Kind.MEETINGS,
        needs=(MEETINGS_NEED, LECTURES_NEED, THEME_DAYS_NEED),
        rows=_of_branch(lambda tables, branch, directory: preview_meetings(tables[0], tables[1], tables[2], branch, directory)),
    ),
)
"""Most telling headings first: a sheet of transfers holds all that a roster needs."""


def preview_sheets(
    sheets: Iterable[Sheet], name: str, directory: Directory, org_id: OrgId | None = None, kind: Kind | None = None
) -> Preview:
    """What the rows of a workbook would record. `org_id` left out: the sheet says whose it is. Raises `Unreadable`."""
    opened = tuple(sheets)
    for form in FORMS:
        if kind is None or kind is form.kind:
            tables = [[table for sheet in opened if (table := find_table(sheet, need)) is not None] for need in form.needs]
            if any(tables):
                return Preview(name=name, kind=form.kind, rows=form.rows(tables, directory, org_id))
    known = "《党员基本信息汇总表》、党费收缴登记册、三会一课记录、组织关系转接登记簿"
    raise Unreadable(f"未找到可识别的表头；可导入的有：{known}", "no known headings were found: roster, dues, meetings or transfers")


async def import_workbook(
    path: Path,
    directory: Directory,
    *,
    org_id: OrgId | None = None,
    kind: Kind | None = None,
    recorded: Recorded | None = None,
) -> Preview:
    """Reads a workbook and judges all its rows; nothing is recorded before `preview.commit`. `recorded` is `Books.recorded`."""
    sheets = await asyncio.to_thread(read_workbook, path)
    preview = preview_sheets(sheets, path.name, directory, org_id, kind)
    if recorded is not None:
        await mark_recorded(preview, recorded)
    return preview
