"""The paper forms of dues in ledger L04, with the columns of the rule sheet (N16.M01 to M03)."""

from projections.ledgers.register import Column, Kind, Register

MONTHS = tuple(f"{n:02d}" for n in range(1, 13))

ASSESSMENT = Register(
    ledger="L04",
    code="dues-assessment",
    columns=(
        Column("year", "年度", "Year"),
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("status", "党员类别", "Standing"),
        Column("income", "收入类别", "Kind of income"),
        Column("included", "计算基数组成", "Items included", Kind.MASKED),
        Column("deductions", "扣除项", "Deductions", Kind.MASKED),
        Column("base", "基数", "Base", Kind.MASKED),
        Column("rate", "比例", "Rate"),
        Column("monthly", "月应交", "Monthly amount", Kind.MONEY),
        Column("assessed_by", "核定人", "Assessed by", Kind.PERSON),
        Column("signed", "本人签字", "Signed by the member", Kind.FLAG),
        Column("assessed_on", "核定日期", "Assessed on", Kind.DATE),
        Column("from_month", "生效月", "From month", Kind.MONTH),
        Column("ground", "依据说明", "Ground"),
    ),
)

PAYMENTS = Register(
    ledger="L04",
    code="dues-payments",
    columns=(
        Column("person", "姓名", "Name", Kind.PERSON),
        Column("monthly", "月应交", "Monthly amount", Kind.MONEY),
        *(
            column
            for n, month in enumerate(MONTHS, 1)
            for column in (
                Column(f"paid_{month}", f"{n}月实交金额", f"Month {n}, paid", Kind.MONEY),
                Column(f"paid_on_{month}", f"{n}月日期", f"Month {n}, on", Kind.DATE),
                Column(f"collector_{month}", f"{n}月收款人", f"Month {n}, collector", Kind.PERSON),
            )
        ),
        Column("voluntary", "自愿多交", "Voluntary", Kind.MONEY),
        Column("back", "补交", "Back payments", Kind.MONEY),
        Column("year_due", "全年应交", "Due in the year", Kind.MONEY),
        Column("year_paid", "全年实交", "Paid for the year", Kind.MONEY),
        Column("months_owed", "欠交月数", "Months owed", Kind.COUNT),
        Column("receipts", "票据号", "Receipts", Kind.LIST),
        Column("corrections", "更正", "Corrections", Kind.LIST),
    ),
)

REMITTANCES = Register(
    ledger="L04",
    code="dues-remittances",
    columns=(
        Column("period", "期间", "Period"),
        Column("collected", "收缴合计", "Collected", Kind.MONEY),
        Column("amount", "上缴金额", "Remitted", Kind.MONEY),
        Column("remitted_on", "上缴日期", "Remitted on", Kind.DATE),
        Column("voucher_no", "凭证号", "Voucher"),
        Column("signed_by", "上级签收", "Signed for by the superior"),
    ),
)

USES = Register(
    ledger="L04",
    code="dues-uses",
    columns=(
        Column("spent_on", "日期", "Date", Kind.DATE),
        Column("use", "用途", "Use"),
        Column("purpose", "事由", "Purpose"),
        Column("amount", "金额", "Amount", Kind.MONEY),
        Column("decision", "集体决定会议及日期", "Collective decision"),
        Column("handled_by", "经办人", "Handled by", Kind.PERSON),
        Column("approver", "审批人", "Approved by", Kind.PERSON),
        Column("voucher_no", "票据号", "Voucher"),
        Column("balance", "结余", "Balance", Kind.MONEY),
    ),
)

REGISTERS = (ASSESSMENT, PAYMENTS, REMITTANCES, USES)
