"""Who can answer: the built-in answerer and the models of servers; pulling, removing, trying."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.models.model import ModelError
from app.models.ollama import OllamaModel, PullProgress, remove_model
from app.settings import AnswerSettings
from app.ui.models.pull import Pull, State
from app.ui.models.servers import (
    show_built_in,
    show_files,
    show_ollama_is_missing,
    show_served,
    show_status,
)
from app.ui.models.try_box import show_try_box
from app.ui.opened import PULLS, look_again, ollama_models, open_answer_settings
from app.ui.person import current_person, for_admins, require_admin
from app.ui.plain import plain

NAME, SEEN = "pull_name", "pulls_seen"
LOOK_SECONDS = 0.5  # between two looks at a pull
GIGABYTE = 1e9
COLOURS = {"permissive": "green", "restricted": "orange", "closed": "red", "not stated": "blue"}


def show_models() -> None:
    """The page."""
    settings = open_answer_settings()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.header("Models", anchor=False, width="stretch")
        st.button("Look again", icon=":material/refresh:", type="tertiary", on_click=look_again)
    st.caption("Who can answer your questions; which of them does is chosen beside the chat.")
    show_built_in()
    with st.container(border=True):
        _show_ollama(settings)
    show_served("vLLM", "vllm", settings.vllm_url)
    show_served("OpenAI-compatible", "openai-compatible", settings.openai_compatible_url)
    show_files()
    show_try_box(settings)


def _show_ollama(settings: AnswerSettings) -> None:
    known = PULLS[settings.ollama_url]
    states = _states(known)
    try:
        models = ollama_models(settings.ollama_url, settings)
    except ModelError as error:
        show_status("Ollama", settings.ollama_url, answers=False)
        _follow(known, states)
        show_ollama_is_missing(str(error))
        return
    show_status("Ollama", settings.ollama_url, answers=True)
    admin = current_person().admin
    if admin:
        _pull_box(known, settings)
    else:
        st.caption("Models are pulled and removed by admins.")
    _follow(known, states)
    if not models:
        st.markdown("Ollama has no model yet: pull one by its name." if admin else "None yet.")
    for model in models:
        _show_model(model, settings, admin=admin)


def _pull_box(known: list[Pull], settings: AnswerSettings) -> None:
    """The name of a model, and the button that has Ollama fetch it."""
    with st.form("pull", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input("Pull a model", placeholder="llama3.2", max_chars=300, key=NAME)
            st.form_submit_button(
                "Pull",
                icon=":material/download:",
                on_click=for_admins(_begin),
                args=(known, settings),
            )
        st.caption("Ollama fetches it from the network; nothing of yours leaves this machine.")


def _begin(known: list[Pull], settings: AnswerSettings) -> None:
    """Have the model fetched whose name was written, unless it is on its way."""
    name = str(st.session_state[NAME]).strip()
    if name and name not in [pull.name for pull in known if pull.state == "running"]:
        pull = Pull(name)
        _forget_ended(known)
        known.append(pull)
        pull.start(settings)


def _states(known: list[Pull]) -> list[State]:
    """Where pulls stand; if that has changed since the page was last drawn, look again."""
    states = [pull.state for pull in known]
    if st.session_state.get(SEEN) != states:
        look_again()
    st.session_state[SEEN] = states
    return states


def _follow(known: list[Pull], states: Sequence[State]) -> None:
    """The pulls; while one runs they are drawn anew by themselves, and nothing else is."""
    every = LOOK_SECONDS if "running" in states else None
    st.fragment(_show_pulls, run_every=every)(known, states)


def _show_pulls(known: list[Pull], states: Sequence[State]) -> None:
    current_person()
    if [pull.state for pull in known] != states:
        st.rerun()
    for pull in known:
        if pull.state == "running":
            _show_running(pull)
        elif pull.state == "done":
            st.success(
                f"{plain(pull.name)} is there; choose it beside the chat.", icon=":material/check:"
            )
        elif pull.error is not None:
            st.error(plain(pull.error), icon=":material/error:")
        else:
            st.caption(f"{plain(pull.name)}: cancelled. Pull it again and it goes on where it was.")


def _show_running(pull: Pull) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        step = pull.progress
        share = step.completed / step.total if step.total else 0.0
        st.progress(min(1.0, max(0.0, share)), text=plain(f"{pull.name}: {progress(step)}"))
        if current_person().admin:
            st.button(
                "Cancel", icon=":material/close:", type="tertiary",
                on_click=for_admins(pull.cancel), key=f"cancel-{pull.name}",
            )  # fmt: skip


def progress(step: PullProgress) -> str:
    """How far a pull is, in words."""
    if not step.total:
        return step.status
    return f"{step.status}, {step.completed / GIGABYTE:.1f} of {step.total / GIGABYTE:.1f} GB"


def _forget_ended(known: list[Pull]) -> None:
    known[:] = [pull for pull in known if pull.state == "running"]


def _show_model(model: OllamaModel, settings: AnswerSettings, *, admin: bool) -> None:
    with st.container(key=f"model-{model.name}", gap="xsmall"):
        row = st.container(horizontal=True, vertical_alignment="center", wrap=False)
        badge = f":{COLOURS[model.licence]}-badge[licence {model.licence}]"
        row.markdown(f"**{plain(model.name)}** {badge}", width="stretch")
        remove = admin and row.button(
            "Remove", icon=":material/delete:", type="tertiary", key=f"remove-{model.name}"
        )
        st.caption(plain(facts(model)))
        if model.licence == "closed":
            st.caption("It runs on another machine: what is asked, and the passages, go there.")
        elif model.is_base:
            st.caption(
                "A base model goes on with a text rather than follow instructions; the way to "
                "answer that suits it is `base`."
            )
    if remove:
        _confirm_removal(model, settings)


def facts(model: OllamaModel) -> str:
    """What is known of a model, on one line."""
    window = f"window of {model.context_tokens:,} tokens" if model.context_tokens else ""
    parts = [
        model.lineage,
        model.family,
        f"{model.parameters} parameters" if model.parameters else "",
        model.quantization,
        window,
        f"{model.size / GIGABYTE:.1f} GB" if model.size else "",
        f"can do {', '.join(model.capabilities)}" if model.capabilities else "",
    ]
    return " · ".join(part for part in parts if part)


@st.dialog("Have Ollama delete it?")
def _confirm_removal(model: OllamaModel, settings: AnswerSettings) -> None:
    require_admin()
    st.markdown(f"**{plain(model.name)}**, {model.size / GIGABYTE:.1f} GB")
    st.caption("To use it again it has to be pulled again.")
    if st.button("Remove", type="primary"):
        try:
            remove_model(model.name, settings)
        except ModelError as error:
            st.error(plain(str(error)), icon=":material/error:")
        else:
            _forget_ended(PULLS[settings.ollama_url])
            look_again()
            st.rerun()


show_models()
