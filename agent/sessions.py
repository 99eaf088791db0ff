"""Keeps the sessions' file: checkpoints, the list, the message being worked on. It reads no message.

A message is written here before the graph sees it, so that a process killed at any moment loses none: the turn
is taken up where the last checkpoint left it. Between turns only a session's newest checkpoint is kept.
"""

import json
import logging
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite import SqliteSaver

log = logging.getLogger(__name__)

_TABLE = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, title TEXT NOT NULL, updated_at TEXT NOT NULL, workloads TEXT NOT NULL,
    inbox TEXT, attempts INTEGER NOT NULL DEFAULT 0
)
"""


@dataclass(frozen=True, slots=True)
class SessionInfo:
    """A session as a list shows it."""

    id: str
    title: str
    updated_at: str
    workloads: tuple[str, ...]


class SessionFile:
    """One SQLite file with every session; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(path, check_same_thread=False, timeout=30.0)
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.execute("PRAGMA secure_delete=ON")
        # Strict whatever the environment says: a crafted checkpoint must not be able to run code.
        self.saver = SqliteSaver(self._connection, serde=JsonPlusSerializer(allowed_msgpack_modules=None))
        with self.saver.cursor() as cursor:
            cursor.execute(_TABLE)

    def exists(self, session: str) -> bool:
        """Say whether a session was ever opened."""
        return self._row("SELECT 1 FROM sessions WHERE id = ?", session) is not None

    def keep_inbox(self, session: str, inbox: dict[str, Any] | None) -> None:
        """Write down the message that is about to be worked on; None where the work is done."""
        text = None if inbox is None else json.dumps(inbox)
        with self.saver.cursor() as cursor:
            cursor.execute("UPDATE sessions SET inbox = ?, attempts = 0 WHERE id = ?", (text, session))

    def inbox(self, session: str) -> dict[str, Any] | None:
        """Return the message that was being worked on, if the work was not finished."""
        row = self._row("SELECT inbox FROM sessions WHERE id = ?", session)
        inbox: dict[str, Any] | None = json.loads(row[0]) if row and row[0] else None
        return inbox

    def attempt(self, session: str) -> int:
        """Count one more try to finish a turn, and return how many there were."""
        with self.saver.cursor() as cursor:
            cursor.execute("UPDATE sessions SET attempts = attempts + 1 WHERE id = ?", (session,))
        row = self._row("SELECT attempts FROM sessions WHERE id = ?", session)
        return int(row[0]) if row else 0

    def put(self, info: SessionInfo) -> None:
        """Add a session to the list, or bring its entry up to date."""
        with self.saver.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sessions (id, title, updated_at, workloads) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET title = excluded.title, updated_at = excluded.updated_at, "
                "workloads = excluded.workloads",
                (info.id, info.title, info.updated_at, json.dumps(info.workloads)),
            )

    def list(self) -> list[SessionInfo]:
        """Return all sessions, the newest first."""
        with self.saver.cursor(transaction=False) as cursor:
            cursor.execute("SELECT id, title, updated_at, workloads FROM sessions ORDER BY updated_at DESC, id")
            rows = cursor.fetchall()
        return [SessionInfo(name, title, at, tuple(json.loads(workloads))) for name, title, at, workloads in rows]

    def prune(self, session: str) -> None:
        """Forget all but the newest checkpoint: what happened before is in the state itself."""
        newest = "(SELECT MAX(checkpoint_id) FROM checkpoints WHERE thread_id = ?)"
        with self.saver.cursor() as cursor:
            for table in ("checkpoints", "writes"):
                cursor.execute(
                    f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < {newest}",
                    (session, session),
                )

    def roll_back(self, session: str) -> None:
        """Return to the checkpoint before the turn that could not be finished."""
        oldest = "(SELECT MIN(checkpoint_id) FROM checkpoints WHERE thread_id = ?)"
        with self.saver.cursor() as cursor:
            cursor.execute("DELETE FROM writes WHERE thread_id = ?", (session,))
            cursor.execute(
                f"DELETE FROM checkpoints WHERE thread_id = ? AND checkpoint_id > {oldest}",
                (session, session),
            )
        self.keep_inbox(session, None)

    def delete(self, session: str) -> None:
        """Remove a session, from the write-ahead log as well."""
        self.saver.delete_thread(session)
        with self.saver.cursor() as cursor:
            cursor.execute("DELETE FROM sessions WHERE id = ?", (session,))
        with self.saver.cursor(transaction=False) as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _row(self, query: str, session: str) -> Any:
        with self.saver.cursor(transaction=False) as cursor:
            cursor.execute(query, (session,))
            return cursor.fetchone()
