"""The formats that marks can be written in; what each of them cannot hold is in `losses`."""

from enum import StrEnum

from annotations.mark import Kind

RASTERED = (Kind.POLYGON, Kind.AREA, Kind.TISSUE, Kind.ELLIPSE)


class Format(StrEnum):
    """Formats of other programs, and our own."""

    JSON = "json"
    SR = "sr"
    GSPS = "gsps"
    SEG = "seg"
    CVAT = "cvat"
    COCO = "coco"

    @property
    def label(self) -> str:
        """Name for people."""
        return _TITLES[self]

    @property
    def suffix(self) -> str:
        """Usual ending of a file's name."""
        return _SUFFIXES[self]


_TITLES = {
    Format.JSON: "our JSON",
    Format.SR: "DICOM structured report (TID 1500)",
    Format.GSPS: "DICOM softcopy presentation state",
    Format.SEG: "DICOM segmentation",
    Format.CVAT: "CVAT for video 1.1",
    Format.COCO: "COCO",
}
_SUFFIXES = {
    Format.JSON: ".json",
    Format.SR: ".dcm",
    Format.GSPS: ".dcm",
    Format.SEG: ".dcm",
    Format.CVAT: ".xml",
    Format.COCO: ".json",
}
