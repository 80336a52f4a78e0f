"""The paper forms of ledger L08 with their columns (rule sheet, section 2; N25, N26)."""

from collections.abc import Mapping

from projections.ledgers.register import Column, Kind, Register

DEBRIEFING = Register(
    ledger="L08",
    code="debriefing",
    columns=(
        Column("year", "年度", "Year"),
        Column("plan_on", "方案日期", "Plan", Kind.DATE),
        Column("inspected_on", "自查报告日期", "Self-inspection", Kind.DATE),
        Column("opinions", "征求意见条数", "Opinions", Kind.COUNT),
        Column("submitted_on", "述职报告报审日期", "Report submitted", Kind.DATE),
        Column("approved_on", "述职报告审定日期", "Report approved", Kind.DATE),
        Column("to_superior_on", "向上级述职日期", "Debrief to the superior", Kind.DATE),
        Column("achievements", "上级点评(成绩)", "Superior's comments: achievements", Kind.SEALED),
        Column("problems", "上级点评(问题)", "Superior's comments: problems", Kind.SEALED),
        Column("direction", "上级点评(方向)", "Superior's comments: direction", Kind.SEALED),
        Column("to_members_on", "向党员述职日期", "Debrief to the members", Kind.DATE),
        Column("observer", "上级列席人", "Superior's observer"),
        Column("ballot", "测评(好/较好/一般/差票数)", "Ballot (good/fairly good/fair/poor)"),
        Column("grade", "等次", "Grade"),
        Column("rectification_on", "整改方案日期", "Rectification plan", Kind.DATE),
        Column("person", "述职人", "Who debriefed", Kind.PERSON),
        Column("returned", "退改情况", "Returned", Kind.LIST),
        Column("members_achievements", "党员大会点评(成绩)", "Comments at the general meeting: achievements", Kind.SEALED),
        Column("members_problems", "党员大会点评(问题)", "Comments at the general meeting: problems", Kind.SEALED),
        Column("members_direction", "党员大会点评(方向)", "Comments at the general meeting: direction", Kind.SEALED),
    ),
)

ASSESSMENT = Register(
    ledger="L08",
    code="assessment",
    columns=(
        Column("year", "年度", "Year"),
        Column("on_site", "实地考核得分", "On-site score"),
        Column("routine", "平时考核得分", "Routine score"),
        Column("debriefing", "述职评议得分", "Debriefing score"),
        Column("ballot", "支部测评得分", "Ballot score"),
        Column("weights", "各项权重", "Weights"),
        Column("bonus", "加分(事由/分值/依据)", "Bonus (ground/points/evidence)", Kind.LIST),
        Column("penalty", "减分(事由/分值/依据)", "Penalty (ground/points/evidence)", Kind.LIST),
        Column("total", "总分", "Total"),
        Column("grade", "等次", "Grade"),
        Column("group", "考核组", "Assessment group", Kind.LIST),
        Column("notices", "通报情况", "Notices", Kind.LIST),
        Column("documents", "考核文件", "Documents", Kind.LIST),
        Column("ledger_on", "年度台账建立日期", "Work ledger opened", Kind.DATE),
        Column("inspected_on", "自查报告日期", "Self-inspection", Kind.DATE),
        Column("closed_on", "办结日期", "Closed", Kind.DATE),
    ),
)

WORK = Register(
    ledger="L08",
    code="annual-work",
    columns=(
        Column("task", "任务", "Task"),
        Column("source", "来源文件", "Document"),
        Column("responsible", "责任人", "Responsible", Kind.PERSON),
        Column("due_on", "时限", "Due on", Kind.DATE),
        Column("progress", "完成情况", "Progress"),
        Column("evidence", "佐证", "Evidence"),
    ),
)

RECTIFICATION = Register(
    ledger="L08",
    code="rectification",
    columns=(
        Column("problem", "问题", "Problem"),
        Column("measures", "措施", "Measures"),
        Column("responsible", "责任人", "Responsible", Kind.PERSON),
        Column("due_on", "时限", "Due on", Kind.DATE),
        Column("accepted_by", "验收人", "Accepted by"),
        Column("accepted_on", "验收日期", "Accepted on", Kind.DATE),
        Column("result", "验收结果", "Result"),
        Column("source", "来源", "Found at"),
        Column("sent_back", "退回情况", "Sent back", Kind.LIST),
    ),
)

NOT_ACCEPTED: Mapping[str, None] = dict.fromkeys(("accepted_by", "accepted_on", "result"))
"""Cells that are empty again when the superior sends something back."""

REGISTERS = (DEBRIEFING, ASSESSMENT, WORK, RECTIFICATION)
