"""What the marks and annotated frames of the bundled cases say; every number is one of the simulation."""

from dataclasses import dataclass

from annotations.seeds.truth import Moment


@dataclass(frozen=True, slots=True)
class MarkWords:
    """Label of a mark, and a note for the learner."""

    label: str
    note: str


@dataclass(frozen=True, slots=True)
class FrameWords:
    """An annotated frame: its moment, its title, and its text alternative.

    ``{gap_mm}``, ``{thickness_mm}`` and ``{open_area_mm2}`` are filled with the simulated values of the frame.
    """

    moment: Moment
    title: str
    text: str


MARK_WORDS = {
    "gap": MarkWords(
        "Gap",
        "Distance between the torn muscle ends at mid-depth of the muscle. Watch it from rest to full contraction.",
    ),
    "proximal-stump": MarkWords(
        "Proximal stump", "The torn end towards the hip: ragged, and rounded off while the muscle contracts."
    ),
    "distal-stump": MarkWords(
        "Distal stump",
        "The torn end towards the knee. If no fibre joins it to the other end, the tear is complete.",
    ),
    "haematoma": MarkWords(
        "Haematoma in the gap",
        "Blood and fluid between the ends. Its brightness does not tell how old it is.",
    ),
    "fluid": MarkWords(
        "Fluid in the gap", "Fluid with debris in place of muscle. Its brightness does not tell its age."
    ),
    "rectus-femoris": MarkWords(
        "Rectus femoris", "The border of the muscle. Compare with the other side in the same position."
    ),
    "aponeurosis": MarkWords(
        "Central aponeurosis",
        "The bright line inside the muscle to which its fascicles run: a muscle within a muscle. A normal structure.",
    ),
    "aponeurosis-distal": MarkWords(
        "Central aponeurosis, distal part",
        "The same bright line beyond the tear: follow whether the two parts still meet.",
    ),
    "fascia": MarkWords("Fascia", "The bright line over rectus femoris. Over an open gap it dips."),
    "deep-fascia": MarkWords(
        "Deep fascia", "The bright line under rectus femoris. Its thickness is measured down to here."
    ),
    "vastus-intermedius": MarkWords(
        "Vastus intermedius", "The muscle below, which stays whole. Below fluid it looks brighter than it is."
    ),
    "vastus-name": MarkWords(
        "Vastus intermedius", "The muscle around the front of the femur, which stays whole."
    ),
    "femur": MarkWords("Femoral cortex", "The surface of the bone, with a shadow behind it."),
    "probe-landmark": MarkWords(
        "Landmark of the probe",
        "While this place of the bone stays in the middle of the picture, the probe has not slipped.",
    ),
}

CLIP_WORDS: dict[str, dict[str, MarkWords]] = {
    "partial-long": {
        "gap": MarkWords(
            "Gap in the deep part", "Only the deep fibres part. The superficial ones bridge: a partial tear."
        ),
        "haematoma": MarkWords(
            "Fluid in the deep part", "Fluid where the deep fibres have parted; fibres bridge above it."
        ),
    },
    "partial-short": {
        "fluid": MarkWords(
            "Fluid in the deep part", "Muscle stays above it, in this plane too: a partial tear."
        ),
    },
    "haematoma-long": {
        "haematoma": MarkWords(
            "Haematoma",
            "Blood with clot between the ends. It also spreads along the muscle, above and below either end, "
            "beyond this outline.",
        ),
    },
    "haematoma-short": {"fluid": MarkWords("Haematoma", "Fluid with clot inside the border of the muscle.")},
    "hidden-gap": {
        "haematoma": MarkWords(
            "Haematoma, as bright as muscle",
            "At rest it hides the gap that it fills; contraction moves the ends apart.",
        ),
    },
    "slipping-probe": {
        "probe-landmark": MarkWords(
            "Landmark of the probe: it slides",
            "The bone does not move against itself: what slides here is the probe.",
        ),
        "rectus-femoris": MarkWords(
            "Rectus femoris, whole", "The muscle is not torn. It leaves the plane as the probe slips."
        ),
    },
}

_REST, _FIRST, _CONTRACTING, _PEAK, _HELD, _RELAXING, _NEARLY, _AFTER = Moment

