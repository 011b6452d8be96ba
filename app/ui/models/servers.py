"""Each kind of answerer on one line: where it is, whether it answers, and what to do to have it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

import streamlit as st

from app.models.llamacpp import is_installed
from app.ui.opened import openai_models
from app.ui.plain import plain

State = Literal["ready", "absent"]
START = {
    "vllm": "Start it with `vllm serve NAME`; where it listens elsewhere, set `vllm_url` in "
    "settings.",
    "openai-compatible": "LM Studio, llama.cpp and others speak OpenAI's protocol. Start their "
    "server; where it listens elsewhere, set `openai_compatible_url` in settings.",
}


def show_built_in() -> None:
    """The answerer that needs nothing."""
    with st.container(border=True, gap="xsmall"):
        _headline("Built-in answerer", "always there", "ready")
        st.caption("on this machine")
        st.markdown(
            ":small[No language model: it quotes the sentences of your documents that answer best, "
            "or says that they do not answer. It answers where no other model is chosen; its name "
            "is `extractive`.]"
        )


def show_status(title: str, address: str, *, answers: bool) -> None:
    """A server's name, whether it answers, where it listens, and whose machine that is."""
    with st.container(gap="xsmall"):
        if answers:
            _headline(title, "answers", "ready")
        else:
            _headline(title, "does not answer", "absent")
        st.caption(plain(f"{address} · {whose_machine(address)}"))


def show_ollama_is_missing(error: str) -> None:
    """What Ollama is, how to have it, and that nothing depends on it."""
    st.markdown(
        "Ollama is a free program that runs language models on your own machine, so that answers "
        "are written rather than quoted. Get it from [ollama.com](https://ollama.com), start it, "
        "and pull a model here or with `ollama pull llama3.2`. Without it everything works: the "
        "built-in answerer quotes your documents."
    )
    st.markdown(f":small[:material/power_off: {plain(error)}]")


def show_served(title: str, kind: str, address: str) -> None:
    """What a server with OpenAI's protocol serves; it is looked after elsewhere."""
    served = openai_models(address)
    with st.container(border=True, gap="xsmall"):
        show_status(title, address, answers=served is not None)
        if served is None:
            st.markdown(f":small[{START[kind]}]")
            return
        if not served:
            st.markdown(":small[It serves no model; which ones it has is settled there.]")
        for name, window in served.items():
            st.markdown(f"**{plain(f'{kind}:{name}')}**")
            if window:
                st.caption(f"window of {window:,} tokens")


def show_files() -> None:
    """Model files that run without any server."""
    with st.container(border=True, gap="xsmall"):
        if is_installed():
            _headline("Model files (GGUF)", "can be run", "ready")
            said = "Choose *another model* beside the chat and write `gguf:` and the file's path."
        else:
            _headline("Model files (GGUF)", "not installed", "absent")
            said = "To have that, install it with `pip install 'citebound[llamacpp]'`."
        st.caption("on this machine")
        st.markdown(f":small[A model file runs inside Citebound, without a server. {said}]")


def whose_machine(address: str) -> str:
    """Whether an address is one of this machine, and what that means."""
    host = urlsplit(address).hostname or ""
    if host == "localhost" or _is_loopback(host):
        return "on this machine"
    return "on another machine: what is asked, and the passages, go there"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:  # a name
        return False


def _headline(title: str, said: str, state: State) -> None:
    badge = f":green-badge[{said}]" if state == "ready" else f":blue-badge[{said}]"
    st.markdown(f"**{title}** {badge}")
