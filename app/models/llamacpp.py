"""A GGUF file loaded into this process by llama.cpp; the one file that imports llama_cpp.

The file is mapped into memory, not read. The last one that was loaded is kept, however often it is
asked for, since loading takes seconds.
"""

from __future__ import annotations

import ctypes
import re
import threading
import weakref
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.models.model import ModelError

if TYPE_CHECKING:
    from llama_cpp import Llama
    from llama_cpp.llama_chat_format import Jinja2ChatFormatter

ALL_LAYERS = -1  # go to an accelerator, where llama.cpp was built for one
ERROR_LEVEL = 4  # of ggml's log; llama_cpp takes warnings for errors, and prints them
LONGEST_PIECE = 1024  # bytes of a token

_loading = threading.Lock()
_errors: deque[str] = deque(maxlen=20)  # what llama.cpp has logged as errors


class RefusedError(Exception):
    """A chat template that does not take such messages."""


def load_file(path: Path, context_tokens: int) -> LoadedFile:
    """The model of a GGUF file, with a window of at most so many tokens. Raises ModelError."""
    with _loading:
        state = path.stat()
        return _load_file(path, state.st_size, state.st_mtime_ns, context_tokens)


class LoadedFile:
    """A model with its tokenizer, chat template and memory of what it has read.

    ``window`` is in tokens. Only one call at a time may ``write``, under ``lock``.
    """

    def __init__(self, path: Path, context_tokens: int) -> None:
        self.lock = threading.Lock()
        self._library, _ = _import_llama_cpp()
        self._llama = self._load(path, context_tokens)
        weakref.finalize(self, _close, self._llama, self.lock)
        self._vocabulary = self._library.llama_model_get_vocab(self._llama.model)
        metadata = self._llama.metadata
        trained = metadata.get(f"{metadata.get('general.architecture')}.context_length")
        self.window = min(context_tokens, int(trained or context_tokens))
        self.template = str(metadata.get("tokenizer.chat_template", "")).strip()
        self._formatter = self._make_formatter() if self.template else None
        self._control = self._find_control_tokens()

    def tokens(self, text: str, is_rendered: bool) -> list[int]:
        """A text's tokens, with the one that begins a text where the model wants it.

        In text that the chat template ``is_rendered``, control tokens count as such.
        """
        tokens = self._llama.tokenize(
            text.encode("utf-8", "replace"), add_bos=True, special=is_rendered
        )
        begin = self._llama.token_bos()
        return list(tokens[1:] if list(tokens[:2]) == [begin, begin] else tokens)

    def render(self, turns: Sequence[tuple[str, str]]) -> str:
        """Roles and texts as the chat template puts them; a control token in a text is none.

        Raises RefusedError where the template does not take such turns.
        """
        if self._formatter is None:
            raise RefusedError("there is no chat template")
        messages = [
            {"role": role, "content": self._control.sub(_broken, text)} for role, text in turns
        ]
        try:
            return str(self._formatter(messages=messages).prompt)
        except Exception as error:  # whatever a template that came with a model raises
            raise RefusedError(str(error)) from error

    def write(self, prompt: Sequence[int], *, seed: int, **options: object) -> Iterator[bytes]:
        """What the model writes after a prompt, token by token, until it ends its text.

        All of the prompt but its last token is read on its own, whether it is still known from the
        call before or not: so the numbers, and with them the text, are the same in both cases.
        """
        llama, prompt = self._llama, list(prompt)
        known = llama.input_ids[: llama.n_tokens].tolist()
        if known[: len(prompt) - 1] != prompt[:-1]:
            llama.reset()
            llama.eval(prompt[:-1])
        llama.set_seed(seed)
        for token in llama.generate(prompt, **options):
            if self._library.llama_vocab_is_eog(self._vocabulary, token):
                return
            yield self._piece(token)

    def _load(self, path: Path, context_tokens: int) -> Llama:
        _errors.clear()
        try:
            return self._library.Llama(
                str(path), n_ctx=context_tokens, n_gpu_layers=ALL_LAYERS, verbose=False
            )
        except Exception as error:
            raise ModelError(
                f"llama.cpp cannot load {path}: {_reason() or error}. Fetch the file again, or "
                "one that this version of llama.cpp knows."
            ) from error

    def _make_formatter(self) -> Jinja2ChatFormatter:
        try:
            return self._library.llama_chat_format.Jinja2ChatFormatter(
                template=self.template,
                bos_token=self._text_of(self._llama.token_bos()),
                eos_token=self._text_of(self._llama.token_eos()),
            )
        except Exception as error:
            raise ModelError(f"The model's chat template cannot be read: {error}.") from error

    def _find_control_tokens(self) -> re.Pattern[str]:
        """What would be a control token if it stood in a rendered text: a document may hold it."""
        library = self._library
        hidden = library.LLAMA_TOKEN_ATTR_CONTROL | library.LLAMA_TOKEN_ATTR_UNKNOWN
        found = set()
        for token in range(self._llama.n_vocab()):
            kind = library.llama_vocab_get_attr(self._vocabulary, token)
            if kind & (hidden | library.LLAMA_TOKEN_ATTR_USER_DEFINED):
                text = self._text_of(token)
                if text.strip() and (kind & hidden or text in self.template):
                    found.add(text)
        longest_first = sorted(found, key=len, reverse=True)
        return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def _text_of(self, token: int) -> str:
        if token < 0:
            return ""
        text = self._library.llama_vocab_get_text(self._vocabulary, token)
        return str(text.decode("utf-8", "replace"))

    def _piece(self, token: int) -> bytes:
        """The bytes of a token; llama_cpp's own function leaves out those of more than 32."""
        buffer = ctypes.create_string_buffer(LONGEST_PIECE)
        size = self._library.llama_token_to_piece(
            self._vocabulary, token, buffer, LONGEST_PIECE, 0, False
        )
        return buffer.raw[: max(size, 0)]


