"""What the documents claim and the style asks for, held by a machine."""

import re
import subprocess
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

LOWER_BOUNDS_FOR_KNOWN_HOLES = {
    "streamlit": "1.67",  # CVE-2026-33682, CVE-2026-10804; the app itself needs 1.67
    "starlette": "1.1.0",  # CVE-2026-48818
    "pydicom": "3.0.2",  # CVE-2026-32711
    "opencv-python-headless": "4.14.0.94",  # bundles FFmpeg 8.1.2: CVE-2026-8461
    "pillow": "13",  # CVE-2026-42309, CVE-2026-112403
    "pylibjpeg-openjpeg": "2.6",  # OpenJPEG CVE-2025-54874
}
NEVER_INSTALLED = {"python-gdcm", "pylibjpeg-libjpeg", "opencv-python", "opencv-contrib-python"}
FORBIDDEN_MODULE_NAMES = {"utils", "helpers", "common", "manager", "data", "img"}


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).is_file()]


def _requirements() -> list[str]:
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_requirements_say_the_same_as_the_project_and_install_it_last() -> None:
    *required, last = _requirements()
    assert required == PROJECT["dependencies"]
    assert last == "-e ."


@pytest.mark.parametrize(("package", "floor"), LOWER_BOUNDS_FOR_KNOWN_HOLES.items())
def test_no_version_with_a_known_hole_can_be_installed(package: str, floor: str) -> None:
    requirement = next(r for r in map(Requirement, PROJECT["dependencies"]) if r.name == package)
    bounds = [Version(part.version) for part in requirement.specifier if part.operator == ">="]
    assert bounds, f"{package} has no lower bound"
    assert max(bounds) >= Version(floor)
    assert Version(version(package)) >= Version(floor)


def test_opencv_stays_below_the_version_that_bundles_a_vulnerable_ffmpeg() -> None:
    requirement = next(
        r for r in map(Requirement, PROJECT["dependencies"]) if r.name == "opencv-python-headless"
    )
    assert not requirement.specifier.contains("5.0.0.93")


def test_nothing_is_required_that_crashes_or_carries_the_wrong_licence() -> None:
    names = {Requirement(line).name for line in PROJECT["dependencies"]}
    assert not names & NEVER_INSTALLED


def test_streamlit_and_pip_read_the_same_version_and_name() -> None:
    manifest = tomllib.loads((ROOT / "viewer" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (manifest["name"], manifest["version"]) == (PROJECT["name"], PROJECT["version"])


def test_no_module_is_longer_than_400_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in _tracked("*.py", "*.js", "*.css")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


def test_no_module_is_named_after_nothing() -> None:
    assert not {path.stem for path in _tracked("*.py", "*.js")} & FORBIDDEN_MODULE_NAMES


@pytest.mark.parametrize("document", sorted(path.relative_to(ROOT).as_posix() for path in _tracked("*.md")))
def test_every_relative_link_of_a_document_leads_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", text)
    missing = [target for target in targets if not ((ROOT / document).parent / target).exists()]
    assert not missing


def test_the_readme_names_every_key_of_the_player() -> None:
    table = (ROOT / "viewer" / "player" / "web" / "shortcuts.js").read_text(encoding="utf-8")
    shown = {word for keys in re.findall(r'shown: "([^"]+)"', table) for word in keys.split()}
    assert len(shown) > 30
    readme = (ROOT / "README.md").read_text(encoding="utf-8").replace("`", " ").replace("-", "−")
    (said,) = re.findall(r"^Keys: (.+?)\n\n", readme, re.MULTILINE | re.DOTALL)
    assert shown - set(re.split(r"[ \n,]+", said)) - {","} == set()


def test_every_package_says_in_a_short_readme_what_it_owns() -> None:
    for package in ("cases", "annotations", "viewer"):
        lines = (ROOT / package / "README.md").read_text(encoding="utf-8").splitlines()
        assert 5 <= len(lines) <= 60, package


def test_no_file_names_a_place_of_one_machine() -> None:
    private = re.compile(r"/(?:root|home|Users)/\w|\.pyenv/versions/\d")
    found = [
        path.relative_to(ROOT).as_posix()
        for path in _tracked("*.py", "*.js", "*.md", "*.toml", "*.sh", "Makefile")
        if path != Path(__file__).resolve() and private.search(path.read_text(encoding="utf-8"))
    ]
    assert not found
