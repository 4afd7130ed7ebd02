"""The manifest of a case: ``case.toml`` read into one frozen value whose references all lead somewhere."""

import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, model_validator

from cases.errors import ManifestError
from cases.manifest_parts import (
    CaseText,
    Chapter,
    ClipPanel,
    Comparison,
    Identifier,
    Landmark,
    ManifestCalibration,
    ManifestClip,
    ManifestPart,
    RecordedCurve,
    ScanPlane,
    Sentence,
    Simulation,
    StaticPanel,
    StaticView,
)

__all__ = [
    "MANIFEST_NAME",
    "CaseManifest",
    "CaseText",
    "Chapter",
    "ClipPanel",
    "Comparison",
    "Landmark",
    "ManifestCalibration",
    "ManifestClip",
    "RecordedCurve",
    "ScanPlane",
    "Simulation",
    "StaticPanel",
    "StaticView",
    "manifest_schema",
    "read_manifest",
]

MANIFEST_NAME = "case.toml"
MAX_MANIFEST_BYTES = 4 * 1024 * 1024


class CaseManifest(ManifestPart):
    """All that the author says about a case."""

    schema_version: Literal[1]
    id: Identifier
    title: Sentence
    teaches: Sentence
    level: Literal["beginner", "intermediate", "advanced"]
    origin: Literal["simulated", "real"]
    licence: Sentence
    order: int = Field(default=100, description="Place in the library; lower numbers stand first.")
    credit: str = ""
    sources: tuple[str, ...] = ()
    text: CaseText = CaseText()
    clips: tuple[ManifestClip, ...] = ()
    static_views: tuple[StaticView, ...] = ()
    comparisons: tuple[Comparison, ...] = Field(default=())

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for kind, parts in (
            ("clips", self.clips),
            ("static_views", self.static_views),
            ("comparisons", self.comparisons),
        ):
            twice = _first_repeated(part.id for part in parts)
            if twice is not None:
                raise ValueError(f"{kind}: the id “{twice}” is used twice; each needs its own")
        return self

    @model_validator(mode="after")
    def _references_lead_somewhere(self) -> Self:
        clips = {clip.id for clip in self.clips}
        views = {view.id for view in self.static_views}
        for place, wanted in self._clip_references():
            if wanted not in clips:
                raise ValueError(
                    f"{place}: there is no clip “{wanted}”; it must be the id of one of [[clips]]"
                )
        for comparison in self.comparisons:
            if comparison.static is not None and comparison.static.view not in views:
                raise ValueError(
                    f"comparison “{comparison.id}”: there is no static view “{comparison.static.view}”; "
                    "it must be the id of one of [[static_views]]"
                )
        return self

    @model_validator(mode="after")
    def _chapters_shown_exist(self) -> Self:
        chapters = {clip.id: {chapter.name for chapter in clip.chapters} for clip in self.clips}
        for comparison in self.comparisons:
            for panel in (comparison.rest, comparison.contraction):
                if (
                    panel is not None
                    and panel.chapter is not None
                    and panel.chapter not in chapters[panel.clip]
                ):
                    raise ValueError(
                        f"comparison “{comparison.id}”: clip “{panel.clip}” has no chapter “{panel.chapter}”"
                    )
        return self

    @model_validator(mode="after")
    def _slices_exist(self) -> Self:
        slices = {view.id: len(view.files) for view in self.static_views}
        for view in self.static_views:
            # One file may hold many slices, so a count is known only where each slice is a file.
            if slices[view.id] > 1 and view.key_slice > slices[view.id]:
                raise ValueError(
                    f"static view “{view.id}”: key_slice {view.key_slice} of {slices[view.id]} files"
                )
        return self

    def _clip_references(self) -> Iterator[tuple[str, str]]:
        for view in self.static_views:
            for plane in view.scan_planes:
                yield f"static view “{view.id}”, scan_planes", plane.clip
            for landmark in view.landmarks:
                yield f"static view “{view.id}”, landmark “{landmark.label}”", landmark.clip
        for comparison in self.comparisons:
            for panel in (comparison.rest, comparison.contraction):
                if panel is not None:
                    yield f"comparison “{comparison.id}”", panel.clip

    def file_names(self) -> tuple[str, ...]:
        """Name every file that the manifest refers to, in its order, relative to the case's folder."""
        clips = [name for clip in self.clips for name in (clip.file, clip.truth) if name is not None]
        curves = [curve.file for clip in self.clips for curve in clip.curves]
        return (*clips, *curves, *(name for view in self.static_views for name in view.files))


def read_manifest(folder: Path) -> CaseManifest:
    """Read and check the manifest of one case folder.

    Parameters
    ----------
    folder : Path
        Folder that holds ``case.toml`` and the files that it names.

    Returns
    -------
    CaseManifest
        The manifest; every id in it is unique, every reference leads to a part of it, and every file exists
        inside the folder.

    Raises
    ------
    ManifestError
        If the file is missing, is not TOML, breaks the schema or names files that are not there; the message
        names the file, the key and what to do.
    """
    path = folder / MANIFEST_NAME
    manifest = parse_manifest(_read_toml(path), path)
    _check_files(manifest, folder)
    return manifest


def parse_manifest(content: dict[str, object], path: Path) -> CaseManifest:
    """Check the content of a manifest against the schema.

    Parameters
    ----------
    content : dict
        The parsed TOML.
    path : Path
        The file it came from, for messages only.

    Returns
    -------
    CaseManifest
        The checked manifest.

    Raises
    ------
    ManifestError
        If a key is missing, unknown or wrong, or a reference leads nowhere.
    """
    try:
        # Through JSON, because strict models take a list for a tuple only there.
        return CaseManifest.model_validate_json(json.dumps(content, default=str))
    except ValidationError as error:
        raise ManifestError(f"{path}: {_first_problem(error)} Correct it and open the case again.") from error


def manifest_schema() -> str:
    """Return the JSON Schema of ``case.toml``, as published in ``cases/case.schema.json``."""
    return json.dumps(CaseManifest.model_json_schema(), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _read_toml(path: Path) -> dict[str, object]:
    try:
        if path.stat().st_size > MAX_MANIFEST_BYTES:
            raise ManifestError(
                f"{path}: the manifest is larger than 4 MiB; move long texts and data into files."
            )
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ManifestError(
            f"{path}: there is no manifest; a case folder holds a {MANIFEST_NAME}."
        ) from error
    except OSError as error:
        raise ManifestError(
            f"{path}: the manifest cannot be read ({error.strerror}); check its permissions."
        ) from error
    except (ValueError, RecursionError) as error:  # besides its own errors: numbers of thousands of digits
        raise ManifestError(
            f"{path}: this is not TOML in UTF-8 ({error}). Correct it and open the case again."
        ) from error


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    message = problem["msg"].removeprefix("Value error, ")
    key = _key_of(problem["loc"])
    more = error.error_count() - 1
    rest = f" ({more} more to correct.)" if more else ""
    return (f"key {key}: {message}." if key else f"{message}.") + rest


def _key_of(location: tuple[int | str, ...]) -> str:
    return "".join(
        f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location
    ).removeprefix(".")


def _check_files(manifest: CaseManifest, folder: Path) -> None:
    root = folder.resolve()
    for name in manifest.file_names():
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise ManifestError(
                f"{folder / MANIFEST_NAME}: “{name}” leads outside the case's folder; copy it inside."
            )
        if not path.is_file():
            raise ManifestError(
                f"{folder / MANIFEST_NAME}: there is no file “{name}”; add it or remove its entry."
            )


def _first_repeated(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None
