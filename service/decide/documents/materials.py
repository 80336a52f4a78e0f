"""Required materials: found complete by what is on record, or waived by the superior (rules 0.4; INV-098, INV-099)."""

from typing import Annotated, ClassVar

from events.base import LongText, Text
from events.documents import MaterialConfirmed, MaterialId, MaterialWaived, MaterialWaiverEnded
from projections.standard.evidence import Evidence
from projections.standard.materials import materials
from service.auth.rights import Right
from service.decide.base import Case, Command, Context, Outcome, label
from service.decide.documents.files import Matter
from service.decide.documents.state import DOCUMENTS, EVIDENCE, Documents, known_materials, missing
from service.errors import Refused

Which = Annotated[MaterialId, label("材料编号", "Material")]


class ConfirmMaterial(Command, frozen=True, kw_only=True, tag="confirm-material"):
    """A required material is marked complete: only with a file or an event on record, never by hand."""

    zh: ClassVar[str] = "确认资料齐备"
    en: ClassVar[str] = "Confirm a material"

    material: Which
    about: Matter = None


def confirm_material(command: ConfirmMaterial, _context: Context, documents: Documents, evidence: Evidence) -> Outcome:
    """INV-099. A composite material is complete when each of its parts is; a waiver is no proof."""
    known_materials((command.material,), "material")
    if (command.material, command.about) in documents.confirmed:
        return []
    unwaived, proven = Documents(items=documents.items), evidence.proven
    wanting = missing((command.material,), unwaived, command.about, proven)
    if wanting:
        raise Refused("INV-099", "material", detail=", ".join(wanting))
    material = materials()[command.material]
    family = (command.material, *material.parts, *((material.parent,) if material.parent else ()))
    files = [name for one in family for name in unwaived.answering(one, command.about)]
    return [
        MaterialConfirmed(
            occurred_on=command.occurred_on,
            material=command.material,
            about=command.about,
            documents=tuple(dict.fromkeys(files)),
            by_event=not proven.isdisjoint(family),
        )
    ]


class WaiveMaterial(Command, frozen=True, kw_only=True, tag="waive-material"):
    """The superior lets the branch off a material."""

    zh: ClassVar[str] = "批准资料免交"
    en: ClassVar[str] = "Waive a material"

    material: Which
    about: Matter = None
    reason: Annotated[LongText, label("免交原因", "Reason")] = ""


def waive_material(command: WaiveMaterial, _context: Context, documents: Documents) -> Outcome:
    """INV-098: by the superior (the right), and with a reason."""
    known_materials((command.material,), "material")
    if not command.reason.strip():
        raise Refused("INV-098", "reason")
    if (command.material, command.about) in documents.waived:
        return []
    return [MaterialWaived(occurred_on=command.occurred_on, material=command.material, about=command.about, reason=command.reason)]


class EndMaterialWaiver(Command, frozen=True, kw_only=True, tag="end-material-waiver"):
    """The superior asks for a waived material after all."""

    zh: ClassVar[str] = "撤销资料免交"
    en: ClassVar[str] = "End the waiver of a material"

    material: Which
    about: Matter = None
    reason: Annotated[Text, label("撤销原因", "Reason", min_length=1)]


def end_material_waiver(command: EndMaterialWaiver, _context: Context, documents: Documents) -> Outcome:
    """A waiver that does not stand, or does not any more, is nothing to end."""
    known_materials((command.material,), "material")
    if (command.material, command.about) not in documents.waived:
        return []
    return [MaterialWaiverEnded(occurred_on=command.occurred_on, material=command.material, about=command.about, reason=command.reason)]


CASES = (
    Case(command=ConfirmMaterial, right=Right.WORK_WRITE, reads=(DOCUMENTS, EVIDENCE), decide=confirm_material),
    Case(command=WaiveMaterial, right=Right.SUPERIOR_WRITE, reads=(DOCUMENTS,), decide=waive_material),
    Case(command=EndMaterialWaiver, right=Right.SUPERIOR_WRITE, reads=(DOCUMENTS,), decide=end_material_waiver),
)
