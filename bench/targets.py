"""What is to be reached, each as one ratio or one difference of medians."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

READING, FOLLOWING, WAYS = "reading/", "following/", "ways/"
Medians = Mapping[str, Mapping[str, float]]
"""Median of each figure over the rounds, by contestant."""


@dataclass(frozen=True, slots=True)
class Target:
    """One promise and what was measured of it.

    Parameters
    ----------
    promise : str
        What was promised, in words.
    value : float or None
        What was measured; None where a part of it was not.
    unit : str
        ``×`` for ratios.
    bound : "at most" or "at least"
        Which side of the limit is good.
    limit : float
        The limit; it belongs to the good side.
    made_of : str
        The figures behind the value.
    """

    promise: str
    value: float | None
    unit: str
    bound: Literal["at most", "at least"]
    limit: float
    made_of: str

    @property
    def reached(self) -> bool | None:
        """Whether the promise is kept; None where it was not measured."""
        if self.value is None:
            return None
        return self.value <= self.limit if self.bound == "at most" else self.value >= self.limit


def targets(medians: Medians) -> list[Target]:
    """Return every target with its value."""
    return [
        *_responding(medians),
        *_playing(medians),
        *_loading(medians),
        *_costing(medians),
        *_reading(medians),
        *_following(medians),
        *_ways(medians),
    ]


def _responding(medians: Medians) -> list[Target]:
    answer = []
    for kind, words in (("step", "single step"), ("jump", "random jump")):
        ratio, made_of = _ratio(medians, ("ours", f"{kind}_p95_ms"), ("bare", f"{kind}_p95_ms"))
        promise = f"{words}, p95: our two clips against the bare page's one"
        answer.append(Target(promise, ratio, "×", "at most", 1.25, made_of))
    for point in ("p50", "p95"):
        theirs = ("plain", f"jump_from_release_{point}_ms")
        ratio, made_of = _ratio(medians, theirs, ("ours", f"jump_{point}_ms"))
        promise = f"random jump, {point}: faster than plain Streamlit (defaults, from its release)"
        answer.append(Target(promise, ratio, "×", "at least", 8, made_of))
    dragged = _figure(medians, "ours", "drag_shown")
    answer.append(
        Target("pictures shown in a drag over 100", dragged, "pictures", "at least", 99, "drag_shown")
    )
    return answer


def _playing(medians: Medians) -> list[Target]:
    answer = []
    for rate in (30, 60):
        missed = _figure(medians, "ours", f"cine_{rate}_missed")
        answer.append(
            Target(f"cine at {rate}: frames missed", missed, "frames", "at most", 0, f"cine_{rate}_missed")
        )
        shown = _figure(medians, "ours", f"cine_{rate}_shown_per_s")
        share = None if shown is None else shown / rate
        promise = f"cine at {rate}: shown of asked"
        answer.append(Target(promise, share, "×", "at least", 0.99, f"cine_{rate}_shown_per_s / {rate}"))
    return answer


def _loading(medians: Medians) -> list[Target]:
    empty_ms = _figure(medians, "empty", "element_ms")
    first_ms = _figure(medians, "ours", "first_picture_ms")
    all_ms = _figure(medians, "ours", "all_ready_ms")
    decoding_ms = _figure(medians, "bare", "decode_both_clips_ms")
    return [
        Target(
            "first picture after the empty Streamlit page",
            _difference(first_ms, empty_ms),
            "ms",
            "at most",
            150,
            _minus(first_ms, empty_ms),
        ),
        Target(
            "all frames of both clips after the empty page and the bare page's own decoding of as many",
            _difference(_difference(all_ms, empty_ms), decoding_ms),
            "ms",
            "at most",
            500,
            f"{_minus(all_ms, empty_ms)} − {_said(decoding_ms)}",
        ),
    ]


def _costing(medians: Medians) -> list[Target]:
    memory_mb = _figure(medians, "ours", "renderer_mb")
    ours_s, empty_s = _figure(medians, "ours", "server_cpu_s"), _figure(medians, "empty", "server_cpu_s")
    ratio, made_of = _ratio(medians, ("ours", "import_ms"), ("reference", "import_ms"))
    return [
        Target("renderer with one clip of 100 frames", memory_mb, "MB", "at most", 250, "renderer_mb"),
        Target(
            "server CPU of one viewing after the empty page's",
            _difference(ours_s, empty_s),
            "s",
            "at most",
            0.1,
            _minus(ours_s, empty_s),
        ),
        Target("import against read + hash + decode + fsync", ratio, "×", "at most", 1.5, made_of),
    ]


def _reading(medians: Medians) -> list[Target]:
    ratios = {
        name.removeprefix(READING): figures["child_against_alone"]
        for name, figures in medians.items()
        if name.startswith(READING) and "child_against_alone" in figures
    }
    worst = max(ratios, key=lambda name: ratios[name], default="–")
    promise = "reading 100 frames through the kept process against the same work in-process: worst syntax"
    return [Target(promise, ratios.get(worst), "×", "at most", 1.1, worst)]


def _following(medians: Medians) -> list[Target]:
    whole, ours = f"{FOLLOWING}whole clip", f"{FOLLOWING}carry: ours"
    ratio, made_of = _ratio(medians, (whole, "motion_cpu_s"), (whole, "plain_flow_cpu_s"))
    answer = [Target("whole-clip motion against decoding plus DIS flow", ratio, "×", "at most", 3, made_of)]
    for point, limit_mm in (("median", 0.1), ("p95", 0.4)):
        error_mm = _figure(medians, ours, f"error_{point}_mm")
        promise = f"carried marks against the truth, intact tissue, keys at rest and peak: {point}"
        answer.append(Target(promise, error_mm, "mm", "at most", limit_mm, _said(error_mm)))
    return answer


def _ways(medians: Medians) -> list[Target]:
    answer = []
    marked = f"{WAYS}500 marks"
    modes = [name for name in medians if name.startswith(WAYS) and name != marked]
    for kind, words in (("step", "single step"), ("jump", "random jump")):
        figure = f"{kind}_p95_ms"
        worst = max(modes, key=lambda name: medians[name].get(figure, 0.0), default="–")
        for name, who in (
            (worst, f"worst way to compare ({worst.removeprefix(WAYS)})"),
            (marked, "500 marks, 300 frames"),
        ):
            ratio, made_of = _ratio(medians, (name, figure), ("bare", figure))
            answer.append(
                Target(f"{words}, p95: {who} against the bare page", ratio, "×", "at most", 1.25, made_of)
            )
    return answer


def _figure(medians: Medians, contestant: str, figure: str) -> float | None:
    return medians.get(contestant, {}).get(figure)


def _ratio(medians: Medians, above: tuple[str, str], below: tuple[str, str]) -> tuple[float | None, str]:
    over, under = _figure(medians, *above), _figure(medians, *below)
    value = None if over is None or not under else over / under
    return value, f"{_said(over)} / {_said(under)}"


def _difference(minuend: float | None, subtrahend: float | None) -> float | None:
    return None if minuend is None or subtrahend is None else minuend - subtrahend


def _minus(minuend: float | None, subtrahend: float | None) -> str:
    return f"{_said(minuend)} − {_said(subtrahend)}"


def _said(value: float | None) -> str:
    return "–" if value is None else f"{value:.4g}"
