"""Events that no ledger has a line for, each with its reason. Every other event is in the handlers of a register."""

from collections.abc import Mapping

SILENT: Mapping[str, str] = {
    "organisations.branch_added": "stands in the committee's book; the form of the branch begins with the founding in its own (L01)",
    "rules.changed": "a setting, shown among the settings with its source and its dates",
    "standard.published": "a version of the standard, listed with its digest among the versions",
    "members.voting_suspended": "kept on the roster; whoever has no vote is left out of the figures of each meeting (L02)",
    "members.voting_restored": "kept on the roster, as the suspension was",
    "members.case_opened": "kept on the roster to hold back transfers and elections; the case has its own row (L05)",
    "members.case_closed": "kept on the roster; the row of the case tells how it ended (L05)",
    "meetings.scheduled": "a plan, shown among what is due; the paper form lists what was held or called off (L02)",
    "meetings.absence_excused": "asked for beforehand; the row of the meeting tells who was away and why (L02)",
    "obligations.raised": "a deadline, shown among what is due; what fulfils it is in the ledgers",
    "obligations.reminded": "about a deadline, shown with it",
    "obligations.overdue": "about a deadline, shown with it",
    "obligations.escalated": "about a deadline, shown with it",
    "obligations.explained": "about a deadline, shown with it and its reason",
    "obligations.waived": "about a deadline, shown with it and its reason",
    "obligations.extended": "about a deadline, shown with it and its reason",
    "ballots.voted": "who has voted stands on the record; a ledger shows only how many did, once the box is counted (L02)",
    "directives.issued": "stands in the committee's book; the form of each branch has its row from the delivery on (L10)",
    "directives.withdrawn": "stands in the committee's book; the row of each branch is struck when it is told (L10)",
    "directives.dispatched": "how many branches a directive reached, shown with it",
    "requests.phone_change_requested": "waits on the page of the branch; what comes of it stands on the roll (L01)",
    "requests.phone_change_approved": "the profile was changed with it, which has its row on the roll (L01)",
    "requests.phone_change_returned": "told to the member who asked; the roll stays as it was (L01)",
    "imports.begun": "names a workbook; what its rows recorded has its own lines",
    "imports.undone": "names a workbook; what it took back is struck where it stood",
    "structure.establishment_requested": "a request in the committee's book; the form of the branch tells the approval (L01)",
}
"""Tag -> why there is no row."""

TOLD_LATER: Mapping[str, str] = {
    "meetings.notice_sent": "its day and way stand in the row of the meeting, once that is held (L02)",
    "meetings.cancelled": "strikes the row of a meeting that was held; one that was only planned has none (L02)",
    "dues.spending_approved": "the row of what is spent names the decision (L04)",
    "dues.arrears_flagged": "the months that are owed stand open in the sheet as soon as they are over (L04)",
    "dues.allocation_received": "raises the balance that the next rows show (L04)",
}
"""Tag -> where an event tells that has a handler but, in the year of the example, no row of its own."""
