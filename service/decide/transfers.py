"""Transfers of a branch: every command of the noun, in the order of a letter's life (norm N15, rules R-E)."""

from service.decide import transfer_arrivals, transfer_letters, transfer_outside, transfer_receipts

CASES = (*transfer_letters.CASES, *transfer_outside.CASES, *transfer_arrivals.CASES, *transfer_receipts.CASES)
