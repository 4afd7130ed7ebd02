"""The line-up: clips made, servers started, every contestant reachable."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.clips import NumberedClip, numbered_clip, write_dicom
from bench.contestants import Contestant, bare_page, empty_streamlit, our_player, plain_streamlit
from bench.numbered_case import CASE_RATES, MARKED_FRAMES, write_cases, write_marked_case
from bench.serving import StreamlitServer, folder_served

PAGES = Path(__file__).parent / "pages"
REPOSITORY = Path(__file__).parent.parent
NAMES = ("ours", "bare", "empty", "plain", "plain-tuned")


@dataclass(frozen=True, slots=True, eq=False)
class LineUp:
    """Everything that a round needs.

    Parameters
    ----------
    contestants : tuple of Contestant
        Who takes part, in the order of the table.
    servers : dict of str to StreamlitServer
        The server of each contestant that has one.
    clips : tuple of NumberedClip
        Rest and contraction.
    dicom : Path
        The rest clip as a DICOM file.
    bare_url : str
        Address of the bare pages.
    """

    contestants: tuple[Contestant, ...]
    servers: dict[str, StreamlitServer]
    clips: tuple[NumberedClip, ...]
    dicom: Path
    bare_url: str

    def cpu_s(self, contestant: Contestant) -> float | None:
        """Return the processor time of a contestant's server so far; None for files that are only served."""
        server = self.servers.get(contestant.name)
        return None if server is None else server.cpu_s()


@contextmanager
def line_up(folder: Path, only: Collection[str], *, with_marks: bool = True) -> Iterator[LineUp]:
    """Make the clips in a folder, start the servers of those who take part, and end them afterwards."""
    clips = (numbered_clip("rest", seed=1), numbered_clip("contraction", seed=2))
    for name in ("home", "www", "clips", "cases", "data", "nothing"):
        (folder / name).mkdir(parents=True)
    for clip in clips:
        (folder / "www" / f"{clip.name}.bin").write_bytes(clip.blob())
        write_dicom(clip, folder / "clips" / f"{clip.name}.dcm", frame_time_ms=1000 / CASE_RATES[0])
    if with_marks and "ours" in only:
        long = numbered_clip("rest", seed=3, frames=MARKED_FRAMES)
        write_marked_case(long, folder / "cases", folder / "data")
    shutil.copy(PAGES / "bare.html", folder / "www")
    with ExitStack() as stack:
        bare_url = stack.enter_context(folder_served(folder / "www"))
        servers = {
            name: stack.enter_context(_server(name, folder, clips))
            for name in NAMES
            if name in only and name != "bare"
        }
        contestants = tuple(_contestant(name, bare_url, servers) for name in NAMES if name in only)
        yield LineUp(contestants, servers, clips, folder / "clips" / "rest.dcm", bare_url)


def _server(name: str, folder: Path, clips: tuple[NumberedClip, ...]) -> StreamlitServer:
    home, nothing = folder / "home", folder / "nothing"
    if name == "ours":
        write_cases(clips, folder / "cases")
        environment = {"MSUS_DATA_DIR": str(folder / "data"), "MSUS_CASES_DIR": str(folder / "cases")}
        script = REPOSITORY / "viewer" / "app.py"
        return StreamlitServer(script, folder=REPOSITORY, home=home, environment=environment)
    if name == "empty":
        return StreamlitServer(PAGES / "empty.py", folder=nothing, home=home, environment={})
    start_in = REPOSITORY if name == "plain-tuned" else nothing
    environment = {"BENCH_CLIPS": str(folder / "clips")}
    return StreamlitServer(PAGES / "plain.py", folder=start_in, home=home, environment=environment)


def _contestant(name: str, bare_url: str, servers: dict[str, StreamlitServer]) -> Contestant:
    if name == "bare":
        return bare_page(bare_url)
    url = servers[name].url
    if name == "ours":
        return our_player(url)
    if name == "empty":
        return empty_streamlit(url)
    defaults = "our configuration" if name == "plain-tuned" else "its defaults"
    return plain_streamlit(url, name=name, title=f"st.slider + st.image, {defaults}")
