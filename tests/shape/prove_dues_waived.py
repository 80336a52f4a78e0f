"""Run inside the copy: what follows by itself from the three files, as one JSON object. Imports nothing of the tests."""

import datetime as dt
import json
import sys
from typing import Any

from admin.fields import command_fields
from events.base import OrgId, PersonId
from events.catalog import EVENTS
from events.dues import DuesBaseAssessed, IncomeKind, PayerStatus
from projections.catalog import every_projection
from projections.engine.fold import Fact
from projections.engine.merge import ledger_rows
from projections.engine.replay import replay
from service.api.commands import HANDLERS
from service.decide.catalog import CASES

DAY = dt.date(2026, 3, 10)
ADA = PersonId("ada")


def ledger_row() -> dict[str, object]:
    """The member's sheet of the year after an assessment and the waiver."""
    assessed = DuesBaseAssessed(
        occurred_on=DAY,
        person_id=ADA,
        year=2026,
        from_month="2026-01",
        status=PayerStatus.FULL,
        income_kind=IncomeKind.SALARY,
        base_yuan="~1|ada|e|base_yuan|x",
        rate_per_10000=50,
        by_table_fen=1_500,
        monthly_fen=1_500,
        assessed_by=ADA,
        signed_by_member=True,
    )
    event: Any = EVENTS["dues.waived"]
    waived = event(occurred_on=DAY, person_id=ADA, month="2026-02", approval_no="1")
    facts = [
        Fact(position=n, book=OrgId("b1"), page=n + 1, event_id=f"e{n}", actor="u", recorded_at=n, late_reason=None, event=event)
        for n, event in enumerate((assessed, waived))
    ]
    dues = [projection for projection in every_projection() if EVENTS["dues.waived"] in projection.handlers]
    (cells,) = [row["cells"] for row in ledger_rows(replay(dues, facts)) if row["register"] == "dues-payments"]
    return dict(cells)


def main() -> None:
    case = CASES["waive-dues"]
    cells = ledger_row()
    found = {
        "operations": [path for handler in HANDLERS for path in handler.paths if path.endswith("/waive-dues")],
        "operation_title": next(handler.summary for handler in HANDLERS if handler.operation_id == "waive-dues"),
        "form": [[field.name, field.zh, field.widget.name] for field in command_fields(case.command)],
        "year_due": cells["year_due"],
    }
    sys.stdout.write(json.dumps(found, ensure_ascii=False))


main()
