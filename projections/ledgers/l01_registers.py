"""The paper forms of ledger L01 with their columns (rule sheet, section 2)."""

from projections.ledgers.register import Column, Kind, Register

BRANCH = Register(
    ledger="L01",
    code="branch",
    yearly=False,
    columns=(
        Column("name", "党支部名称", "Branch"),
        Column("founded_on", "批准成立时间", "Founded on", Kind.DATE),
        Column("approval_no", "批准文号", "Approval no."),
        Column("superior", "上级党组织", "Superior organisation", Kind.ORG),
        Column("branch_type", "支部类型", "Type"),
        Column("full", "正式党员数", "Full members", Kind.COUNT),
        Column("probationary", "预备党员数", "Probationary members", Kind.COUNT),
        Column("groups", "党小组数", "Party groups", Kind.COUNT),
        Column("term", "本届起止时间", "Term"),
        Column("contact", "联系人", "Contact"),
        Column("phone", "电话", "Telephone"),
        Column("venue", "活动场所", "Venue"),
    ),
)

ROLL = Register(
    ledger="L01",
    code="roll",
    yearly=False,
    columns=(
        Column("name", "姓名", "Name", Kind.SEALED),
        Column("sex", "性别", "Sex"),
        Column("nationality", "民族", "Nationality"),
        Column("born", "出生年月", "Born", Kind.MONTH),
        Column("id_number", "公民身份号码", "ID number", Kind.MASKED),
        Column("native_place", "籍贯", "Native place", Kind.SEALED),
        Column("education", "学历", "Education"),
        Column("started_work", "参加工作时间", "Started work", Kind.MONTH),
        Column("admitted_on", "入党时间", "Admitted on", Kind.DATE),
        Column("full_on", "转正时间", "Full member since", Kind.DATE),
        Column("status", "党员类别", "Status"),
        Column("unit_and_post", "工作单位及职务", "Unit and post", Kind.SEALED),
        Column("posts", "党内职务", "Party posts", Kind.LIST),
        Column("group", "所在党小组", "Party group", Kind.GROUP),
        Column("phone", "联系电话", "Telephone", Kind.MASKED),
        Column("address", "现居住地", "Address", Kind.MASKED),
        Column("transferred_in_on", "组织关系转入时间", "Transferred in on", Kind.DATE),
        Column("mobile", "是否流动党员", "Mobile member", Kind.FLAG),
        Column("hardship", "是否困难党员", "In hardship", Kind.FLAG),
        Column("remark", "备注", "Remark", Kind.SEALED),
    ),
)

OFFICERS = Register(
    ledger="L01",
    code="officers",
    yearly=False,
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("post", "党内职务", "Post"),
        Column("duties", "分工", "Duties"),
        Column("since", "任职时间", "Since", Kind.DATE),
        Column("votes", "选举得票(应到/实到/赞成)", "Votes (due/present/for)"),
        Column("approval_no", "批准文号", "Approval no."),
        Column("term", "届次", "Term", Kind.COUNT),
        Column("until", "免职时间", "Until", Kind.DATE),
        Column("reason", "原因", "Reason"),
    ),
)

GROUPS = Register(
    ledger="L01",
    code="groups",
    yearly=False,
    columns=(
        Column("name", "党小组名称", "Group"),
        Column("leader", "组长", "Leader", Kind.PERSON),
        Column("leader_by", "产生方式(指定/推荐)", "How found"),
        Column("scope", "科室范围", "Offices covered"),
        Column("people", "成员名单", "Members", Kind.PERSONS),
        Column("count", "人数", "Number", Kind.COUNT),
        Column("changed_on", "变动日期", "Changed on", Kind.DATE),
    ),
)

REGISTERS = (BRANCH, ROLL, OFFICERS, GROUPS)
