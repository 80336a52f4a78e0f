"""The paper forms of ledger L04 about admissions, with their columns (rule sheet, section 2)."""

from projections.ledgers.register import Column, Kind, Register

CASES = Register(
    ledger="L04",
    code="admissions",
    yearly=False,
    columns=(
        Column("person", "姓名", "Name", Kind.SEALED),
        Column("sex", "性别", "Sex"),
        Column("nationality", "民族", "Ethnic group"),
        Column("born", "出生年月", "Born", Kind.MONTH),
        Column("education", "学历", "Education"),
        Column("unit_and_post", "单位职务", "Unit and post", Kind.SEALED),
        Column("applied_on", "申请日期", "Applied on", Kind.DATE),
        Column("talk_on", "谈话日期", "Talk on", Kind.DATE),
        Column("talk_by", "谈话人", "Talk by", Kind.PERSONS),
        Column("activist_on", "积极分子确定日期", "Activist on", Kind.DATE),
        Column("activist_filed_on", "积极分子备案日期", "Activist filed on", Kind.DATE),
        Column("contacts", "培养联系人", "Cultivation contacts", Kind.PERSONS),
        Column("reviews", "历次考察日期", "Reviews on", Kind.LIST),
        Column("training", "培训情况", "Training", Kind.LIST),
        Column("opinions_on", "听取意见日期", "Opinions heard on", Kind.DATE),
        Column("target_on", "发展对象确定日期", "Target on", Kind.DATE),
        Column("target_filed_on", "发展对象备案日期", "Target filed on", Kind.DATE),
        Column("notice", "公示起止", "Public notice from and to"),
        Column("sponsors", "入党介绍人", "Sponsors", Kind.PERSONS),
        Column("political_review_on", "政审结论日期", "Political review on", Kind.DATE),
        Column("course", "短训起止及学时", "Short course"),
        Column("committee_on", "支委会审查日期", "Committee review on", Kind.DATE),
        Column("pre_review_on", "预审日期", "Pre-review on", Kind.DATE),
        Column("pre_review", "预审结果", "Pre-review result"),
        Column("form_no", "志愿书编号", "Form number"),
        Column("vote_on", "支部大会日期", "General meeting on", Kind.DATE),
        Column("vote_due", "应到", "Due", Kind.COUNT),
        Column("vote_present", "实到", "Present", Kind.COUNT),
        Column("vote_yes", "赞成", "For", Kind.COUNT),
        Column("vote_no", "反对", "Against", Kind.COUNT),
        Column("vote_abstain", "弃权", "Abstained", Kind.COUNT),
        Column("superior_talk_by", "上级谈话人", "Superior's talk by", Kind.SEALED),
        Column("superior_talk_on", "上级谈话日期", "Superior's talk on", Kind.DATE),
        Column("approved_on", "审批日期", "Approved on", Kind.DATE),
        Column("approval_no", "审批文号", "Approval no."),
        Column("probation", "预备期起止", "Probation from and to"),
        Column("oath_on", "宣誓日期", "Oath on", Kind.DATE),
        Column("probation_reviews", "考察日期", "Probation reviews on", Kind.LIST),
        Column("conversion_applied_on", "转正申请日期", "Conversion applied on", Kind.DATE),
        Column("conversion_notice", "转正公示起止", "Conversion notice from and to"),
        Column("conversion_vote_on", "转正大会日期", "Conversion meeting on", Kind.DATE),
        Column("conversion_votes", "转正票数", "Conversion votes"),
        Column("conversion_approved_on", "转正审批日期", "Conversion approved on", Kind.DATE),
        Column("changed", "延长/取消情况", "Extended, cancelled or ended", Kind.LIST),
        Column("archived_on", "归档日期", "Archived on", Kind.DATE),
    ),
)

ACTIVISTS = Register(
    ledger="L04",
    code="activists",
    yearly=False,
    columns=(
        Column("person", "姓名", "Name", Kind.SEALED),
        Column("applied_on", "申请时间", "Applied on", Kind.DATE),
        Column("activist_on", "确定时间", "Activist on", Kind.DATE),
        Column("contacts", "培养联系人", "Cultivation contacts", Kind.PERSONS),
        Column("reviews", "考察次数", "Reviews", Kind.COUNT),
        Column("stage", "现阶段", "Stage"),
    ),
)

PAPERS = Register(
    ledger="L04",
    code="admission-papers",
    yearly=False,
    columns=(
        Column("person", "姓名", "Name", Kind.SEALED),
        Column("material", "材料编号", "Material"),
        Column("title", "材料名称", "Title"),
        Column("present", "有/无", "Present"),
        Column("dated", "日期", "Date", Kind.DATE),
        Column("pages", "页数", "Pages", Kind.COUNT),
    ),
)

REGISTERS = (CASES, ACTIVISTS, PAPERS)