FRAME_WORDS: dict[str, tuple[FrameWords, ...]] = {
    "long-axis-defect": (
        FrameWords(
            _REST, "At rest: a cleft that is easily missed",
            "Long axis of the front of the thigh, proximal on the left. Rectus femoris lies below the bright line of the "
            "fascia. A thin, oblique cleft of about {gap_mm} mm (simulated value) crosses it near the middle; what fills "
            "it is nearly as bright as the muscle.",
        ),
        FrameWords(
            _CONTRACTING, "Contraction begins: the ends part",
            "The same place, half-way into the contraction. The proximal and the distal muscle end have moved apart to "
            "about {gap_mm} mm (simulated value), and a dark band of fluid appears between them.",
        ),
        FrameWords(
            _PEAK, "Full contraction: the tear is complete",
            "The two muscle ends stand about {gap_mm} mm apart at mid-depth (simulated value). They are ragged and "
            "rounded. Dark fluid with faint echoes reaches from the dipping fascia to the deep border, and no fibre "
            "bridges it. Vastus intermedius below is whole, and brighter under the fluid.",
        ),
        FrameWords(
            _RELAXING, "Letting go: the gap closes again",
            "Half-way through relaxation the ends have come back to about {gap_mm} mm (simulated value). A few frames "
            "later the cleft will be as hard to see as at the beginning.",
        ),
    ),
    "short-axis-defect": (
        FrameWords(
            _REST, "Short axis at rest: only a darker band",
            "Section through the thigh at the level of the tear. Rectus femoris is an oval above the round shadow of the "
            "femur; an oblique band in it is slightly darker than the rest.",
        ),
        FrameWords(
            _PEAK, "Short axis in contraction: fluid takes the place of muscle",
            "The same section in full contraction. Dark fluid with debris covers about {open_area_mm2} mm² of the oval "
            "(simulated value), because the muscle ends have left this plane.",
        ),
    ),
    "dynamic-atrophy": (
        FrameWords(
            _REST, "A thin, bright muscle at rest",
            "Long axis of the injured side. Rectus femoris is about {thickness_mm} mm thick in the middle of the picture "
            "(simulated value), thinner and brighter than on the other side in the same position.",
        ),
        FrameWords(
            _PEAK, "The full thickness gives way",
            "In contraction the ends stand about {gap_mm} mm apart (simulated value), from the superficial to the deep "
            "border of the thin muscle.",
        ),
    ),
    "other-side": (
        FrameWords(
            _PEAK, "The intact other side in contraction",
            "Long axis of the other thigh in full contraction. Rectus femoris is about {thickness_mm} mm thick in the "
            "middle of the picture (simulated value); its fascicles run on without a break and nothing separates.",
        ),
    ),
    "haematoma-long": (
        FrameWords(
            _REST, "A large haematoma at rest",
            "Long axis. Fluid with faint echoes and clot lies between two muscle ends about {gap_mm} mm apart (simulated "
            "value) and spreads along the muscle; the tissue below it is brighter.",
        ),
        FrameWords(
            _PEAK, "The haematoma between the ends in contraction",
            "In full contraction the ends stand about {gap_mm} mm apart (simulated value). The fluid is stretched "
            "between them, and the edge of either end casts a shadow.",
        ),
    ),
    "haematoma-short": (
        FrameWords(
            _REST, "Short axis: fluid inside the border of the muscle",
            "Section at the level of the tear, at rest. Fluid with clot fills about {open_area_mm2} mm² of the section of "
            "rectus femoris (simulated value), inside its border.",
        ),
    ),
    "ends-separate": (
        FrameWords(
            _REST, "The ends lie close together",
            "A closer view at rest, proximal on the left. The muscle ends are about {gap_mm} mm apart (simulated value); "
            "the cleft is hardly darker than the muscle.",
        ),
        FrameWords(
            _PEAK, "The ends separate",
            "The same view in full contraction. The ends are about {gap_mm} mm apart (simulated value) and torn fibres "
            "hang from both of them into the fluid.",
        ),
    ),
    "partial-long": (
        FrameWords(
            _REST, "At rest: a cleft in the deep half",
            "Long axis. The superficial half of rectus femoris runs through; in the deep half a thin cleft is hardly "
            "darker than the muscle.",
        ),
        FrameWords(
            _CONTRACTING, "Half-way: only the deep fibres part",
            "Half-way into the contraction the deep fibres have moved apart and fluid shows between them. The superficial fibres run on without a step.",
        ),
        FrameWords(
            _PEAK, "In contraction: superficial fibres bridge",
            "The deep fibres have parted and fluid lies between them. Above it the superficial fibres stay continuous "
            "through the whole contraction: a partial tear.",
        ),
        FrameWords(
            _RELAXING, "Letting go: the deep cleft narrows",
            "Half-way through relaxation the deep ends come together again. The bridge of superficial fibres has been there all the time.",
        ),
    ),
    "partial-short": (
        FrameWords(
            _REST, "Short axis at rest: a small dark spot",
            "Section at the level of the injury, at rest. In the deep part of rectus femoris a small area is darker; the rest of the oval is muscle.",
        ),
        FrameWords(
            _CONTRACTING, "Short axis, half-way: the dark area grows",
            "Half-way into the contraction the dark area in the deep part of the oval has grown. Muscle remains above it.",
        ),
        FrameWords(
            _PEAK, "Short axis: muscle stays above the fluid",
            "Section at the level of the injury in contraction. A dark area lies in the deep part of rectus femoris; "
            "muscle stays above it.",
        ),
        FrameWords(
            _RELAXING, "Short axis, letting go: it shrinks again",
            "Half-way through relaxation the dark area is smaller again. In no frame does it reach through the whole muscle.",
        ),
    ),
    "hidden-gap": (
        FrameWords(
            _REST, "At rest the haematoma hides the gap",
            "Long axis at rest. The ends are already about {gap_mm} mm apart (simulated value), but the blood between "
            "them is as bright as muscle: the gap cannot be told.",
        ),
        FrameWords(
            _FIRST, "The effort begins and hardly anything shows",
            "The muscle has begun to tighten. The ends are about {gap_mm} mm apart (simulated value); the bright blood still blends with the muscle on either side.",
        ),
        FrameWords(
            _CONTRACTING, "Half-way: the borders of the blood come out",
            "Half-way into the contraction the ends stand about {gap_mm} mm apart (simulated value). Fascicles slide on both sides while the blood between them does not shorten with them.",
        ),
        FrameWords(
            _PEAK, "Contraction shows what the haematoma hid",
            "In full contraction the ends stand about {gap_mm} mm apart (simulated value) on either side of the blood.",
        ),
        FrameWords(
            _HELD, "Held: look along both borders",
            "Shortly before letting go, with the ends still about {gap_mm} mm apart (simulated value). Follow each border from the fascia to the deep side: no fascicle crosses the blood.",
        ),
        FrameWords(
            _RELAXING, "Letting go: the ends return",
            "Half-way through relaxation the ends are about {gap_mm} mm apart (simulated value). What moves towards each other are the ends; the blood lies between them as before.",
        ),
        FrameWords(
            _NEARLY, "Nearly at rest: the gap fades again",
            "The ends are about {gap_mm} mm apart (simulated value). Without having seen the contraction, few would suspect a gap in this frame.",
        ),
        FrameWords(
            _AFTER, "At rest again: the gap is hidden",
            "The last frame looks like the first: about {gap_mm} mm between the ends (simulated value), filled with blood as bright as muscle.",
        ),
    ),
    "slipping-probe": (
        FrameWords(
            _REST, "Before the probe slips",
            "Long axis of an intact thigh at rest. Note where the landmark on the femoral cortex lies.",
        ),
        FrameWords(
            _FIRST, "The effort begins, the probe still holds",
            "The muscle begins to tighten. The landmark on the bone lies where it lay at rest: so far nothing has slipped.",
        ),
        FrameWords(
            _CONTRACTING, "The picture begins to slide",
            "Half-way into the contraction the landmark on the bone has left its place. Bone does not move against the thigh: it is the probe that moves.",
        ),
        FrameWords(
            _PEAK, "The bone has slid with everything else",
            "The whole picture, bone included, has slid and tilted against its place at rest. The probe has moved; "
            "nothing is torn.",
        ),
        FrameWords(
            _HELD, "Held, but at another place",
            "At the end of the hold the picture shows another part of the thigh than at rest. A thickness or a distance compared with the first frame would be wrong.",
        ),
        FrameWords(
            _RELAXING, "The probe slides back",
            "Half-way through relaxation the landmark on the bone comes back towards its place, together with everything else in the picture.",
        ),
        FrameWords(
            _NEARLY, "Almost the first place again",
            "The landmark on the bone is nearly where it was at rest. Seen only at both ends, the clip would not tell that the probe had slipped.",
        ),
        FrameWords(
            _AFTER, "After the slip: repeat the examination",
            "The muscle is at rest again and whole. A clip in which the bone has moved is repeated with a steadier hand before anything is read from it.",
        ),
    ),
}  # fmt: skip
