"""A box to send a short text to one model, to see that it answers and how fast."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app.counted import counted
from app.settings import AnswerSettings
from app.ui.models.model_box import served_names
from app.ui.models.trial import Speed, Trial
from app.ui.person import current_person, for_people
from app.ui.plain import plain

TRIAL, TEXT, MODEL = "trial", "trial_text", "trial_model"
LOOK_SECONDS = 0.15  # between two looks at what comes
FILE_KIND = "gguf:"


def show_try_box(settings: AnswerSettings) -> None:
    """The box, and what came of the text that was sent last."""
    names = served_names(settings)
    if settings.model.startswith(FILE_KIND):
        names.insert(0, settings.model)
    st.subheader("Try it", anchor=False)
    if not names:
        st.caption("As soon as a server has a model, it can be tried here.")
        return
    st.caption("A few words to one model, without your documents: does it answer, and how fast?")
    _show_form(names, settings)
    trial = st.session_state.get(TRIAL)
    if isinstance(trial, Trial):
        every = LOOK_SECONDS if trial.state == "running" else None
        st.fragment(_show_trial, run_every=every)(trial, is_running=every is not None)


def _show_form(names: list[str], settings: AnswerSettings) -> None:
    with st.form("try", border=False, enter_to_submit=True):
        st.selectbox("Model", names, key=MODEL)
        row = st.container(horizontal=True, vertical_alignment="bottom")
        row.text_input("Text", value="Say hello in one sentence.", max_chars=500, key=TEXT)
        row.form_submit_button(
            "Send", icon=":material/send:", on_click=for_people(_send), args=(names, settings)
        )


def _send(names: Sequence[str], settings: AnswerSettings) -> None:
    """Send what was written; what still comes of an earlier text is stopped."""
    said, model = str(st.session_state[TEXT]).strip(), str(st.session_state[MODEL])
    if not said or model not in names:  # a browser could name any file of the machine as a model
        return
    earlier = st.session_state.get(TRIAL)
    if isinstance(earlier, Trial):
        earlier.stop()
    st.session_state[TRIAL] = trial = Trial(model, said)
    trial.start(settings)


def _show_trial(trial: Trial, *, is_running: bool) -> None:
    current_person()
    if is_running and trial.state != "running":
        st.rerun()
    with st.container(border=True, key="trial"):
        _show_head(trial)
        if trial.thought:
            with st.expander("What it thought", icon=":material/psychology:"):
                st.markdown(plain(trial.thought))
        for paragraph in trial.text.splitlines():
            st.markdown(plain(paragraph))
        _show_end(trial)


def _show_head(trial: Trial) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(trial.spec)}**", width="stretch")
        if trial.state == "running":
            st.button("Stop", icon=":material/stop:", type="tertiary", on_click=trial.stop)


def _show_end(trial: Trial) -> None:
    if trial.state == "running":
        said = "Writing" if trial.text else "Waiting for the first word"
        st.caption(f":shimmer[{said}] · {trial.seconds:.0f} s")
    elif trial.error is not None:
        st.error(plain(trial.error), icon=":material/error:")
    elif trial.speed is None:
        st.caption("Stopped.")
    else:
        st.caption(measured(trial.speed))


def measured(speed: Speed) -> str:
    """How fast it was, on one line."""
    parts = [f"first word after {speed.seconds_to_first:.1f} s"]
    if speed.words_per_second is not None:
        parts.append(f"{speed.words_per_second:.1f} words a second")
    parts.append(counted(speed.words, "word"))
    if speed.prompt_tokens is not None and speed.answer_tokens is not None:
        parts.append(f"{speed.prompt_tokens:,} tokens read, {speed.answer_tokens:,} written")
    return " · ".join(parts)
