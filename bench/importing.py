"""Import of a clip by us, beside the least that any import must do."""

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path

import simplejpeg

from cases.decoding import Decoder
from cases.store import ClipStore


def our_import(dicom: Path, folder: Path) -> dict[str, float]:
    """Import a DICOM file into a new store with a decoding child that has read one before."""
    with Decoder() as decoder:
        ClipStore(folder / "warm").import_file(dicom, decoder)
        store = ClipStore(folder / "measured")
        begun_s = time.perf_counter()
        store.import_file(dicom, decoder)
        return {"import_ms": (time.perf_counter() - begun_s) * 1000}


def least_import(dicom: Path, jpegs: Sequence[bytes], folder: Path) -> dict[str, float]:
    """Read, hash, decode each frame once with simplejpeg in one thread, write and fsync.

    The frames are at hand already, so finding them in the file is not counted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    begun_s = time.perf_counter()
    content = dicom.read_bytes()
    name = hashlib.sha256(content).hexdigest()
    for jpeg in jpegs:
        simplejpeg.decode_jpeg(jpeg, colorspace="GRAY")
    with (folder / name).open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    return {"import_ms": (time.perf_counter() - begun_s) * 1000}
