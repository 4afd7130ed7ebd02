import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotations.motion.affine_fit import fit_affine, fit_rigid, turned
from annotations.motion.dense_tracking import DenseInverseSearch, sample
from annotations.motion.errors import MotionCancelledError
from annotations.motion.registration import Level, Likeness, Piece, register
from annotations.motion.sparse_tracking import LucasKanade, grid_points, track_points
from annotations.motion.work import Work
from tests.annotations.motion.torn_muscle import speckle

TEXTURE = np.clip(speckle(np.random.default_rng(3), (160, 200)), 0, 255).astype(np.uint8)
POINTS = grid_points((160, 200), 20.0, 40.0)
SHIFTS = st.floats(-6.0, 6.0)


def shifted(dx: float, dy: float) -> np.ndarray:
    matrix = np.array([[1, 0, dx], [0, 1, dy]], dtype=np.float64)
    return cv2.warpAffine(TEXTURE, matrix, (200, 160), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT)


@settings(max_examples=25, deadline=None)
@given(dx=SHIFTS, dy=SHIFTS)
def test_points_follow_a_shift_to_a_tenth_of_a_pixel_and_come_back(dx: float, dy: float) -> None:
    moved, gone = LucasKanade().follow_and_return(TEXTURE, shifted(dx, dy), POINTS)
    assert np.median(np.abs(moved - POINTS - (dx, dy))) < 0.1
    assert np.median(gone) < 0.1


@settings(max_examples=8, deadline=None)
@given(dx=SHIFTS, dy=SHIFTS)
def test_dense_flow_agrees_with_the_shift(dx: float, dy: float) -> None:
    flow = sample(DenseInverseSearch().flow(TEXTURE, shifted(dx, dy)), POINTS)
    assert np.median(np.abs(flow - (dx, dy))) < 0.25


def test_tracks_run_from_the_anchor_to_both_ends() -> None:
    frames = [shifted(1.5 * index, 0) for index in range(7)]
    for tracker in (LucasKanade(), DenseInverseSearch()):
        tracks = track_points(frames, POINTS, anchor=3, tracker=tracker)
        went = np.median(tracks.points_px[:, :, 0] - POINTS[:, 0], axis=1)
        assert np.allclose(went, 1.5 * (np.arange(7) - 3), atol=0.3)
        assert tracks.confidence.min() > 0.6
        assert not tracks.lost[3].any()


def test_a_point_that_leaves_the_picture_is_lost_for_good() -> None:
    frames = [shifted(12.0 * index, 0) for index in range(6)]
    tracks = track_points(frames, np.array([[170.0, 80.0]]))
    assert tracks.lost[-1, 0]
    assert np.all(np.diff(tracks.lost[:, 0].astype(int)) >= 0)
    assert tracks.confidence[-1] == 0


def test_frozen_frames_do_not_move_and_do_not_divide_by_zero() -> None:
    blank = np.zeros((60, 80), np.uint8)
    tracks = track_points([blank] * 5, grid_points((60, 80), 10.0, 15.0))
    assert np.isfinite(tracks.points_px).all()
    still = track_points([TEXTURE] * 4, POINTS)
    assert np.allclose(still.points_px, POINTS, atol=0.02)


def test_tracking_stops_when_it_is_asked_to() -> None:
    steps: list[tuple[int, int]] = []
    work = Work(lambda done, planned: steps.append((done, planned)), lambda: len(steps) >= 2)
    work.plan(5)
    with pytest.raises(MotionCancelledError, match="nothing of it was kept"):
        track_points([TEXTURE] * 6, POINTS, work=work)
    assert steps == [(1, 5), (2, 5)]


@settings(max_examples=40, deadline=None)
@example(shift=(0.0, 0.0), stretch=[0.0] * 4, seed=19)  # its liars lie together; eight rounds are too few
@given(
    shift=st.tuples(SHIFTS, SHIFTS),
    stretch=st.lists(st.floats(-0.2, 0.2), min_size=4, max_size=4),
    seed=st.integers(0, 1000),
)
def test_an_affine_motion_is_found_among_a_quarter_of_liars(
    shift: tuple[float, float], stretch: list[float], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    offsets = rng.uniform(-40, 40, (60, 2))
    matrix = np.eye(2) + np.reshape(stretch, (2, 2))
    moved = np.array(shift) + offsets @ matrix
    moved[::4] += rng.uniform(15, 30, moved[::4].shape)
    fit = fit_affine(offsets, moved)
    assert np.allclose(fit.coefficients[0], shift, atol=0.3)
    assert np.allclose(fit.coefficients[1:], matrix, atol=0.02)


@settings(max_examples=40, deadline=None)
@given(dx=SHIFTS, dy=SHIFTS, turn=st.floats(-0.3, 0.3))
def test_a_shift_and_a_turn_are_found_exactly(dx: float, dy: float, turn: float) -> None:
    before = grid_points((100, 120), 15.0, 10.0)
    centre = before.mean(axis=0)
    after = centre + turned(before - centre, turn) + (dx, dy)
    shift, angle = fit_rigid(before, after)
    assert np.allclose(shift, (dx, dy), atol=1e-6)
    assert angle == pytest.approx(turn, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(shift=st.tuples(SHIFTS, SHIFTS), turn=st.floats(-0.2, 0.2), seed=st.integers(0, 1000))
def test_a_shift_and_a_turn_are_found_among_a_quarter_of_liars(
    shift: tuple[float, float], turn: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    before = rng.uniform(-40, 40, (60, 2))
    centre = before.mean(axis=0)
    after = centre + turned(before - centre, turn) + shift
    after[::4] += rng.uniform(15, 30, after[::4].shape)
    found, angle = fit_rigid(before, after)
    assert np.allclose(found, shift, atol=0.5)
    assert angle == pytest.approx(turn, abs=0.02)


def test_two_points_or_none_still_give_a_shift() -> None:
    pair = np.array([[0.0, 0.0], [5.0, 0.0]])
    assert np.allclose(fit_affine(pair, pair + 2.0).coefficients[0], 2.0)
    assert np.allclose(fit_affine(pair[:0], pair[:0]).coefficients[0], 0.0)
    assert fit_rigid(pair[:1], pair[:1] + 1.0)[1] == 0.0


def test_a_piece_of_tissue_is_laid_onto_its_stretched_self() -> None:
    x, y = np.meshgrid(np.arange(60.0, 140.0, 2), np.arange(50.0, 110.0, 2))
    points = np.column_stack([x.ravel(), y.ravel()])
    local = (points - (100, 80)) / 50
    piece = Piece(points, np.column_stack([np.ones(len(local)), local, local[:, 1] ** 2, local.prod(axis=1)]))
    matrix = np.array([[1.06, 0, -4.0], [0, 0.97, 1.0]])
    target = cv2.warpAffine(TEXTURE, matrix, (200, 160), flags=cv2.INTER_CUBIC)
    levels = [tuple(Level.of(frame, blur) for blur in (2.5, 1.0)) for frame in (TEXTURE, target)]
    motion, correlation = register(piece, Likeness.of(piece.points, levels[0]), levels[1], np.zeros((2, 5)))
    there = np.column_stack([matrix[0, 0] * points[:, 0] - 4.0, matrix[1, 1] * points[:, 1] + 1.0])
    assert correlation > 0.95
    assert np.abs(piece.at(motion) - there).max() < 0.5
