"""Whom and what the sheets mean: branches, members and groups by name, as the books know them."""

from collections.abc import Callable, Iterable

import msgspec

from events.base import GroupId, LetterId, OrgId, PersonId
from service.imports.cells import Misread, squeeze


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A member as sheets name them."""

    person_id: PersonId
    name: str
    id_number: str | None = None


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """One branch with whoever is or was in it."""

    org_id: OrgId
    name: str
    members: tuple[Person, ...] = ()
    groups: dict[str, GroupId] = {}
    """Name of a group -> its id."""
    letters: dict[str, LetterId] = {}
    """Number of a transfer letter that is on record -> its id."""

    def person(self, shown: str) -> Person:
        """`张三`, or `张三(123X)` with the last characters of the ID number where two bear the same name."""
        plain = squeeze(shown)
        wanted, _, tail = plain.partition("(")
        tail = tail.rstrip(")").upper()
        found = [m for m in self.members if squeeze(m.name) == wanted and (m.id_number or "").endswith(tail)]
        if not found:
            raise Misread(f"{self.name}没有党员“{shown}”", f"there is no member “{shown}” in {self.name}")
        if len(found) > 1:
            raise Misread(
                f"“{wanted}”有{len(found)}人，请在姓名后注明身份证号末四位",
                f"{len(found)} members are called “{wanted}”; add the last four of the ID number",
            )
        return found[0]

    def group(self, shown: str) -> GroupId:
        found = self.groups.get(squeeze(shown))
        if found is None:
            raise Misread(f"{self.name}没有党小组“{shown}”", f"there is no group “{shown}” in {self.name}")
        return found

    def with_members(self, added: list[Person]) -> "Branch":
        """With these too; whoever is known already stays as known."""
        known = {person.person_id for person in self.members}
        return msgspec.structs.replace(self, members=(*self.members, *(person for person in added if person.person_id not in known)))


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """All branches that the sender may write to. `blind` is the keyed index of the key store (`Keys.blind`)."""

    branches: tuple[Branch, ...]
    blind: Callable[[str], str]

    def branch(self, org_id: OrgId) -> Branch:
        return next(branch for branch in self.branches if branch.org_id == org_id)

    def named(self, shown: str) -> Branch:
        """A branch by its full name, or by an ending of it that fits only one (`机关第一党支部`)."""
        wanted = squeeze(shown)
        found = [b for b in self.branches if squeeze(b.name) == wanted] or [b for b in self.branches if squeeze(b.name).endswith(wanted)]
        if len(found) != 1:
            raise Misread(f"没有党支部“{shown}”", f"there is no branch “{shown}”")
        return found[0]

    def with_members(self, added: Iterable[tuple[OrgId, Person]]) -> "Directory":
        """As if these were members already: lets a whole set of workbooks be previewed before the first is recorded."""
        news: dict[OrgId, list[Person]] = {}
        for org_id, person in added:
            news.setdefault(org_id, []).append(person)
        branches = tuple(branch.with_members(news.get(branch.org_id, [])) for branch in self.branches)
        return msgspec.structs.replace(self, branches=branches)
