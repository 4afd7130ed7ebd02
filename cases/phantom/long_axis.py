"""The thigh in long axis, frame by frame."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.activation import activation, hand, under_the_hand
from cases.phantom.long_axis_blood import blood_groups
from cases.phantom.long_axis_motion import LayersAtRest, LongAxisMotion, layers_at_rest
from cases.phantom.long_axis_tissue import long_axis_groups, place
from cases.phantom.noise import smoothstep
from cases.phantom.scatterers import ScattererGroup, slice_positions
from cases.phantom.scene import Scene
from cases.phantom.tear_edges import SIDES, TearEdges
from cases.phantom.tissue_frame import Shadow, TissueFrame, fluid_of_closed_tear

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LongAxisThigh:
    """A filled thigh, ready to be put into any frame of its manoeuvre.

    Parameters
    ----------
    scene : Scene
        What it was made from.
    layers, edges, groups
        Borders at rest, tear, scatterers.
    activation, hand, slice_position : ndarray
        Of each frame.
    """

    scene: Scene
    layers: LayersAtRest
    edges: TearEdges | None
    groups: tuple[ScattererGroup, ...]
    activation: FloatArray
    hand: FloatArray
    slice_position: FloatArray

    @classmethod
    def of(cls, scene: Scene) -> Self:
        """Fill the thigh of a scene."""
        layers = layers_at_rest(scene)
        edges = TearEdges.of(scene) if scene.tear is not None else None
        effort, held = activation(scene), hand(scene)
        out_of_plane = effort * scene.manoeuvre.out_of_plane_mm + held[:, 1]
        position = slice_positions(out_of_plane, scene.probe.elevation_width_mm)
        slices = int(np.ceil(position.max())) + 1
        groups = long_axis_groups(scene, layers, edges, slices)
        if edges is not None:
            groups += blood_groups(scene, edges, LongAxisMotion(scene, layers, edges, 1.0), slices)
        return cls(scene, layers, edges, tuple(groups), effort, held, position)

    def motion(self, frame_index: int) -> LongAxisMotion:
        """Deformation of the tissue in one frame, before the hand moves the probe."""
        return LongAxisMotion(self.scene, self.layers, self.edges, float(self.activation[frame_index]))

    def seen(self, frame_index: int, x_mm: FloatArray, z_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coordinates in the picture of tissue, given how the probe is held in that frame."""
        return under_the_hand(self.hand[frame_index], x_mm, z_mm)

    def frame(self, frame_index: int) -> TissueFrame:
        """All scatterers, the cortex and the shadows of one frame."""
        motion = self.motion(frame_index)
        places, amplitudes, losses = [], [], []
        for group in self.groups:
            x, z = self.seen(frame_index, *place(group, motion))
            places.append((x, z))
            amplitudes.append(self._amplitude(group, frame_index))
            losses.append(np.full(x.shape, group.attenuation_db_per_mm, dtype=np.float32))
        bone_x, bone_z = self.seen(frame_index, self.layers.x_mm, motion.borders["bone"])
        order = np.argsort(bone_x)
        return TissueFrame(
            np.concatenate([p[0] for p in places]).astype(np.float32),
            np.concatenate([p[1] for p in places]).astype(np.float32),
            np.concatenate(amplitudes),
            np.concatenate(losses),
            bone_x[order],
            bone_z[order],
            self._shadows(frame_index, motion),
        )

    def _amplitude(self, group: ScattererGroup, frame_index: int) -> NDArray[np.float32]:
        """Amplitude of a group now: its slice, and for the gap how far it is diluted."""
        position = float(self.slice_position[frame_index])
        tear = self.scene.tear
        opening = float(np.clip(self.activation[frame_index], 0, 1))
        if group.region.startswith("frond"):
            return group.amplitude_at(position) * np.float32(0.25 + 0.75 * np.sqrt(opening))
        if group.region != "fluid" or tear is None:
            return group.amplitude_at(position)
        # At rest the same scatterers stand closer together; that alone is brighter by the density.
        crowding = 10 * np.log10(max(tear.gap_peak_mm / max(self.motion(frame_index).gap_mm, 0.1), 1.0))
        if not tear.closed_at_rest:
            level = tear.echo_rest_db + (tear.echo_open_db - tear.echo_rest_db) * opening
            return group.amplitude_at(1.9 * position) * np.float32(10 ** ((level - crowding) / 20))
        fluid = fluid_of_closed_tear(group, tear, 1.9 * position, opening)
        return fluid * np.float32(10 ** (-crowding / 20))

    def _shadows(self, frame_index: int, motion: LongAxisMotion) -> tuple[Shadow, ...]:
        """Refractive shadow along both ends."""
        tear = self.scene.tear
        if tear is None:
            return ()
        share = 0.12 + 0.88 * float(smoothstep(0.1, 0.9, np.array(motion.opening)))
        shadows = []
        for side, strength in zip(SIDES, (1.0, 0.95), strict=True):
            x, z = self.seen(frame_index, *motion.end(side))
            # Sound is refracted away where a beam only grazes an end: where the end bulges into the gap.
            grazed = float(np.percentile(x, 72 if side < 0 else 28))
            line = grazed + 0.2 * (x - grazed) + 0.4 * side * share
            shadows.append(Shadow(line, z, tear.shadow_db * share * strength, 1.4 + 0.5 * share))
        return tuple(shadows)