@lru_cache(maxsize=1)
def _load_file(
    path: Path,
    size: int,  # noqa: ARG001 - part of the cache's key
    modified: int,  # noqa: ARG001 - part of the cache's key
    context_tokens: int,
) -> LoadedFile:
    return LoadedFile(path, context_tokens)


def is_installed() -> bool:
    """Whether the binding is there; it is not loaded for that."""
    return find_spec("llama_cpp") is not None


@lru_cache(maxsize=1)
def _import_llama_cpp() -> tuple[Any, Any]:
    """The library, and what it calls with its log, which is to live as long."""
    try:
        import llama_cpp
    except (ImportError, OSError, RuntimeError) as error:  # or a part of it that does not load
        raise ModelError(
            f"A GGUF file needs llama-cpp-python ({error}): pip install 'citebound[llamacpp]'."
        ) from error
    log = llama_cpp.llama_log_callback(_note)
    llama_cpp.llama_log_set(log, None)
    return llama_cpp, log


def _note(level: int, text: bytes, _: object) -> None:
    if level == ERROR_LEVEL:
        _errors.append(text.decode("utf-8", "replace"))


def _reason() -> str:
    """The first error of llama.cpp's log, without the name of its function."""
    said = _errors[0].partition(": ")[2] if _errors else ""
    return " ".join("".join(filter(str.isprintable, said.replace("\n", " "))).split())[:300]


def _broken(match: re.Match[str]) -> str:
    """A control token as a reader still knows it, and the tokenizer does not."""
    return f"{match[0][0]} {match[0][1:]}"


def _close(llama: Llama, lock: threading.Lock) -> None:
    """Free a model while that can be done: at its end Python takes apart what is needed for it.

    One that a thread still reads with is left to the system.
    """
    if lock.acquire(blocking=False):
        llama.close()
