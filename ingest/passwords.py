"""The passwords that encrypted files are tried with: from options, files and the environment.

They are held in memory only: nothing here or elsewhere prints, logs or stores one.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ingest.errors import SettingsError

VARIABLE = "CITEBOUND_PASSWORD"
FILE_VARIABLE = "CITEBOUND_PASSWORDS_FILE"


def environment_passwords() -> tuple[str, ...]:
    """Those of CITEBOUND_PASSWORD and of the file that CITEBOUND_PASSWORDS_FILE names.

    Raises SettingsError where that file cannot be read.
    """
    alone, path = os.environ.get(VARIABLE), os.environ.get(FILE_VARIABLE)
    return each_once(([alone] if alone else []) + (read_passwords(Path(path)) if path else []))


def read_passwords(path: Path) -> list[str]:
    """The lines of a file that are not empty. Raises SettingsError where it cannot be read."""
    try:
        lines = path.expanduser().read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise SettingsError(
            f"The passwords file {path} cannot be read ({error.strerror})."
        ) from error
    except UnicodeDecodeError:  # the error would show a part of the file
        raise SettingsError(f"The passwords file {path} is not text in UTF-8.") from None
    return [line for line in lines if line]


def each_once(passwords: Sequence[str]) -> tuple[str, ...]:
    """The passwords in their order, without repetitions."""
    return tuple(dict.fromkeys(passwords))
