"""The directory as the books know it: branches of a committee with the names that sheets use for members and groups."""

from collections.abc import Callable
from typing import Protocol

import msgspec

from events.base import Event, GroupId, LetterId, OrgId, PersonId
from events.members import MemberProfileChanged, MemberRegistered, MemberTransferredIn, RegistrationWithdrawn
from events.organisations import BranchAdded, GroupDissolved, GroupFormed, OrganisationFounded
from events.store.books import Books
from events.transfers import LetterIssued, TransferReceived
from service.imports.cells import squeeze
from service.imports.directory import Branch, Directory, Person

PAGES = 2_000


class Opener(Protocol):
    """The key store (`events.store.keys.Keys`)."""

    def open(self, token: str) -> str | None: ...

    @property
    def blind(self) -> Callable[[str], str]: ...


async def known_directory(books: Books, keys: Opener, committee_id: OrgId) -> Directory:
    """All branches under a committee. Whoever was erased is left out: no sheet can name them any more."""
    added = await _added(books, committee_id)
    return Directory(branches=tuple([await _branch(books, keys, branch.org_id) for branch in added]), blind=keys.blind)


async def known_branch(books: Books, keys: Opener, org_id: OrgId) -> Directory:
    """One branch with its members, for somebody who may write to no other; its sisters by name and letters only."""
    founded = next((event for event in await _events(books, org_id, "roster") if isinstance(event, OrganisationFounded)), None)
    sisters = [] if founded is None or founded.parent_id is None else await _added(books, founded.parent_id)
    own = await _branch(books, keys, org_id)
    return Directory(branches=(own, *(sister for sister in sisters if sister.org_id != org_id)), blind=keys.blind)


async def branches_of(books: Books, committee_id: OrgId) -> list[OrgId]:
    """The branches that were founded under a committee."""
    return [event.branch_id for event in await _events(books, committee_id, "roster") if isinstance(event, BranchAdded)]


async def _added(books: Books, committee_id: OrgId) -> list[Branch]:
    added = [event for event in await _events(books, committee_id, "roster") if isinstance(event, BranchAdded)]
    return [Branch(org_id=event.branch_id, name=event.name, letters=await _letters(books, event.branch_id)) for event in added]


async def _events(books: Books, org_id: OrgId, stream: str) -> list[Event]:
    events: list[Event] = []
    after = 0
    while facts := await books.read(org_id, stream, after=after, limit=PAGES):
        events += [fact.event for fact in facts]
        after = facts[-1].page
    return events


async def _letters(books: Books, org_id: OrgId) -> dict[str, LetterId]:
    """Letters that went out and came in, by the number that they bear."""
    events = await _events(books, org_id, "transfers")
    return {event.number: event.letter_id for event in events if isinstance(event, LetterIssued | TransferReceived)}


async def _branch(books: Books, keys: Opener, org_id: OrgId) -> Branch:
    branch = _named(await _events(books, org_id, "roster"), org_id, keys)
    return msgspec.structs.replace(branch, letters=await _letters(books, org_id))


def _named(events: list[Event], org_id: OrgId, keys: Opener) -> Branch:
    name = ""
    people: dict[PersonId, Person] = {}
    groups: dict[str, GroupId] = {}
    for event in events:
        match event:
            case OrganisationFounded():
                name = event.name
            case GroupFormed():
                groups[squeeze(event.name)] = event.group_id
            case GroupDissolved():
                groups = {shown: group for shown, group in groups.items() if group != event.group_id}
            case MemberRegistered() | MemberTransferredIn():
                called = keys.open(event.name)
                number = None if event.id_number is None else keys.open(event.id_number)
                if called is not None:
                    people[event.person_id] = Person(person_id=event.person_id, name=called, id_number=number)
            case RegistrationWithdrawn():
                people.pop(event.person_id, None)
            case MemberProfileChanged() if event.person_id in people:
                told = {"name": event.name, "id_number": event.id_number}
                opened = {field: text for field, token in told.items() if token is not None and (text := keys.open(token)) is not None}
                people[event.person_id] = msgspec.structs.replace(people[event.person_id], **opened)
            case _:
                pass  # dates and posts do not change how a sheet names somebody
    return Branch(org_id=org_id, name=name, members=tuple(people.values()), groups=groups)
