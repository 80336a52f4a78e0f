"""Dues of a branch: every command of the noun, in the order of a year's work (norm N16, rules R-D)."""

from service.decide import dues_arrears, dues_assessment, dues_fund, dues_payments

CASES = (*dues_assessment.CASES, *dues_payments.CASES, *dues_fund.CASES, *dues_arrears.CASES)
