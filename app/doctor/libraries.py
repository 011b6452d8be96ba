"""Can a library be written and read, and is the user's own one whole?"""

from __future__ import annotations

import time

from app.doctor.finding import Finding, failed, note, ok
from app.doctor.visit import Visit
from ingest.catalog.catalog import FILE_NAME
from ingest.errors import LibraryError
from ingest.pipeline import ingest_folder
from ingest.verify import Verification, verify, verify_quickly

MILL, FERRY = "mill.md", "ferry.md"
DOCUMENTS = {
    MILL: "# The mill of Larkfield\n\nThe mill of Larkfield was built in 1712 by Ann Hale.\n\n"
    "It grinds barley for four villages.\n",
    FERRY: "# The ferry of Skerry\n\nThe ferry of Skerry crosses the sound at nine o'clock.\n",
}
ABOUT_THE_FERRY = "When does the ferry cross the sound?"
WHOLE_UP_TO = 20_000  # passages; comparing more of them one by one takes too long here
SEARCHED_WORDS = 12
REBUILD = "Make it anew from its own text: citebound library rebuild"


def check_tiny_library(visit: Visit) -> Finding:
    """Two documents go in, one is found and removed; the other stays for the model's question."""
    folder = visit.folder / "documents"
    folder.mkdir()
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    summary = ingest_folder(folder, visit.tiny)
    if summary.added != len(DOCUMENTS):
        raise LibraryError("; ".join(failure.reason for failure in summary.failures))
    first = _found_first(visit)
    with visit.tiny.writing():
        visit.tiny.remove(visit.tiny.find_document(FERRY).id)
    left = [passage.document for passage in visit.tiny.search(ABOUT_THE_FERRY)]
    if first != FERRY or FERRY in left:
        return failed(
            "A document that was written is not found, or found after it was removed.",
            "Install Citebound anew: pip install --force-reinstall citebound",
        )
    return ok(
        "Two small documents were written, found by a search, and one of them removed.",
        ("in", str(visit.folder)),
        ("writing took", f"{summary.seconds:.1f} s"),
    )


def _found_first(visit: Visit) -> str:
    found = visit.tiny.search(ABOUT_THE_FERRY)
    return found[0].document if found else ""


def check_own_library(visit: Visit) -> Finding:
    """The library opens, and its two stores agree; source files are looked at beside."""
    folder = visit.own_folder
    if visit.library is None and not (folder / FILE_NAME).exists():
        return note(
            f"There is none yet at {folder}.",
            "Take documents in: ingest FOLDER, or add them on the page Library",
        )
    library = visit.own
    quick = library.catalog.totals()[2] > WHOLE_UP_TO
    found = verify_quickly(library) if quick else verify(library)
    rows = (
        ("folder", str(folder)),
        ("format", str(library.catalog.fact("schema"))),
        *_size(found),
        ("compared", "by number, since it is large; whole: citebound library verify" if quick
         else "passage by passage"),
        *(() if quick else (("source files", _sources(found)),)),
    )  # fmt: skip
    if found.problems:
        return failed(f"It is not whole: {'; '.join(found.problems)}.", REBUILD, *rows)
    if found.writer:
        return note(
            f"It is being written to by {found.writer}.",
            "Nothing is wrong; numbers may move until that is done.",
            *rows,
        )
    return ok("It opens, and its passages and vectors agree.", *rows)


def _size(found: Verification) -> tuple[tuple[str, str], ...]:
    return (
        ("documents", f"{found.documents:,}"),
        ("pages", f"{found.pages:,}"),
        ("passages", f"{found.chunks:,}"),
        ("vectors", f"{found.vectors:,}"),
    )


def _sources(found: Verification) -> str:
    return (
        f"{found.count('same'):,} the same, {found.count('changed'):,} changed since, "
        f"{found.count('missing'):,} gone"
    )


def check_own_search(visit: Visit) -> Finding:
    """The words that a document begins with are searched for."""
    if visit.library is None and not (visit.own_folder / FILE_NAME).exists():
        return ok("There is nothing to search yet.")
    library = visit.own
    documents = [document for document in library.documents() if document.chunks]
    if not documents:
        return ok("The library is empty, so there is nothing to search yet.")
    ids = library.catalog.document_chunk_ids(documents[0].id)[:1]
    words = library.catalog.chunks(ids)[ids[0]].text.split()[:SEARCHED_WORDS]
    library.search(" ".join(words))  # the first one loads what it needs
    started = time.monotonic()
    found = library.search(" ".join(words))
    took = time.monotonic() - started
    if not found:
        return failed(
            f"The first words of {documents[0].name} are searched for, and nothing is found.",
            REBUILD,
        )
    return ok(
        f"A search finds passages in {1000 * took:.0f} ms.",
        ("searched for", f"the first words of {documents[0].name}"),
        ("found first", f"{found[0].document}, page {found[0].page_label}"),
    )
