"""What the server process holds once, for pages and routes alike: store, decoder, catalogue, visits, authors, marks, exports."""

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from annotations.database import sqlite_url
from annotations.motion.result_store import MotionStore
from annotations.motion.tissue_map_store import TissueMapStore
from cases.catalogue import Catalogue
from cases.decoding import Decoder
from cases.settings import Settings
from cases.store import ClipStore
from viewer import intake, player
from viewer.author_link import announce
from viewer.author_sessions import AuthorSessions
from viewer.exports import Exports
from viewer.followings import Followings
from viewer.mark_store import MarkStore
from viewer.measuring import Measurements
from viewer.no_delay import send_small_answers_at_once
from viewer.outcome_log import write_outcomes
from viewer.visits import Visit, Visits


@dataclass(frozen=True, slots=True, eq=False)
class House:
    """The parts that live as long as the server does."""

    settings: Settings
    store: ClipStore
    decoder: Decoder
    catalogue: Catalogue
    visits: Visits
    measured: MotionStore
    measurements: Measurements
    tissue: TissueMapStore
    authors: AuthorSessions
    marks: MarkStore
    exports: Exports
    followings: Followings

    def end_visit(self, visit: Visit) -> None:
        """Stop what is under way for a visit, and delete everything of it; ending it twice does nothing."""
        self.measurements.stop_below(visit.folder)
        self.visits.end(visit)


@functools.cache
def house() -> House:
    """Return the one house of this process, built at the first call."""
    settings = Settings.from_environment()
    store = ClipStore(settings.data_folder / "clips")
    decoder = Decoder(settings.limits)
    return House(
        settings=settings,
        store=store,
        decoder=decoder,
        catalogue=Catalogue(settings.case_folders, store, decoder),
        visits=Visits(settings.data_folder / "visits", settings.max_visit_bytes),
        measured=MotionStore(settings.data_folder / "motion"),
        measurements=Measurements(),
        tissue=TissueMapStore(settings.data_folder / "motion" / "tissue"),
        authors=AuthorSessions(settings.data_folder),
        exports=Exports(settings.data_folder / "exports"),
        followings=Followings(),
        marks=MarkStore(settings.database_url or sqlite_url(settings.data_folder)),
    )


@asynccontextmanager
async def open_house(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Build the house when the server starts; end all visits and the child processes when it stops."""
    send_small_answers_at_once()
    write_outcomes()
    player.component()
    intake.component()
    built = house()
    announce(built.authors, anywhere=built.settings.author_link_anywhere)
    try:
        yield {}
    finally:
        built.measurements.close()
        built.exports.close()
        built.followings.close()
        built.visits.close()
        built.decoder.close()
        built.marks.close()
