"""Which files below a folder are new, changed, copied, unchanged or gone."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ingest.errors import CiteboundError
from ingest.readers.source import ENDINGS
from ingest.records import KnownFile, SourceFile


@dataclass
class Discovery:
    """What a look at a folder found, each file in one list, with the hash of its content.

    ``copies`` hold what the library has already, ``copies_to_come`` what another file in
    ``to_read`` holds. ``moved`` are (file, the path it had before, hash), ``failures`` (path,
    reason).
    """

    unchanged: list[SourceFile] = field(default_factory=list)
    touched: list[tuple[SourceFile, str]] = field(default_factory=list)
    to_read: list[tuple[SourceFile, str]] = field(default_factory=list)
    copies: list[tuple[SourceFile, str]] = field(default_factory=list)
    copies_to_come: list[tuple[SourceFile, str]] = field(default_factory=list)
    moved: list[tuple[SourceFile, Path, str]] = field(default_factory=list)
    gone: list[Path] = field(default_factory=list)
    failures: list[tuple[Path, str]] = field(default_factory=list)


def check_folder(folder: Path) -> None:
    """Raise CiteboundError where a folder is none."""
    if not folder.is_dir():
        what = "is a file, not a folder" if folder.is_file() else "does not exist"
        raise CiteboundError(f"The folder {folder} {what}; give a folder that holds documents.")


def find_files(
    folder: Path, *, on_error: Callable[[OSError], None] = lambda _: None
) -> Iterator[Path]:
    """All files of kinds that can be read, in a fixed order; what is hidden is left out.

    Links to folders are not followed; ``on_error`` is told of folders that cannot be listed. Raises
    CiteboundError where the folder is none.
    """
    check_folder(folder)
    for place, folders, names in os.walk(folder, onerror=on_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                yield Path(place) / name


def discover(folder: Path, known: Mapping[Path, KnownFile]) -> Discovery:
    """Compare a folder with the catalog: by size and time first, by content where those differ.

    What lies in a folder that cannot be listed is not taken for gone.
    """
    root = folder.resolve()
    found = Discovery()
    closed: list[Path] = []

    def note(error: OSError) -> None:
        closed.append(Path(error.filename))
        found.failures.append((closed[-1], f"the folder cannot be listed ({error.strerror})"))

    paths = list(find_files(root, on_error=note))
    found.gone = sorted(
        path
        for path in known.keys() - set(paths)
        if path.is_relative_to(root) and not any(path.is_relative_to(place) for place in closed)
    )
    left_behind = {known[path].document: path for path in found.gone}
    held = {record.document for record in known.values()}
    coming: set[str] = set()
    for path in paths:
        try:
            file = _look_at(path, root)
            before = known.get(path)
            if before and (before.size, before.modified) == (file.size, file.modified):
                found.unchanged.append(file)
                continue
            digest = content_hash(path)
        except OSError as error:
            found.failures.append((path, f"it cannot be read ({error.strerror or error})"))
            continue
        except UnicodeEncodeError:
            shown = Path(os.fsencode(path).decode(errors="replace"))
            found.failures.append((shown, "its name is not valid UTF-8; rename it"))
            continue
        if before and before.document == digest:
            found.touched.append((file, digest))
        elif digest in left_behind:
            found.moved.append((file, left_behind.pop(digest), digest))
        elif digest in held:
            found.copies.append((file, digest))
        elif digest in coming:
            found.copies_to_come.append((file, digest))
        else:
            coming.add(digest)
            found.to_read.append((file, digest))
    moved_from = {old_path for _, old_path, _ in found.moved}
    found.gone = [path for path in found.gone if path not in moved_from]
    return found


def _look_at(path: Path, root: Path) -> SourceFile:
    str(path).encode()  # the catalog keeps paths as UTF-8
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError("not a regular file")
    name = path.relative_to(root).as_posix()
    return SourceFile(path, name, status.st_size, status.st_mtime_ns)


def content_hash(path: Path) -> str:
    """The sha256 of a file: the id of the document that it holds."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
