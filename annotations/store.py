"""The store of marks: revisions in a database, acknowledged only after the commit, never overwritten."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Row, Select, and_, exists, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from annotations.database import open_database, replacements, revisions, sqlite_url
from annotations.errors import AnnotationStoreError, RevisionNotFoundError, RevisionReusedError
from annotations.group_commit import GroupCommitWriter
from annotations.revision import Gesture, ItemKind, Kept, Revision

WAIT_S = 60.0


class AnnotationStore:
    """Every revision of every mark, on SQLite or PostgreSQL.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql+psycopg://…``.

    Raises
    ------
    AnnotationStoreError
        If the database cannot be opened.
    """

    def __init__(self, url: str) -> None:
        self._engine = open_database(url)
        self._writer = GroupCommitWriter(self._engine)

    @classmethod
    def in_folder(cls, data_folder: Path) -> Self:
        """Open the SQLite database of a data folder."""
        return cls(sqlite_url(data_folder))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Commit what waits and let go of the database; may be called more than once."""
        self._writer.close()
        self._engine.dispose()

    def submit(self, gesture: Gesture) -> "Future[Kept]":
        """Hand over a gesture; its future is done once it is committed.

        Parameters
        ----------
        gesture : Gesture
            What an author did. Sent again under its id, it is kept once.

        Returns
        -------
        Future of Kept
            Ends with `RevisionReusedError` if the id was kept with another content, and with
            `AnnotationStoreError` if the database cannot be written.
        """
        return self._writer.submit(lambda connection: _keep(connection, gesture))

    def keep(self, gesture: Gesture) -> Kept:
        """Keep a gesture and wait until it is committed.

        Parameters
        ----------
        gesture : Gesture
            What an author did.

        Returns
        -------
        Kept
            The acknowledgement; it says whether the item was changed elsewhere meanwhile.

        Raises
        ------
        RevisionReusedError
            If the id was kept with another content.
        AnnotationStoreError
            If the database cannot be written.
        """
        return self.submit(gesture).result(timeout=WAIT_S)

    def keep_together(self, gestures: Sequence[Gesture]) -> tuple[Kept, ...]:
        """Keep several gestures in one transaction, all of them or none, and wait until they are committed.

        Parameters
        ----------
        gestures : sequence of Gesture
            What belongs together, such as the marks of one imported file.

        Returns
        -------
        tuple of Kept
            One acknowledgement for each gesture, in their order.

        Raises
        ------
        RevisionReusedError
            If one of the ids was kept with another content; then nothing is kept.
        AnnotationStoreError
            If the database cannot be written.
        """
        answer = self._writer.submit(
            lambda connection: tuple(_keep(connection, gesture) for gesture in gestures)
        )
        return answer.result(timeout=WAIT_S)

    def restore(self, revision_id: str, *, new_id: str, author: str = "") -> Kept:
        """Make an earlier revision the present one, as a new revision in place of all present ones.

        Parameters
        ----------
        revision_id : str
            The revision to come back to.
        new_id : str
            Client-made id of the new revision.
        author : str
            Who restores.

        Returns
        -------
        Kept
            The acknowledgement.

        Raises
        ------
        RevisionNotFoundError
            If there is no such revision.
        """
        old = self.revision(revision_id)
        known = self._read(select(revisions).where(revisions.c.id == new_id))
        heads = known[0].bases if known else tuple(r.id for r in self.heads(old.case, old.layer, old.item))
        bases = tuple(head for head in heads if head != new_id)
        return self.keep(
            Gesture(
                id=new_id,
                case=old.case,
                layer=old.layer,
                item=old.item,
                kind=old.kind,
                bases=bases,
                author=author,
                content=old.content,
            )
        )

    def revision(self, revision_id: str) -> Revision:
        """Return one revision.

        Raises
        ------
        RevisionNotFoundError
            If there is none of this id.
        """
        found = self._read(select(revisions).where(revisions.c.id == revision_id))
        if not found:
            raise RevisionNotFoundError("There is no such revision; open the history of the mark again.")
        return found[0]

    def history(self, case: str, layer: str, item: str) -> tuple[Revision, ...]:
        """Return every revision of one item, the oldest first."""
        return self._read(_of(case, layer, item).order_by(revisions.c.sequence))

    def heads(self, case: str, layer: str, item: str) -> tuple[Revision, ...]:
        """Return the revisions of one item that nothing replaces; more than one is a conflict."""
        return self._read(_of(case, layer, item).where(_is_head()).order_by(revisions.c.sequence))

    def layer_heads(self, case: str, layer: str) -> dict[str, tuple[Revision, ...]]:
        """Return the present revisions of every item of a layer, by the item's id, in the order of making."""
        query = select(revisions).where(revisions.c.case_id == case, revisions.c.layer_id == layer)
        items: defaultdict[str, list[Revision]] = defaultdict(list)
        for revision in self._read(query.where(_is_head()).order_by(revisions.c.sequence)):
            items[revision.item].append(revision)
        return {item: tuple(heads) for item, heads in items.items()}

    def layers(self, case: str) -> tuple[str, ...]:
        """Return the ids of the layers of a case that hold anything."""
        query = select(revisions.c.layer_id).where(revisions.c.case_id == case).distinct()
        with self._reading() as connection:
            return tuple(sorted(connection.execute(query).scalars()))

    def since(self, case: str, sequence: int) -> tuple[Revision, ...]:
        """Return the revisions of a case that were kept after a place in the order."""
        query = select(revisions).where(revisions.c.case_id == case, revisions.c.sequence > sequence)
        return self._read(query.order_by(revisions.c.sequence))

    def newest(self, case: str) -> int:
        """Return the last place in the order that a revision of a case has; 0 where there is none."""
        query = select(func.max(revisions.c.sequence)).where(revisions.c.case_id == case)
        with self._reading() as connection:
            return connection.execute(query).scalar() or 0

    def changed_since(self, case: str, sequence: int) -> dict[tuple[str, str], tuple[Revision, ...]]:
        """Return the present revisions of each item that changed after a place in the order, by layer and item."""
        later = revisions.alias()
        changed = exists().where(
            later.c.case_id == revisions.c.case_id,
            later.c.layer_id == revisions.c.layer_id,
            later.c.item_id == revisions.c.item_id,
            later.c.sequence > sequence,
        )
        query = select(revisions).where(revisions.c.case_id == case, _is_head(), changed)
        items: defaultdict[tuple[str, str], list[Revision]] = defaultdict(list)
        for revision in self._read(query.order_by(revisions.c.sequence)):
            items[revision.layer, revision.item].append(revision)
        return {item: tuple(heads) for item, heads in items.items()}

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise AnnotationStoreError(
                "The marks cannot be read from the database; try again, then start the viewer again."
            ) from error

    def _read(self, query: Select[Any]) -> tuple[Revision, ...]:
        with self._reading() as connection:
            return tuple(_revision(row) for row in connection.execute(query))


