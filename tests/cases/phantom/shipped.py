"""Where the shipped files are."""

from pathlib import Path

BUNDLED = Path(__file__).parents[3] / "cases" / "bundled"
CLIP_FILES = sorted(
    path.with_name(path.name.replace(".truth.npz", ".dcm")) for path in BUNDLED.glob("*/*.truth.npz")
)
MR_FILES = sorted(set(BUNDLED.glob("*/*.dcm")) - set(CLIP_FILES))
