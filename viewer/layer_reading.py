"""The layers of a case as they stand now, as a key: what is computed from them is computed once."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

from annotations.layers import BUNDLED_FOLDER, LayerState, layer_states
from annotations.store import AnnotationStore

Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class LayersNow:
    """Where the layers of a case lie, and what changes whenever one of them does.

    Parameters
    ----------
    case_id : str
        The case.
    store : AnnotationStore or None
        What was drawn since; without it the bundled documents alone.
    folder : Path
        Holds one folder of bundled documents a case.
    documents : tuple
        Name, time and size of each bundled document.
    sequence : int
        Of the newest thing that is kept.
    """

    case_id: str
    store: AnnotationStore | None
    folder: Path
    documents: Signature
    sequence: int

    @classmethod
    def of(cls, case_id: str, store: AnnotationStore | None, folder: Path = BUNDLED_FOLDER) -> Self:
        """Look at them.

        Raises
        ------
        AnnotationStoreError
            If the store cannot be read.
        """
        stats = [(path.name, path.stat()) for path in sorted((folder / case_id).glob("*.json"))]
        documents = tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)
        return cls(case_id, store, folder, documents, 0 if store is None else store.newest(case_id))

    def states(self) -> tuple[LayerState, ...]:
        """Read them.

        Raises
        ------
        AnnotationError
            If one of the documents or the store cannot be read.
        """
        return layer_states(self.case_id, self.store, folder=self.folder)
