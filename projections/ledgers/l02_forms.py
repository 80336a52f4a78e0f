"""Ledger L02, the forms of meetings, lectures and theme days (N09.M01, N01.M02, N10.M01)."""

from projections.ledgers.register import Column, Kind, Register

MEETINGS = Register(
    ledger="L02",
    code="meetings",
    columns=(
        Column("kind", "会议类别", "Kind"),
        Column("nth", "次数", "No. in the year", Kind.COUNT),
        Column("time", "时间", "Time"),
        Column("place", "地点", "Place"),
        Column("chair", "主持人", "Chair", Kind.PERSON),
        Column("recorder", "记录人", "Recorder", Kind.PERSON),
        Column("due_count", "应到人数", "Due", Kind.COUNT),
        Column("present_count", "实到人数", "Present", Kind.COUNT),
        Column("excused", "请假人员及原因", "Excused", Kind.PERSONS),
        Column("excused_reasons", "请假原因", "Reasons, in that order", Kind.LIST),
        Column("absent", "缺席人员", "Absent", Kind.PERSONS),
        Column("observers", "列席人员", "Observers", Kind.PERSONS),
        Column("guests", "其他列席", "Other guests"),
        Column("agenda", "议题", "Agenda", Kind.LIST),
        Column("speeches", "发言摘要", "Speeches", Kind.LIST),
        Column("votes", "表决情况", "Votes", Kind.LIST),
        Column("resolutions", "决议", "Resolutions", Kind.LIST),
        Column("results", "落实情况", "Carried out", Kind.LIST),
        Column("attachments", "附件", "Attachments", Kind.LIST),
        Column("corrections", "更正", "Corrections", Kind.LIST),
    ),
)

LECTURES = Register(
    ledger="L02",
    code="lectures",
    columns=(
        Column("time", "时间", "Time"),
        Column("lecturer", "主讲人", "Lecturer", Kind.PERSON),
        Column("lecturer_title", "主讲人单位职务", "Lecturer's office"),
        Column("lecturer_kind", "主讲人身份", "Capacity"),
        Column("title", "题目", "Title"),
        Column("audience_count", "听课人数", "Audience", Kind.COUNT),
        Column("class_hours", "学时", "Class hours"),
        Column("script", "讲稿", "Script"),
        Column("duty", "季度党课要求", "Quarterly duty"),
    ),
)

THEME_DAYS = Register(
    ledger="L02",
    code="theme-days",
    columns=(
        Column("plan_item", "年度计划项", "Item of the annual plan"),
        Column("time", "时间", "Time"),
        Column("theme", "主题", "Theme"),
        Column("kind", "活动形式", "Form"),
        Column("required_items", "“7+X”规定动作完成", "Set items of 7+X", Kind.LIST),
        Column("x_items", "X自选内容", "Items of choice"),
        Column("participants", "参加人数", "Participants", Kind.COUNT),
        Column("record", "活动记录", "Record"),
        Column("reflections", "心得体会份数", "Reflections", Kind.COUNT),
        Column("publicity", "宣传信息", "Publicity"),
        Column("duty", "月度要求", "Monthly duty"),
        Column("corrections", "更正", "Corrections", Kind.LIST),
    ),
)
