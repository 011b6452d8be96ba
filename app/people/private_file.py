"""Small TOML files that only their owner may read, changed as a whole or not at all."""

from __future__ import annotations

import json
import os
import stat
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import filelock

from app.people.person import PeopleError

SECONDS_TO_WAIT = 10.0
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_private(path: Path) -> dict[str, Any]:
    """What a file holds; empty where there is none.

    Raises PeopleError where it cannot be read, is no TOML, or is open to others of the machine.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & OTHERS:
                raise PeopleError(
                    f"{path} is open to others of this machine; close it with: chmod 600 {path}"
                )
            return tomllib.load(file)
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PeopleError(f"{path} is not valid TOML: {error}.") from error
    except OSError as error:
        raise PeopleError(f"{path} cannot be read ({error.strerror}).") from error


def write_private(path: Path, text: str) -> None:
    """Put a new file in the place of the old one, in one step. Raises PeopleError."""
    try:
        number, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # of mode 0600
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise PeopleError(f"{path} cannot be written ({error.strerror}).") from error


@contextmanager
def changing(path: Path) -> Iterator[None]:
    """Keep other processes from changing a file meanwhile. Raises PeopleError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with filelock.FileLock(path.with_name(f".{path.name}.lock"), SECONDS_TO_WAIT):
            yield
    except filelock.Timeout as error:
        raise PeopleError(f"{path} is being changed by another command; try again.") from error
    except OSError as error:
        raise PeopleError(f"{path} cannot be changed ({error.strerror}).") from error


def quoted(text: str) -> str:
    """A text as a TOML string."""
    return json.dumps(text, ensure_ascii=False)