def _keep(connection: Connection, gesture: Gesture) -> Kept:
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    values = _values(gesture)
    insertion = upsert(revisions).values(values).on_conflict_do_nothing().returning(revisions.c.sequence)
    added = connection.execute(insertion).scalar() is not None
    row = connection.execute(select(revisions).where(revisions.c.id == gesture.id)).one()
    if not added and any(getattr(row, name) != values[name] for name in values if name != "written_at"):
        raise RevisionReusedError("This gesture's id was kept before with another content; make a new id.")
    item = {"case_id": gesture.case, "layer_id": gesture.layer, "item_id": gesture.item}
    if added and gesture.bases:
        replaced = [{**item, "replaced": base, "replaced_by": gesture.id} for base in gesture.bases]
        connection.execute(upsert(replacements).on_conflict_do_nothing(), replaced)
    heads = _of(gesture.case, gesture.layer, gesture.item).where(_is_head())
    ids = connection.execute(heads.with_only_columns(revisions.c.id).order_by(revisions.c.sequence))
    return Kept(gesture.id, row.sequence, tuple(ids.scalars()), was_known=not added)


def _values(gesture: Gesture) -> dict[str, str | None]:
    return {
        "id": gesture.id,
        "case_id": gesture.case,
        "layer_id": gesture.layer,
        "item_id": gesture.item,
        "kind": gesture.kind.value,
        "bases": json.dumps(gesture.bases),
        "author": gesture.author,
        "written_at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "content": None if gesture.content is None else gesture.content.model_dump_json(),
    }


def _of(case: str, layer: str, item: str) -> Select[Any]:
    return select(revisions).where(
        revisions.c.case_id == case, revisions.c.layer_id == layer, revisions.c.item_id == item
    )


def _is_head() -> Any:
    return ~exists().where(
        and_(
            replacements.c.case_id == revisions.c.case_id,
            replacements.c.layer_id == revisions.c.layer_id,
            replacements.c.item_id == revisions.c.item_id,
            replacements.c.replaced == revisions.c.id,
        )
    )


def _revision(row: Row[Any]) -> Revision:
    kind = ItemKind(row.kind)
    return Revision(
        sequence=row.sequence,
        id=row.id,
        case=row.case_id,
        layer=row.layer_id,
        item=row.item_id,
        kind=kind,
        bases=tuple(json.loads(row.bases)),
        author=row.author,
        written_at=row.written_at,
        content=None if row.content is None else kind.model.model_validate_json(row.content),
    )
