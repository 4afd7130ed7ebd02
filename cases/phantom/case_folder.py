"""The manifest of a bundled case: our words, and what the phantom knows about its clips and views."""

import hashlib
import tomllib
from dataclasses import asdict
from pathlib import Path

from cases.phantom.activation import phases
from cases.phantom.catalogue import CLIPS, MAIN_CASE, SERIES, ShippedClip, clip_named
from cases.phantom.landmarks import crossing_px, landmark_pairs, scan_plane_px
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.mr_object import MrSeries
from cases.phantom.toml_text import to_toml

WORDS = Path(__file__).parent / "words"
LICENCE = "CC-BY-4.0"
MAIN_CLIP = "long-axis-defect"
TITLES = {
    "pd-fs-sagittal": "MRI-style PD fat-saturated, sagittal, at rest (simulated)",
    "t1-axial": "MRI-style T1, axial, at rest (simulated)",
    "stir-axial": "MRI-style STIR, axial, at rest (simulated)",
}
ALTS = {
    "pd-fs-sagittal": "Simulated sagittal picture in the style of a fat-saturated proton-density MRI of the thigh at rest. "
    "A hazy bright zone lies in rectus femoris; no cleft can be measured in it.",
    "t1-axial": "Simulated axial picture in the style of a T1 MRI of the whole thigh at rest. Fat is bright; rectus femoris "
    "looks continuous.",
    "stir-axial": "Simulated axial picture in the style of a STIR MRI of the whole thigh at rest. Rectus femoris is hazily "
    "bright at the level of the injury.",
}
ORDER = (MAIN_CASE, "partial-tear", "haematoma-hides-gap", "probe-slip")
TAKEAWAYS = {
    "small-defect": "At rest the ends lie {gap_rest_mm} mm apart and are easily missed; contraction parts them to "
    "{gap_peak_mm} mm (as tracked in this simulated clip), and the tear is seen to be complete.",
    "haematoma": "Blood fills the gap, {gap_rest_mm} mm at rest and {gap_peak_mm} mm on contraction (as tracked in this "
    "simulated clip); what its brightness cannot tell is its age.",
    "side-to-side": "Only beside the other side, in the same position and manoeuvre, does the muscle show itself as thinner "
    "and brighter.",
    "bridging": "Fibres that hold through the whole contraction, in either plane, make the tear partial.",
    "hidden": "Blood as bright as muscle hides the gap at rest; it is the ends that move apart that give it away.",
    "slip": "When bone and skin move with the muscle, the probe has moved: what then appears is no tear.",
}
COMPARISONS: dict[str, tuple[tuple[str, str, str | None, str, str], ...]] = {
    # id, title, static view, clip at rest, clip in contraction
    MAIN_CASE: (
        ("small-defect", "A small defect at rest is a complete tear", "pd-fs-sagittal", MAIN_CLIP, MAIN_CLIP),
        (
            "small-defect-short",
            "The same in short axis",
            "stir-axial",
            "short-axis-defect",
            "short-axis-defect",
        ),
        (
            "side-to-side",
            "Intact other side and injured side, same manoeuvre",
            None,
            "other-side",
            "dynamic-atrophy",
        ),
        ("haematoma", "Complete tear with a large haematoma", None, "haematoma-long", "haematoma-long"),
        ("haematoma-short", "The haematoma in short axis", None, "haematoma-short", "haematoma-short"),
        ("ends", "The muscle ends separate", None, "ends-separate", "ends-separate"),
    ),
    "partial-tear": (
        ("bridging", "Superficial fibres bridge", None, "partial-long", "partial-long"),
        ("bridging-short", "The same in short axis", None, "partial-short", "partial-short"),
    ),
    "haematoma-hides-gap": (
        ("hidden", "Hidden at rest, open in contraction", None, "hidden-gap", "hidden-gap"),
    ),
    "probe-slip": (("slip", "Rest, and a slipping probe", None, "slipping-probe", "slipping-probe"),),
}


