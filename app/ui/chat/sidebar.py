"""What is chosen beside the chat: who answers and how, and the documents that are asked."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import streamlit as st

from app.counted import counted
from app.models.choose import KINDS, AnswerModel
from app.models.extractive import ExtractiveModel
from app.models.model import ModelError
from app.settings import AnswerSettings
from app.strategies import STRATEGIES
from app.ui.chat.sampling import choose_sampling
from app.ui.models.model_box import model_names
from app.ui.opened import choose
from app.ui.person import current_person
from app.ui.plain import plain
from ingest.library import Library
from ingest.records import DocumentRecord

ANOTHER = "another model"
ASKED_DOCUMENTS = "documents"  # the widget that chooses them


@dataclass(frozen=True)
class AskedDocuments:
    """The documents that are asked, by their ids, and the names that were chosen for them."""

    ids: tuple[str, ...]
    names: str


@dataclass(frozen=True)
class Choices:
    """Who answers (or why nobody does), how, and from which documents; None: all.

    ``wrong`` is whether something is to be put right before anything can be asked.
    """

    spec: str
    model: AnswerModel | ModelError
    settings: AnswerSettings
    documents: AskedDocuments | None
    wrong: bool = False

    @property
    def told(self) -> Mapping[str, str]:
        """What is kept with a question of who was asked, how, and of which documents."""
        name = self.spec if isinstance(self.model, ModelError) else self.model.name
        quotes = isinstance(self.model, ExtractiveModel)
        told = {"model": name, "strategy": "" if quotes else self.settings.strategy}
        return {**told, "documents": self.documents.names} if self.documents else told


def show_choices(library: Library, settings: AnswerSettings) -> Choices:
    """Draw the choices; what was chosen."""
    documents = _choose_documents(library)
    spec, model = _choose_model(library, settings)
    if isinstance(model, ExtractiveModel | ModelError):
        return Choices(spec, model, settings, documents)
    settings = settings.model_copy(update={"strategy": _choose_strategy(settings)})
    sampled = choose_sampling(settings)
    return Choices(spec, model, sampled or settings, documents, wrong=sampled is None)


def choose_other(
    choices: Choices, spec: str | None, strategy: str | None, library: Library
) -> Choices:
    """The same choices with another model or another way to answer, for one question."""
    if strategy:
        settings = choices.settings.model_copy(update={"strategy": strategy})
        choices = replace(choices, settings=settings)
    if not spec or spec == choices.spec:
        return choices
    try:
        model = choose(spec, library.folder, library, choices.settings).model
    except ModelError as error:
        return replace(choices, spec=spec, model=error)
    return replace(choices, spec=spec, model=model)


def strategy_names(settings: AnswerSettings) -> list[str]:
    """The ways to answer, the one of settings first."""
    return list(dict.fromkeys([settings.strategy, *STRATEGIES]))


def _choose_model(
    library: Library, settings: AnswerSettings
) -> tuple[str, AnswerModel | ModelError]:
    specs = model_names(settings)
    if current_person().admin:  # who may name any file of the machine as a model
        specs.append(ANOTHER)
    spec = st.selectbox("Model", specs, key="model", persist_state="session")
    if spec == ANOTHER:
        spec = st.text_input(
            "Its kind and name",
            placeholder="openai-compatible:NAME",
            help=f"One of: {plain(', '.join(KINDS))}.",
            key="another",
            persist_state="session",
        )
    if not spec:
        return "", ModelError("Name a model in the sidebar first.")
    try:
        choice = choose(spec.strip(), library.folder, library, settings)
    except ModelError as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return spec.strip(), error
    st.caption(plain(f"{choice.model.name}: {choice.reason}."))
    return spec.strip(), choice.model


def _choose_strategy(settings: AnswerSettings) -> str:
    name = st.selectbox(
        "Way to answer", strategy_names(settings), key="strategy", persist_state="session"
    )
    strategy = STRATEGIES.get(name)
    if strategy:
        calls = f"Calls of the model: {strategy.calls}; tokens: {strategy.tokens}."
        st.caption(plain(f"{strategy.summary} {calls}"))
    return str(name)


def _choose_documents(library: Library) -> AskedDocuments | None:
    """The documents to ask; a folder stands for all that are in it."""
    known = library.documents()
    if not known:
        st.caption(f"Library {plain(library.folder.name)}: 0 documents.")
        return None
    documents, pages, passages = library.catalog.totals()
    names = names_of(known)
    folders = folders_of(known)
    chosen = st.multiselect(
        "Documents",
        [*folders, *names],
        format_func=lambda key: names.get(key, key),
        placeholder="All documents",
        key=ASKED_DOCUMENTS,
        persist_state="session",
    )
    st.caption(
        f"Library {plain(library.folder.name)}: {counted(documents, 'document')}, "
        f"{counted(pages, 'page')}, {counted(passages, 'passage')}."
    )
    ids = [id for key in chosen for id in folders.get(key, (key,))]
    if not ids:
        return None
    return AskedDocuments(tuple(dict.fromkeys(ids)), ", ".join(names.get(k, k) for k in chosen))


def names_of(documents: Sequence[DocumentRecord]) -> dict[str, str]:
    """Names by id; where several have the same, with what tells them apart."""
    times = Counter(document.name for document in documents)
    return {
        one.id: one.name
        if times[one.name] == 1
        else f"{one.name} (added {datetime.fromtimestamp(one.added):%d %b %Y}, {one.id[:6]})"
        for one in documents
    }


def folders_of(documents: Sequence[DocumentRecord]) -> dict[str, tuple[str, ...]]:
    """The folders that documents lie in, each written with a slash at its end, and their ids."""
    found: dict[str, list[str]] = {}
    for document in documents:
        folder = posixpath.dirname(document.name)
        while folder:
            found.setdefault(f"{folder}/", []).append(document.id)
            folder = posixpath.dirname(folder)
    return {name: tuple(found[name]) for name in sorted(found)}
