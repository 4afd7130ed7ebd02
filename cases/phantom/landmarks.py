"""Places that ultrasound and static view share, and where the ultrasound plane lies in a static view."""

import numpy as np

from cases.phantom.canvas import Region
from cases.phantom.long_axis import LongAxisThigh
from cases.phantom.long_axis_tissue import CENTRAL_APONEUROSIS
from cases.phantom.mr_scan import MrGeometry
from cases.phantom.scene import Scene

Point = tuple[float, float]
BONE, TOP, FASCIA = "bone", "top", "fascia"


def landmark_pairs(thigh: LongAxisThigh, geometry: MrGeometry) -> list[tuple[str, Point, Point]]:
    """Landmarks in the first frame of a long-axis clip and in the sagittal slice that holds its plane.

    Parameters
    ----------
    thigh : LongAxisThigh
        The clip's thigh.
    geometry : MrGeometry
        A sagittal series of the same thigh.

    Returns
    -------
    list of (label, point in the clip, point in the slice)
        In pixels of either picture, origin at the top-left corner.
    """
    motion, region = thigh.motion(0), Region.of(thigh.scene.probe)
    at = thigh.scene.tear.position_mm if thigh.scene.tear else 0.0
    places = [
        ("fascia lata above the defect", at, "fascia", 0.0),
        ("fascia lata, 18 mm proximal", at - 18.0, "fascia", 0.0),
        ("fascia lata, 18 mm distal", at + 18.0, "fascia", 0.0),
        (
            "central aponeurosis, 15 mm proximal",
            at - 15.0,
            "rectus",
            CENTRAL_APONEUROSIS + 0.0016 * (at - 15.0),
        ),
        (
            "central aponeurosis, 15 mm distal",
            at + 15.0,
            "rectus",
            CENTRAL_APONEUROSIS + 0.0016 * (at + 15.0),
        ),
        ("defect, mid-depth", at, "rectus", 0.5),
        ("deep border of rectus femoris, 18 mm proximal", at - 18.0, "rectus", 1.0),
        ("deep border of rectus femoris, 18 mm distal", at + 18.0, "rectus", 1.0),
        ("femoral cortex below the defect", at, "bone", 0.0),
        ("femoral cortex, 20 mm proximal", at - 20.0, "bone", 0.0),
    ]
    pairs = []
    for label, x_mm, border, zeta in places:
        x = np.array([x_mm])
        if border == "rectus":
            top, bottom = motion.border("top", x), motion.border("bottom", x)
            z, rest_z = top + zeta * (bottom - top), thigh.layers.top(x) + zeta * thigh.layers.height(x)
        elif border == "bone":
            z, rest_z = motion.border("bone", x), np.interp(x, thigh.layers.x_mm, thigh.layers.bone_mm)
        else:
            z, rest_z = motion.border("fascia", x), thigh.layers.top(x)
        shown = region.to_px(*thigh.seen(0, x, z))[0]
        pairs.append((label, (float(shown[0]), float(shown[1])), geometry.to_px(x_mm, 0.0, float(rest_z[0]))))
    return pairs


def scan_plane_px(scene: Scene, geometry: MrGeometry) -> tuple[int, list[Point]] | None:
    """Slice and outline in which the plane of a clip lies flat.

    Returns
    -------
    tuple of int and list of points, or None
        Zero-based slice and outline in pixels; None when the plane crosses the slices of this series.
    """
    half, depth = scene.probe.width_mm / 2, scene.probe.depth_mm
    corners = [(-half, 0.0), (half, 0.0), (half, depth), (-half, depth)]
    if scene.plane == "long axis" and geometry.plane == "sagittal":
        return geometry.nearest_slice(0.0, 0.0), [geometry.to_px(x, 0.0, z) for x, z in corners]
    if scene.plane == "short axis" and geometry.plane == "axial":
        at = scene.short_axis_at_mm
        return geometry.nearest_slice(at, 0.0), [geometry.to_px(at, y, z) for y, z in corners]
    return None


def crossing_px(scene: Scene, geometry: MrGeometry) -> list[Point] | None:
    """Line along which the plane of a clip crosses the slices of a series, or None when it lies flat in one."""
    depth = scene.probe.depth_mm
    if scene.plane == "long axis" and geometry.plane == "axial":
        return [geometry.to_px(0.0, 0.0, 0.0), geometry.to_px(0.0, 0.0, depth)]
    if scene.plane == "short axis" and geometry.plane == "sagittal":
        at = scene.short_axis_at_mm
        return [geometry.to_px(at, 0.0, 0.0), geometry.to_px(at, 0.0, depth)]
    return None
