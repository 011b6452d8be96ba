"""A file with what a command has printed as JSON, given back to another command."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from pydantic import ValidationError

MOST_BYTES = 64 << 20


def read_printed(path: Path) -> str:
    """Its text. Raises OSError or UnicodeDecodeError.

    A device has no size and may have no end, so what is read is counted.
    """
    with path.open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data.decode("utf-8")


def first_fault(error: ValidationError) -> str:
    """What is wrong with it first, and where."""
    first = error.errors()[0]
    where = ".".join(str(name) for name in first["loc"]) or "it"
    return f"{where}: {first['msg']}"
