"""The prompt and how the model picks its words: choices with the help and limits of settings."""

from __future__ import annotations

from typing import Any, get_args

import streamlit as st

from app.own_prompts import answer_prompts, find_prompt
from app.settings import AnswerSettings
from app.ui.person import current_person
from app.ui.plain import plain
from ingest.errors import SettingsError
from ingest.settings import check_setting
from prompts.template import PromptError, read_prompt

ANOTHER = "another file"
OWN = "that of the way to answer"
NUMBERS = ("temperature", "top_p", "top_k", "min_p", "repeat_penalty", "seed", "answer_tokens")
STEP = 0.05  # of the small buttons beside a number; anything between can be written
DECIMALS = 6  # of a number that has been stepped to


def choose_sampling(settings: AnswerSettings) -> AnswerSettings | None:
    """Draw the choices; the settings with them, or None where one is wrong, which is then told."""
    with st.expander("Prompt and sampling", icon=":material/tune:"):
        prompt = _choose_prompt(settings)
        chosen = {name: _choose_number(name, settings) for name in NUMBERS}
        stop = _choose_stop(settings)
    try:
        if prompt is None:
            raise PromptError("Give the path of the prompt's file.")
        if prompt:
            read_prompt(find_prompt(prompt))
        checked = {name: _checked(name, value) for name, value in chosen.items()}
    except (PromptError, SettingsError) as error:
        st.warning(plain(str(error)), icon=":material/warning:")
        return None
    return settings.model_copy(update={"prompt": prompt, "stop": stop, **checked})


def _choose_prompt(settings: AnswerSettings) -> str | None:
    """A prompt's name or path, empty for the way's own; None where the path is still to come."""
    files = [ANOTHER] if current_person().admin else []  # any file of the machine may be named
    name = st.selectbox(
        "Prompt",
        list(dict.fromkeys([settings.prompt, "", *answer_prompts(), *files])),
        format_func=lambda name: name or OWN,
        help=_help("prompt"),
        key="prompt",
        persist_state="session",
    )
    if name != ANOTHER:
        return str(name)
    path = st.text_input(
        "Its path", placeholder="~/mine.toml", key="prompt_file", persist_state="session"
    )
    return path.strip() or None


def _choose_number(name: str, settings: AnswerSettings) -> float | int | None:
    """A number, or None where it was emptied and may be: then it is left to the server."""
    kind = float if float in _kinds(name) else int
    optional = type(None) in _kinds(name)
    given: Any = getattr(settings, name)
    if optional:  # an empty default, so that the field can be emptied
        st.session_state.setdefault(name, given)
    value = st.number_input(
        _label(name),
        min_value=_limit(name, kind, "ge", "gt"),
        max_value=_limit(name, kind, "le", "lt"),
        value=None if optional else given,
        step=STEP if kind is float else 1,
        format="%.6g" if kind is float else "%d",
        placeholder="left to the server" if optional else None,
        help=_help(name),
        key=name,
        persist_state="session",
    )
    return round(value, DECIMALS) if isinstance(value, float) else value


def _choose_stop(settings: AnswerSettings) -> tuple[str, ...]:
    given = "\n".join(settings.stop)
    written = st.text_area(
        f"{_label('stop')} (one a line)",
        given,
        height=68,
        help=_help("stop"),
        key="stop",
        persist_state="session",
    )
    if written == given:  # a text of settings may hold a line's end, which cannot be written here
        return settings.stop
    return tuple(line for line in written.splitlines() if line.strip())


def _checked(name: str, value: object) -> object:
    try:
        return check_setting(AnswerSettings, name, value)
    except SettingsError as error:
        raise SettingsError(f"{_label(name)}: {error}") from error


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _help(name: str) -> str:
    description = AnswerSettings.model_fields[name].description or ""
    return plain(f"{description[0].upper()}{description[1:]}.")


def _kinds(name: str) -> tuple[object, ...]:
    annotation = AnswerSettings.model_fields[name].annotation
    return get_args(annotation) or (annotation,)


def _limit(name: str, kind: type[float] | type[int], *signs: str) -> Any:  # noqa: ANN401
    """What a field's limit of one of these signs is, if it has one."""
    for limit in AnswerSettings.model_fields[name].metadata:
        for sign in signs:
            if (value := getattr(limit, sign, None)) is not None:
                return kind(value)
    return None
