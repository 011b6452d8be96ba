"""All checks, one after another: each has its time, and what one raises ends none of the others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.doctor.finding import Finding, failed
from app.doctor.grounds import check_embedder, check_grounding, check_ocr
from app.doctor.libraries import check_own_library, check_own_search, check_tiny_library
from app.doctor.machine import check_port_of_page, check_room, check_versions
from app.doctor.model import check_question, check_window
from app.doctor.places import check_folders, check_settings
from app.doctor.privacy import check_privacy
from app.doctor.servers import check_servers
from app.doctor.visit import Visit
from ingest.errors import CiteboundError
from prompts.template import PromptError

FIRST_PORT = 8501  # where the page listens unless it is told otherwise
PRIVACY, VERSIONS, WINDOW = "What leaves this machine", "Versions", "The model's whole window"
READ_ALWAYS = (PRIVACY, VERSIONS)  # their details are what they are for


@dataclass(frozen=True)
class Check:
    """A thing that is done to see whether it works; ``to_do`` is for where it fails with an error.

    ``limit`` is in seconds; a check that takes longer is left to itself.
    """

    name: str
    run: Callable[[Visit], Finding]
    to_do: str
    limit: float = 30.0


MEND_SETTINGS = "Mend the settings; until then these checks take those that come with the program."
LOOK_AT_LIBRARY = "Do what the sentence says, then check again."
CHECKS = (
    Check("Settings", check_settings, MEND_SETTINGS),
    Check("Folders", check_folders, "Look at the disk that they lie on."),
    Check(
        "Embedding model",
        check_embedder,
        "Look at embedder in settings, or leave it out: the default one comes with the program.",
        limit=300.0,  # the first time it is converted
    ),
    Check(
        "Writing and reading a library",
        check_tiny_library,
        "Look at the folder for temporary files and at the memory that is left.",
        limit=120.0,
    ),
    Check(
        "Your library",
        check_own_library,
        LOOK_AT_LIBRARY,
        limit=120.0,
    ),
    Check(
        "Searching your library",
        check_own_search,
        LOOK_AT_LIBRARY,
        limit=300.0,  # the first time a reranker is converted
    ),
    Check("Text in pictures (OCR)", check_ocr, "Install it anew: pip install 'citebound[ocr]'"),
    Check("Proof of claims", check_grounding, "Look at grounding in settings.", limit=120.0),
    Check("Model servers", check_servers, "Look at the addresses of model servers in settings."),
    Check(
        "A question to the model",
        check_question,
        "Choose another model in settings; extractive needs no server.",
        limit=300.0,
    ),
    Check("Disk and memory", check_room, "Look at the disks of this machine."),
    Check("The page's port", check_port_of_page, "Choose another: citebound chat --port 8502"),
    Check(VERSIONS, check_versions, "Install Citebound anew: pip install citebound"),
    Check(PRIVACY, check_privacy, "Start Citebound again and look here first."),
)
WINDOW_CHECK = Check(
    WINDOW, check_window, "Choose another model in settings, or a smaller context_tokens.", 900.0
)


def checks_for(*, window: bool) -> tuple[Check, ...]:
    """The checks; ``window`` adds the one that fills the model's window, after its question."""
    if not window:
        return CHECKS
    after = [check.run for check in CHECKS].index(check_question) + 1
    return (*CHECKS[:after], WINDOW_CHECK, *CHECKS[after:])


def examine(
    library: str | None = None,
    *,
    port: int = FIRST_PORT,
    checks: Sequence[Check] = CHECKS,
    on_check: Callable[[str], None] = lambda _: None,
) -> Iterator[Finding]:
    """Run the checks and yield what each found; ``on_check`` is told the name of the next one.

    ``library`` is the name or path of the user's; None: the one in settings.
    """
    with Visit(library, port=port) as visit:
        for check in checks:
            on_check(check.name)
            yield run_check(check, visit)


def run_check(check: Check, visit: Visit) -> Finding:
    """What a check finds within its time, whatever happens in it."""
    started = time.monotonic()
    findings: list[Finding] = []
    thread = threading.Thread(
        target=lambda: findings.append(_outcome(check, visit)), name=check.name, daemon=True
    )
    thread.start()
    thread.join(check.limit)
    late = failed(f"It has not ended within {check.limit:g} s and was given up.", check.to_do)
    finding = findings[0] if findings else late
    return replace(finding, name=check.name, seconds=time.monotonic() - started)


def _outcome(check: Check, visit: Visit) -> Finding:
    try:
        return check.run(visit)
    except (CiteboundError, PromptError) as error:
        return failed(str(error), check.to_do)
    except Exception as error:  # noqa: BLE001 - a check that breaks is a finding as any other
        said = " ".join(str(error).split())
        return failed(
            f"It failed in an unforeseen way ({type(error).__name__}: {said}).", check.to_do
        )
