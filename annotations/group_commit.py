"""One thread that writes: everything that waits is committed together, and answered only after the commit."""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from annotations.database import WRITES
from annotations.errors import AnnotationError, AnnotationStoreError

Result = TypeVar("Result")
MAX_GROUP = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Task(Generic[Result]):
    work: Callable[[Connection], Result]
    answer: "Future[Result]"


class GroupCommitWriter:
    """Writes to one database from one thread.

    Parameters
    ----------
    engine : Engine
        The database.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.SimpleQueue[_Task[Any] | None] = queue.SimpleQueue()
        self._closing = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="annotation-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[[Connection], Result]) -> "Future[Result]":
        """Hand over work; its future is done once the transaction that holds it is committed.

        Parameters
        ----------
        work : callable
            Takes the connection, and is run once inside a savepoint.

        Returns
        -------
        Future
            Ends with an `AnnotationStoreError` if the work or the commit fails.

        Raises
        ------
        AnnotationStoreError
            If the writer was closed.
        """
        task = _Task(work, Future())
        with self._closing:
            if self._closed:
                raise AnnotationStoreError("The store of marks was closed; start the viewer again.")
            self._waiting.put(task)
        return task.answer

    def close(self) -> None:
        """Commit what waits and end the thread; may be called more than once."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            group, is_last = [first], False
            while len(group) < MAX_GROUP and not self._waiting.empty():
                task = self._waiting.get()
                if task is None:
                    is_last = True
                    break
                group.append(task)
            self._commit([task for task in group if task.answer.set_running_or_notify_cancel()])
            if is_last:
                return

    def _commit(self, group: list[_Task[Any]]) -> None:
        outcomes: list[tuple[_Task[Any], Any, BaseException | None]] = []
        try:
            with self._engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
                if connection.dialect.name == "postgresql":
                    # Two servers on one database take turns, so that the order of the sequence is that of the
                    # commits: who read up to a number has then seen everything before it.
                    connection.exec_driver_sql("SELECT pg_advisory_xact_lock(6027452)")
                outcomes = [(task, *_outcome(task, connection)) for task in group]
        except Exception as error:  # whatever the database fails with, everyone who waits gets an answer
            failure = AnnotationStoreError(
                "The marks could not be written; they are sent again by themselves."
            )
            failure.__cause__ = error
            outcomes = [(task, None, failure) for task in group]
        for task, result, failure_of_task in outcomes:
            if failure_of_task is None:
                task.answer.set_result(result)
            else:
                task.answer.set_exception(failure_of_task)


def _outcome(task: _Task[Any], connection: Connection) -> tuple[Any, AnnotationError | None]:
    """Do one piece of work so that its failure takes nothing else of the group with it."""
    try:
        with connection.begin_nested():
            return task.work(connection), None
    except AnnotationError as error:
        return None, error
    except SQLAlchemyError:
        raise
    except Exception as error:  # a fault of one piece must not take the others with it
        failure = AnnotationStoreError("A mark could not be written; look at it and send it again.")
        failure.__cause__ = error
        return None, failure
