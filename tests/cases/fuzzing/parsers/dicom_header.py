"""Everything that is read of a DICOM file before its first frame: header, layout, times, scale, palette."""

import tempfile
import warnings
from pathlib import Path

from pydicom.config import disable_value_validation

from cases.decoding.dicom_file import open_dicom
from cases.decoding.dicom_header import read_layout
from cases.decoding.dicom_palette import read_palette
from cases.decoding.dicom_scale import read_scale
from cases.decoding.dicom_time import read_timing
from cases.decoding.dicom_values import carries_identity, read_rescale, read_windows
from cases.decoding.source import Findings, RefusedError, Wishes
from tests.cases import clip_factory as factory
from tests.cases.fuzzing.parsers.parser import Parser, in_a_file
from tests.cases.fuzzing.seeds import with_palette

_FOLDER = Path(tempfile.mkdtemp(prefix="parser-"))


def _parse(content: bytes) -> None:
    # As in the decoding process: values that break the rules of DICOM are not worth a warning.
    with warnings.catch_warnings(), disable_value_validation():
        warnings.simplefilter("ignore")
        _read(content)


def _read(content: bytes) -> None:
    wishes, findings = Wishes(), Findings()
    file = open_dicom(in_a_file(content, "a.dcm", _FOLDER), wishes.limits)
    with file.stream:
        carries_identity(file.dataset)
        layout = read_layout(file.dataset, wishes.limits)
        if layout.photometric == "PALETTE COLOR":
            read_palette(file.dataset)
        timing = read_timing(file.dataset, layout.frames, wishes, findings)
        assert timing.frame_starts_s is None or len(timing.frame_starts_s) == layout.frames
        read_scale(file.dataset, layout.rows, layout.columns, wishes, findings)
        read_rescale(file.dataset)
        read_windows(file.dataset, findings)


def _seeds() -> list[bytes]:
    clip, folder = factory.NumberedClip(frames=3, rows=16, columns=160), _FOLDER
    region = [factory.RegionOfTest(0, 0, 9, 9)]
    vector = factory.uneven_increments_ms(3)
    paths = [
        factory.write_dicom(folder / "1.dcm", clip, factory.IMPLICIT, regions=region),
        factory.write_dicom(folder / "2.dcm", clip, factory.BIG_ENDIAN, vector_ms=vector, regions=region),
        factory.write_dicom(folder / "3.dcm", clip, change=with_palette),
        *factory.write_mr_series(folder, slices=1),
    ]
    return [path.read_bytes() for path in paths]


PARSER = Parser("the header of a DICOM file", _parse, (RefusedError,), _seeds)
