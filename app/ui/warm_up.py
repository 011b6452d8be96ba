"""What the first page and the first answer need, loaded when the server starts.

The page is shown at once and its question box works; an answer waits for what is not there yet.
"""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from ingest.errors import CiteboundError

if TYPE_CHECKING:
    from ingest.library import Library

SECONDS_FOR_THE_PAGE = 3.0  # then nobody has opened it yet
QUESTION = "Where does it begin?"

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class WarmUp:
    """How far loading is, and how far the first page is.

    A page waits until all code is imported: two threads that import what imports each other may
    find half of it. What only answers need waits a little for the page.
    """

    imported: threading.Event = field(default_factory=threading.Event)
    drawn: threading.Event = field(default_factory=threading.Event)


@lru_cache(maxsize=1)
def warm_up() -> WarmUp:
    """Begin to load, once."""
    begun = WarmUp()
    threading.Thread(target=_load, args=(begun,), name="warm-up", daemon=True).start()
    return begun


def _load(begun: WarmUp) -> None:
    try:
        try:
            from app.ui.opened import load_library

            _import_the_rest()
        finally:
            begun.imported.set()
        library = load_library()
        begun.drawn.wait(SECONDS_FOR_THE_PAGE)
        with ThreadPoolExecutor(max_workers=2) as together:
            loaded = [together.submit(_load_search, library), together.submit(_load_reader)]
            for one in loaded:
                one.result()
        _answer_once(library)
    except CiteboundError:
        pass  # the page meets the same, and says so where it can be read
    except Exception:
        logger.exception("loading ahead of the first question failed")


def _import_the_rest() -> None:
    """What the chat imports beyond the library and the models.

    Not what draws: components are registered when the server is there.
    """

    import app.suggest
    import app.ui.chat.sidebar  # noqa: F401 - so that a page finds it all loaded
    from app.grounding.trees import shipped_trees

    shipped_trees()


def _answer_once(library: Library) -> None:
    """Answer something: OpenVINO makes its graphs anew for each shape that it has not seen."""
    from app.chain import build_chain
    from app.events import Ask
    from app.models.extractive import ExtractiveModel
    from app.settings import AnswerSettings

    build_chain(library, ExtractiveModel(library), AnswerSettings()).invoke(Ask(QUESTION))


def _load_search(library: Library) -> None:
    library.search(QUESTION, top=1)


def _load_reader() -> None:
    from app.reading import shipped_reader

    shipped_reader().read(QUESTION, [["It begins at the first page."]])