def manifest_text(case_id: str) -> str:
    """Content of a case's ``case.toml``."""
    words = tomllib.loads((WORDS / f"{case_id}.toml").read_text(encoding="utf-8"))
    clips = [clip for clip in CLIPS if clip.case_id == case_id]
    content: dict[str, object] = {
        "schema_version": 1,
        "id": case_id,
        "title": words["title"],
        "teaches": words["teaches"],
        "level": words["level"],
        "origin": "simulated",
        "licence": LICENCE,
        "order": ORDER.index(case_id) + 1,
        "credit": words["credit"],
        "sources": words["sources"],
        "text": {key: value if "\n" in value else value + "\n" for key, value in words["text"].items()},
        "clips": [_clip(clip) for clip in clips],
    }
    if case_id == MAIN_CASE:
        content["static_views"] = [_static_view(series) for series in SERIES]
    content["comparisons"] = [_comparison(*row) for row in COMPARISONS[case_id]]
    return to_toml(content)


def write_checksums(folder: Path) -> Path:
    """Write ``SHA256SUMS`` of every file of every case, beside the case folders."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}"
        for path in sorted(folder.glob("*/*"))
    ]
    path = folder / "SHA256SUMS"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _clip(clip: ShippedClip) -> dict[str, object]:
    """Entry of one clip."""
    scene = clip.scene
    chapters = [
        {"name": name, "first_frame": first, "last_frame": last}
        for name, first, last in phases(scene.manoeuvre)
    ]
    parameters: dict[str, object] = {"quality": "simulated values"}
    if scene.tear is not None:
        tear = asdict(scene.tear)
        parameters |= {
            key: tear[key] for key in ("gap_rest_mm", "gap_peak_mm", "torn_from", "echo_rest_db", "clot")
        }
    parameters["rectus_mm"] = scene.thigh.rectus_mm
    if scene.probe_motion.slip_mm:
        parameters["slip_mm"] = scene.probe_motion.slip_mm
    return {
        "id": scene.name,
        "file": f"{scene.name}.dcm",
        "title": clip.title,
        "alt": clip.alt,
        "plane": scene.plane,
        "side": scene.side,
        "screen_left": clip.screen_left,
        "chapters": chapters,
        "truth": f"{scene.name}.truth.npz",
        "simulation": {"scene": scene.name, "seed": scene.seed, "parameters": parameters},
    }


def _static_view(series: MrSeries) -> dict[str, object]:
    """Entry of one static view, with planes and landmarks."""
    thigh = LongAxisThigh.of(clip_named(MAIN_CLIP).scene)
    geometry = series.geometry
    planes: list[dict[str, object]] = []
    for name in (MAIN_CLIP, "short-axis-defect"):
        scene = clip_named(name).scene
        flat = scan_plane_px(scene, geometry)
        if flat is not None:
            planes.append({"clip": name, "slice": flat[0] + 1, "outline_px": [list(p) for p in flat[1]]})
        line = crossing_px(scene, geometry)
        if line is not None:
            planes.append(
                {"clip": name, "slice": _key_slice(series) + 1, "outline_px": [list(p) for p in line]}
            )
    landmarks = [
        {
            "label": label, "clip": MAIN_CLIP, "frame": 1, "clip_px": list(clip_px),
            "slice": _key_slice(series) + 1, "static_px": list(static_px),
        }
        for label, clip_px, static_px in (landmark_pairs(thigh, geometry) if geometry.plane == "sagittal" else [])
    ]  # fmt: skip
    view: dict[str, object] = {
        "id": series.name,
        "files": list(series.file_names),
        "title": TITLES[series.name],
        "alt": ALTS[series.name],
        "mri_style": True,
        "sequence": series.sequence.name,
        "key_slice": _key_slice(series) + 1,
        "scan_planes": planes,
    }
    return view | ({"landmarks": landmarks} if landmarks else {})


def _key_slice(series: MrSeries) -> int:
    """Zero-based slice that holds the plane of the ultrasound."""
    return series.geometry.nearest_slice(clip_named("short-axis-defect").scene.short_axis_at_mm, 0.0)


def _comparison(
    identity: str, title: str, static: str | None, rest: str, contraction: str
) -> dict[str, object]:
    """Entry of one comparison."""
    entry: dict[str, object] = {"id": identity, "title": title}
    if static is not None:
        entry["static"] = {"view": static}
    if rest == contraction:
        entry["rest"] = {"clip": rest, "chapter": "rest"}
    else:
        entry["rest"] = {"clip": rest}
    entry["contraction"] = {"clip": contraction}
    entry["link"] = "phase"
    if identity in TAKEAWAYS:
        entry["takeaway"] = TAKEAWAYS[identity]
    return entry
