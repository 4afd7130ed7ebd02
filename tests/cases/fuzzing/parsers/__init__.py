"""Every parser of ours, each with a harness: one small module a parser."""

from tests.cases.fuzzing.parsers import (
    annotation_document,
    archive,
    coco,
    code_streams,
    cvat,
    dicom_fragments,
    dicom_header,
    dicom_structure,
    manifest,
    messages,
    pack,
    recognition,
)
from tests.cases.fuzzing.parsers.parser import Parser

PARSERS: dict[str, Parser] = {
    module.__name__.rpartition(".")[2]: module.PARSER
    for module in (
        pack, messages, recognition, dicom_structure, dicom_header, dicom_fragments, code_streams, archive,
        manifest, annotation_document, coco, cvat,
    )
}  # fmt: skip
