"""The database that holds revisions: its tables, and how SQLite and PostgreSQL are opened.

References
----------
https://www.sqlite.org/pragma.html (journal_mode, synchronous); https://www.sqlite.org/wal.html
"""

from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    make_url,
    select,
)
from sqlalchemy.exc import ArgumentError, DBAPIError

from annotations.errors import AnnotationStoreError

STORE_VERSION = 1
DATABASE_NAME = "annotations.sqlite3"
WRITES = "msus_writes"
PRAGMAS = ("busy_timeout=30000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")

metadata = MetaData()

store_version = Table("annotation_store", metadata, Column("version", Integer, primary_key=True))

revisions = Table(
    "annotation_revisions",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("case_id", String(64), nullable=False),
    Column("layer_id", String(64), nullable=False),
    Column("item_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("bases", Text, nullable=False),
    Column("author", String(200), nullable=False),
    Column("written_at", String(40), nullable=False),
    Column("content", Text),
    Index("annotation_revisions_of_an_item", "case_id", "layer_id", "item_id"),
    sqlite_autoincrement=True,
)

replacements = Table(
    "annotation_replacements",
    metadata,
    Column("case_id", String(64), nullable=False),
    Column("layer_id", String(64), nullable=False),
    Column("item_id", String(64), nullable=False),
    Column("replaced", String(64), nullable=False),
    Column("replaced_by", String(64), nullable=False),
    PrimaryKeyConstraint("case_id", "layer_id", "item_id", "replaced", "replaced_by"),
)

_NETWORK_FILE_SYSTEMS = {
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "9p",
    "afs",
    "fuse.sshfs",
    "glusterfs",
    "ceph",
}


def sqlite_url(data_folder: Path) -> str:
    """Return the address of the SQLite database in a data folder."""
    return f"sqlite:///{data_folder / DATABASE_NAME}"


def open_database(url: str) -> Engine:
    """Open a database and make its tables where they are missing.

    Parameters
    ----------
    url : str
        ``sqlite:///path`` or ``postgresql+psycopg://…``.

    Returns
    -------
    Engine
        SQLite in WAL mode with ``synchronous=FULL``; a transaction of a connection with the execution option
        ``WRITES`` begins with ``BEGIN IMMEDIATE``, so that it never has to wait half-way.

    Raises
    ------
    AnnotationStoreError
        If the database cannot be opened, lies on a network drive or was written by a newer viewer.
    """
    try:
        parsed = make_url(url)
        is_sqlite = parsed.get_backend_name() == "sqlite"
        if is_sqlite:
            _prepare_folder(Path(parsed.database or ""))
        engine = create_engine(parsed, pool_pre_ping=not is_sqlite)
        if is_sqlite:
            _keep_every_commit(engine)
        return _made(engine)
    except (ArgumentError, ModuleNotFoundError) as error:
        raise AnnotationStoreError(
            "The address of the database is not one of SQLite or PostgreSQL; correct it and start again."
        ) from error
    except (OSError, DBAPIError) as error:
        raise AnnotationStoreError(
            f"The database of marks cannot be opened ({_reason(error)}); check that its folder can be written to."
        ) from error


def _made(engine: Engine) -> Engine:
    """Make the tables, or let go of the database where that fails."""
    try:
        _make_tables(engine)
    except Exception:
        engine.dispose()
        raise
    return engine


def _prepare_folder(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if _file_system_of(path.parent) in _NETWORK_FILE_SYSTEMS:
        raise AnnotationStoreError(
            f"{path.parent}: this folder is on a network drive, where SQLite may lose marks; "
            "choose a folder of this machine or a PostgreSQL database."
        )


def _file_system_of(folder: Path) -> str | None:
    """Kind of file system that a folder lies on; None where the system does not say."""
    try:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return None
    resolved = folder.resolve()
    fields = [line.split(" ") for line in mounts]
    over = [
        (len(field[1]), field[2])
        for field in fields
        if len(field) > 2 and resolved.is_relative_to(field[1].replace("\\040", " "))
    ]
    return max(over)[1] if over else None


def _keep_every_commit(engine: Engine) -> None:
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # transactions are begun by hand, below
        try:
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}").close()
        except Exception:
            connection.close()  # the pool does not know it yet
            raise

    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _make_tables(engine: Engine) -> None:
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            # Two servers that start at once would both make the tables.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6027451)")
        metadata.create_all(connection)
        version = connection.execute(select(store_version.c.version)).scalar()
        if version is None:
            connection.execute(insert(store_version).values(version=STORE_VERSION))
        elif version > STORE_VERSION:
            raise AnnotationStoreError(
                "The database of marks was written by a newer viewer; start that one, or use another data folder."
            )


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__
