"""Coded concepts for muscle injury, each from a dictionary that pydicom carries or from our own scheme."""

from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, Field

from annotations.part import AnnotationPart, printable

PRIVATE_SCHEME = "99MSUS"


class Concept(AnnotationPart):
    """A code, the scheme that it belongs to and what it means.

    References
    ----------
    DICOM PS3.3 section 8, "Coding of Entries"; PS3.16 annex D. A scheme that begins with 99 is private.
    """

    scheme: Annotated[str, Field(min_length=1, max_length=16), AfterValidator(printable)]
    code: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(printable)]
    meaning: Annotated[str, Field(min_length=1, max_length=64), AfterValidator(printable)]


class Term(StrEnum):
    """The built-in concepts, by the name that the menu shows them under."""

    RECTUS_FEMORIS = "rectus femoris"
    PROXIMAL_STUMP = "proximal stump"
    DISTAL_STUMP = "distal stump"
    GAP = "gap between the stumps"
    TEAR = "muscle tear"
    HAEMATOMA = "haematoma"
    CENTRAL_APONEUROSIS = "central aponeurosis"
    FASCIA = "fascia"
    VASTUS_INTERMEDIUS = "vastus intermedius"
    FEMORAL_CORTEX = "femoral cortex"
    FEMUR = "femur"
    MUSCLE = "muscle"
    TENDON = "tendon"
    SUBCUTANEOUS_TISSUE = "subcutaneous tissue"
    SCAR = "scar"
    SEROMA = "seroma"
    OEDEMA = "oedema"
    POSTERIOR_SHADOW = "posterior shadow"
    PROBE_LANDMARK = "landmark of the probe"


def _ours(code: str, meaning: str) -> Concept:
    return Concept(scheme=PRIVATE_SCHEME, code=code, meaning=meaning)


def _snomed(code: str, meaning: str) -> Concept:
    return Concept(scheme="SCT", code=code, meaning=meaning)


# Codes of SCT and DCM are copied from pydicom.sr.codedict, and a test looks each of them up there. What that
# dictionary does not hold (rectus femoris, aponeuroses, stumps) is in our own scheme, never guessed.
CONCEPTS: dict[Term, Concept] = {
    Term.RECTUS_FEMORIS: _ours("RECTUS_FEMORIS", "Rectus femoris muscle"),
    Term.PROXIMAL_STUMP: _ours("PROXIMAL_STUMP", "Proximal muscle stump"),
    Term.DISTAL_STUMP: _ours("DISTAL_STUMP", "Distal muscle stump"),
    Term.GAP: _ours("GAP", "Gap between torn muscle ends"),
    Term.TEAR: _ours("MUSCLE_TEAR", "Muscle tear"),
    Term.HAEMATOMA: _snomed("35566002", "Hematoma"),
    Term.CENTRAL_APONEUROSIS: _ours("CENTRAL_APONEUR", "Central aponeurosis"),
    Term.FASCIA: _snomed("120576005", "Fascial layer"),
    Term.VASTUS_INTERMEDIUS: _ours("VASTUS_INTERMED", "Vastus intermedius muscle"),
    Term.FEMORAL_CORTEX: _ours("FEMORAL_CORTEX", "Cortex of femur"),
    Term.FEMUR: _snomed("41111004", "Shaft of Femur"),
    Term.MUSCLE: _snomed("127954009", "Skeletal muscle"),
    Term.TENDON: _snomed("13024002", "Tendon"),
    Term.SUBCUTANEOUS_TISSUE: _snomed("71966008", "Subcutaneous tissue"),
    Term.SCAR: _snomed("12402003", "Scar tissue"),
    Term.SEROMA: _snomed("56021002", "Seroma"),
    Term.OEDEMA: _snomed("79654002", "Edema"),
    Term.POSTERIOR_SHADOW: Concept(scheme="DCM", code="111369", meaning="Posterior shadowing"),
    Term.PROBE_LANDMARK: _ours("PROBE_LANDMARK", "Landmark for the position of the probe"),
}
