"""The paper forms of ledger L06 with their columns (rule sheet, section 2); one list of plans and counts beside them."""

from projections.ledgers.register import Column, Kind, Register

RESEARCH = Register(
    ledger="L06",
    code="research",
    columns=(
        Column("quarter", "季度", "Quarter"),
        Column("leader", "带队领导", "Led by"),
        Column("on", "时间", "Time"),
        Column("place", "地点", "Place"),
        Column("topic", "主题", "Topic"),
        Column("people", "参加人员", "Participants", Kind.PERSONS),
        Column("findings", "发现问题", "Problems found"),
        Column("report", "调研报告", "Report"),
    ),
)

OPINIONS = Register(
    ledger="L06",
    code="opinions",
    columns=(
        Column("batch", "批次", "Round"),
        Column("method", "方式(座谈/问卷/走访/征集)", "Method"),
        Column("on", "时间", "Time"),
        Column("source", "对象", "Asked"),
        Column("content", "意见内容", "Opinion"),
        Column("adoption", "采纳情况", "What became of it"),
    ),
)

QUESTIONNAIRES = Register(
    ledger="L06",
    code="questionnaires",
    columns=(
        Column("topic", "主题", "Topic"),
        Column("issued", "发放数", "Issued", Kind.COUNT),
        Column("returned", "回收数", "Returned", Kind.COUNT),
        Column("valid", "有效数", "Valid", Kind.COUNT),
        Column("analysis", "分析报告", "Analysis"),
    ),
)

VOLUNTEERS = Register(
    ledger="L06",
    code="volunteers",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("project", "项目", "Project"),
        Column("place", "地点", "Place"),
        Column("people", "参加人", "Participants", Kind.PERSONS),
        Column("time", "时长", "Time each"),
        Column("served", "服务对象", "Who was served"),
        Column("effect", "效果", "Effect"),
    ),
)

VISITS = Register(
    ledger="L06",
    code="consolation",
    columns=(
        Column("festival", "节日", "Festival"),
        Column("plan", "方案", "Plan"),
        Column("recipient", "慰问对象", "Recipient", Kind.PERSON),
        Column("kind", "类别(老党员/困难党员/群众)", "Kind"),
        Column("manner", "慰问方式", "Manner"),
        Column("gift", "金额或物品", "Money or goods"),
        Column("visitors", "走访人", "Visitors", Kind.PERSONS),
        Column("on", "日期", "Date", Kind.DATE),
        Column("signed", "签收", "Signed for"),
    ),
)

HARDSHIP = Register(
    ledger="L06",
    code="hardship",
    yearly=False,
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("hardship", "困难类型", "Hardship", Kind.MASKED),
        Column("situation", "家庭情况", "Situation", Kind.MASKED),
        Column("listed_on", "入册日期", "Listed on", Kind.DATE),
        Column("supporter", "帮扶人", "Supporter", Kind.PERSON),
        Column("measures", "帮扶措施", "Measures", Kind.MASKED),
        Column("updated_on", "更新日期", "Updated on", Kind.DATE),
        Column("change", "变化", "Change", Kind.MASKED),
        Column("delisted_on", "出册日期", "Delisted on", Kind.DATE),
        Column("delisted_why", "出册原因", "Delisted because", Kind.MASKED),
    ),
)

VILLAGE = Register(
    ledger="L06",
    code="village-aid",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("people", "驻村党员", "Members there", Kind.PERSONS),
        Column("village", "村", "Village"),
        Column("work", "工作内容", "Work"),
        Column("households", "走访户数", "Households visited", Kind.COUNT),
        Column("solved", "解决问题", "Solved"),
        Column("todo", "待办", "To be done"),
    ),
)

CHECK_INS = Register(
    ledger="L06",
    code="community",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("community", "居住社区", "Community"),
        Column("checked_in_on", "报到日期", "Reported on", Kind.DATE),
        Column("signed", "社区签收", "Signed for", Kind.FLAG),
        Column("position", "服务岗位", "Post of service"),
        Column("times", "服务次数", "Services", Kind.COUNT),
        Column("time", "服务时长", "Time"),
        Column("rating", "年度评价", "Rating of the year"),
    ),
)

COMMUNITY_OPINIONS = Register(
    ledger="L06",
    code="community-opinions",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("person", "党员", "Member", Kind.PERSON),
        Column("community", "社区", "Community"),
        Column("source", "意见建议人", "Said by"),
        Column("content", "内容", "Opinion"),
        Column("proposal", "提出的工作建议", "Proposal"),
        Column("handling", "办理", "Handled"),
    ),
)

PLANS = Register(
    ledger="L06",
    code="plans",
    columns=(
        Column("on", "日期", "Date", Kind.DATE),
        Column("kind", "类别", "Kind"),
        Column("title", "名称", "Title"),
        Column("content", "内容", "Content"),
        Column("met_on", "通过会议", "Adopted by the meeting of", Kind.DATE),
    ),
)
"""No paper form of the rule sheet lists plans (N02, N22.M01, N23.M01) and half-yearly counts (N23.T01): they stand here."""
