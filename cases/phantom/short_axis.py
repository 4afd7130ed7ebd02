"""The same thigh in short axis, frame by frame."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from cases.phantom.activation import activation, hand, under_the_hand
from cases.phantom.long_axis_motion import LayersAtRest, LongAxisMotion, layers_at_rest
from cases.phantom.scatterers import ScattererGroup, slice_positions
from cases.phantom.scene import Scene
from cases.phantom.short_axis_shape import SectionShape
from cases.phantom.short_axis_tissue import section_groups
from cases.phantom.tear_edges import TearEdges
from cases.phantom.tissue_frame import Shadow, TissueFrame, fluid_of_closed_tear

FloatArray = NDArray[np.float64]
SLICES = 4


@dataclass(frozen=True, slots=True, eq=False)
class ShortAxisThigh:
    """A filled cross-section, ready to be put into any frame of its manoeuvre.

    Parameters
    ----------
    scene : Scene
        What it was made from.
    shape, layers, edges, groups
        Section, long-axis borders, tear and scatterers.
    activation, hand, slice_position : ndarray
        Of each frame; the last for a free end, which leaves the plane.
    """

    scene: Scene
    shape: SectionShape
    layers: LayersAtRest
    edges: TearEdges | None
    groups: tuple[ScattererGroup, ...]
    activation: FloatArray
    hand: FloatArray
    slice_position: FloatArray

    @classmethod
    def of(cls, scene: Scene) -> Self:
        """Fill the section of a scene."""
        layers = layers_at_rest(scene)
        edges = TearEdges.of(scene) if scene.tear is not None else None
        shape = SectionShape.of(scene)
        effort, held = activation(scene), hand(scene)
        # Muscle runs through this plane: shortening alone carries it out of the slice.
        through = LongAxisMotion(scene, layers, edges, 1.0)
        probe_at, middle = np.array([scene.short_axis_at_mm + 4.0]), np.array([0.5])
        carried = min(abs(float(through.rectus_x(probe_at, middle, 1)[0] - probe_at[0])), 4.5)
        position = slice_positions(effort * carried + held[:, 1], scene.probe.elevation_width_mm)
        groups = section_groups(scene, shape, SLICES)
        return cls(scene, shape, layers, edges, tuple(groups), effort, held, position)

    def motion(self, frame_index: int) -> LongAxisMotion:
        """Return the long-axis deformation that this section takes part in."""
        return LongAxisMotion(self.scene, self.layers, self.edges, float(self.activation[frame_index]))

    def seen(self, frame_index: int, x_mm: FloatArray, z_mm: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Coordinates in the picture of tissue, given how the probe is held in that frame."""
        return under_the_hand(self.hand[frame_index], x_mm, z_mm)

    def frame(self, frame_index: int) -> TissueFrame:
        """All scatterers, the cortex and the shadows of one frame."""
        motion = self.motion(frame_index)
        places, amplitudes, losses = [], [], []
        for group in self.groups:
            places.append(self.seen(frame_index, *self.shape.moved(group.u, group.v, motion)))
            amplitude, loss = self._echo(group, motion, frame_index)
            amplitudes.append(amplitude)
            losses.append(loss)
        bone_x, bone_z = self.seen(frame_index, *self.cortex(motion))
        return TissueFrame(
            np.concatenate([p[0] for p in places]).astype(np.float32),
            np.concatenate([p[1] for p in places]).astype(np.float32),
            np.concatenate(amplitudes),
            np.concatenate(losses),
            np.concatenate([[-1e3, bone_x[0] - 1e-3], bone_x, [bone_x[-1] + 1e-3, 1e3]]),
            np.concatenate([[1e3, 1e3], bone_z, [1e3, 1e3]]),
            self._shadows(frame_index, motion),
        )

    def cortex(self, motion: LongAxisMotion) -> tuple[FloatArray, FloatArray]:
        """Outline of the near half of the femur, moved."""
        x0, z0, radius = self.shape.femur_mm
        angle = np.linspace(-0.46 * np.pi, 0.46 * np.pi, 160)
        x, z = x0 + radius * np.sin(angle), z0 - radius * np.cos(angle)
        top = np.full_like(x, self.scene.thigh.cortex_mm)
        _, lowered = self.shape.moved(np.full_like(x, x0), top, motion)
        return x, z + lowered - top

    def _echo(
        self, group: ScattererGroup, motion: LongAxisMotion, frame_index: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Amplitude and attenuation of a group now; muscle gives way to fluid where its ends have left."""
        position = float(self.slice_position[frame_index])
        loss = np.full(group.u.shape, group.attenuation_db_per_mm, dtype=np.float32)
        if group.region not in ("rectus", "fluid"):
            still = position if group.region == "muscle" else 0.0
            return group.amplitude_at(0.3 * still), loss
        opened = self.shape.open_share(group.u, group.v, motion).astype(np.float32)
        if group.region == "rectus":
            return group.amplitude_at(min(position, SLICES - 1.0)) * np.sqrt(1 - opened), loss * (
                1 - 0.5 * opened
            )
        tear = self.scene.tear
        if tear is None:
            return group.amplitude_at(0.0) * 0, loss
        if not tear.closed_at_rest:
            level = tear.echo_rest_db + (tear.echo_open_db - tear.echo_rest_db) * motion.opening
            diluted = group.amplitude_at(position) * np.float32(10 ** (level / 20))
            return diluted * np.sqrt(opened), loss * opened
        fluid = fluid_of_closed_tear(group, tear, position, motion.opening)
        return fluid * np.sqrt(opened), loss * opened

    def _shadows(self, frame_index: int, motion: LongAxisMotion) -> tuple[Shadow, ...]:
        """Refraction at the steep lateral and medial borders of rectus femoris."""
        x, z = self.shape.outline_px_points(240)
        moved_x, moved_z = self.seen(frame_index, *self.shape.moved(x, z, motion))
        x0, _ = self.shape.centre_mm
        width = self.scene.thigh.rectus_width_mm
        loss = 3.5 + (0.45 * self.scene.tear.shadow_db * motion.opening if self.scene.tear else 0.0)
        shadows = []
        for side in (-1, 1):
            steep = side * (x - x0) > 0.42 * width
            shadows.append(Shadow(moved_x[steep], moved_z[steep], loss, 2.2))
        return tuple(shadows)
