"""The paper forms of ledger L03 党员教育, in the order of the rule sheet (N24.M03)."""

from projections.ledgers.register import Column, Kind, Register

PLANS = Register(
    ledger="L03",
    code="study-plans",
    columns=(
        Column("year", "年度", "Year", Kind.COUNT),
        Column("kind", "类型", "Kind"),
        Column("person", "党员", "Member", Kind.PERSON),
        Column("title", "名称", "Title"),
        Column("month", "月份", "Month", Kind.COUNT),
        Column("content", "内容", "Content"),
        Column("form", "形式", "Form"),
        Column("class_hours", "学时", "Class hours", Kind.COUNT),
        Column("responsible", "责任人", "Responsible", Kind.PERSON),
        Column("closes_on", "结束日期", "Ends on", Kind.DATE),
    ),
)

SESSIONS = Register(
    ledger="L03",
    code="study-sessions",
    columns=(
        Column("time", "时间", "Time"),
        Column("place", "地点", "Place"),
        Column("kind", "学习类别", "Kind"),
        Column("topic", "主题", "Topic"),
        Column("organiser", "组织者", "Organiser", Kind.PERSON),
        Column("lecturer", "主讲人", "Lecturer", Kind.PERSON),
        Column("lecturer_title", "主讲人单位职务", "Lecturer's office"),
        Column("class_hours", "学时", "Class hours"),
        Column("due_count", "应到", "Due", Kind.COUNT),
        Column("present_count", "实到", "Present", Kind.COUNT),
        Column("present", "签到名单", "Signed in", Kind.PERSONS),
        Column("materials", "学习资料", "Materials"),
        Column("speakers", "研讨发言人", "Speakers", Kind.PERSONS),
    ),
)

HOURS = Register(
    ledger="L03",
    code="study-hours",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        *(Column(f"m{month}", f"{month}月学时", f"Month {month}") for month in range(1, 13)),
        Column("total", "累计学时", "Total"),
        Column("required", "达标标准(32/56)", "Required (32 or 56)", Kind.COUNT),
        Column("trainings", "集中培训次数", "Concentrated trainings", Kind.COUNT),
        Column("met", "是否达标", "Met", Kind.FLAG),
        Column("made_up", "补学情况", "Made up", Kind.LIST),
    ),
)

NOTES = Register(
    ledger="L03",
    code="study-notes",
    columns=(
        Column("quarter", "季度", "Quarter"),
        Column("submitted_on", "提交日期", "Submitted on", Kind.DATE),
        Column("reviewed_on", "调阅时间", "Reviewed on", Kind.DATE),
        Column("reviewed_by", "调阅人", "Reviewed by", Kind.PERSON),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("pieces", "篇数", "Pieces", Kind.COUNT),
        Column("rating", "评价", "Rating"),
        Column("problems", "问题", "Problems", Kind.SEALED),
        Column("feedback", "反馈", "Feedback", Kind.SEALED),
    ),
)

TRAININGS = Register(
    ledger="L03",
    code="external-trainings",
    columns=(
        Column("batch", "批次", "Batch"),
        Column("plan", "方案", "Plan"),
        Column("time", "时间", "Time"),
        Column("place", "地点", "Place"),
        Column("host", "主办单位", "Host"),
        Column("people", "参加人员", "Participants", Kind.PERSONS),
        Column("class_hours", "学时", "Class hours"),
        Column("reflections", "心得体会", "Reflections", Kind.COUNT),
        Column("state", "状态", "State"),
    ),
)

REFLECTIONS = Register(
    ledger="L03",
    code="reflections",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("title", "题目", "Title"),
        Column("date", "日期", "Date", Kind.DATE),
        Column("activity", "对应活动", "Activity"),
        Column("characters", "字数", "Characters", Kind.COUNT),
        Column("file", "附件", "File"),
    ),
)

PUBLICITY = Register(
    ledger="L03",
    code="publicity",
    columns=(
        Column("date", "日期", "Date", Kind.DATE),
        Column("title", "标题", "Title"),
        Column("authors", "作者", "Authors", Kind.PERSONS),
        Column("channel", "类别", "Channel"),
        Column("subject", "宣传内容", "Subject"),
        Column("platform", "刊发平台", "Platform"),
        Column("adopted", "采用级别", "Level"),
        Column("link", "链接或文件", "Link or file"),
        Column("person", "先进典型", "Exemplary member", Kind.PERSON),
        Column("deeds", "事迹", "Deeds", Kind.SEALED),
    ),
)

REGISTERS = (PLANS, SESSIONS, HOURS, NOTES, TRAININGS, REFLECTIONS, PUBLICITY)
