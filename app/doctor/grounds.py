"""What every answer stands on: the embedding model, the check of claims, and OCR where it is."""

from __future__ import annotations

import time
from importlib.metadata import version

import numpy

from app.doctor.finding import Finding, failed, note, ok
from app.doctor.visit import Visit
from app.grounding import choose_check

ALIKE = ("The boiler is fired with coal.", "Coal burns in the firebox of the boiler.")
UNLIKE = "The violinist tuned her strings before the concert."

PAGE = "The mill of Larkfield was built in 1712 by Ann Hale. It grinds barley for four villages."
TRUE, FALSE = "Ann Hale built the mill of Larkfield in 1712.", "Ann Hale built the mill in 1821."


def check_embedder(visit: Visit) -> Finding:
    """Three texts become vectors: two that are alike have to be nearer than two that are not."""
    embedder = visit.tiny.document_embedder
    texts = [*ALIKE, UNLIKE]
    embedder.embed_documents(texts)  # the first call loads the model
    started = time.monotonic()
    vectors = embedder.embed_documents(texts)
    each = (time.monotonic() - started) / len(texts)
    unit = vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)
    alike, unlike = float(unit[0] @ unit[1]), float(unit[0] @ unit[2])
    identity = embedder.identity
    rows = (
        ("model", identity.model),
        ("numbers in a vector", str(identity.dimension)),
        ("a short text takes", f"{1000 * each:.1f} ms"),
        ("two texts that are alike", f"{alike:.2f} of 1"),
        ("two that are not", f"{unlike:.2f} of 1"),
    )
    if vectors.shape[1] != identity.dimension or not alike > unlike:
        return failed(
            f"{identity.model} finds texts that are alike no nearer than others.",
            "Name another embedder in settings, then: citebound library rebuild",
            *rows,
        )
    return ok(f"{identity.model} tells texts apart by what they mean.", *rows)


def check_grounding(visit: Visit) -> Finding:
    """A claim that a text proves and one that it does not get their verdicts."""
    settings = visit.answer_settings
    check = choose_check(settings.grounding)
    true, false = check(TRUE, PAGE), check(FALSE, PAGE)
    said = settings.grounding or "the check that comes with the program"
    rows = (("by", said), (TRUE, true.verdict), (FALSE, f"{false.verdict}: {false.reason}"))
    if (true.verdict, false.verdict) != ("supported", "unsupported"):
        return failed(
            "A claim that the page proves and one that it does not are not told apart.",
            'Leave grounding in settings empty: grounding = ""',
            *rows,
        )
    return ok("A claim that the page proves is told from one that it does not.", *rows)


def check_ocr(visit: Visit) -> Finding:
    """Whether pages that are pictures could be read."""
    from ingest.readers.ocr import INSTALL, is_installed

    if not is_installed():
        return note(
            "It is not installed, so scanned pages stay unread and are named as such.",
            f"If you have scans: {INSTALL}",
        )
    rows = tuple((name, version(name)) for name in ("rapidocr", "onnxruntime"))
    if not visit.ingest_settings.ocr:
        return note(
            "It is installed and switched off.", "To read scanned pages, set ocr = true.", *rows
        )
    return ok("It is installed: scanned pages are read.", *rows)
