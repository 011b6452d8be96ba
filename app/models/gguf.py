"""A language model in a GGUF file, which runs in this process: no server, nothing to start."""

from __future__ import annotations

import codecs
import hashlib
import random
from collections.abc import Generator, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from app.events import Message, Thought, Token
from app.models.llamacpp import RefusedError, load_file
from app.models.model import ModelError, NoRoomError, Sampling, Usage
from app.models.options import COMMON_NAMES, given_options
from app.settings import AnswerSettings
from app.thought import THINK

MAGIC = b"GGUF"
HANDLED_HERE = ("seed", "stop")
OPTIONS = {
    **{name: name for name in COMMON_NAMES if name not in HANDLED_HERE},
    "temperature": "temp",
    "repeat_penalty": "repeat_penalty",
}
SEEDS = 2**32


class GgufModel:
    """The model of a GGUF file; its name is that of the file as it was given, for replays.

    One call is made at a time, whoever makes it: the next one waits. Raises ModelError where the
    file cannot be run.
    """

    def __init__(self, file: str, settings: AnswerSettings) -> None:
        self.name = f"gguf:{file}"
        self._path = _checked_path(file)
        self._file = load_file(self._path, settings.context_tokens)
        self.context_tokens = self._file.window
        self.is_base = not self._file.template

    @property
    def digest(self) -> str | None:
        """The sha256 of the file, as model hubs show it; a second or so a gigabyte, once."""
        try:
            state = self._path.stat()
            return _sha256(self._path, state.st_size, state.st_mtime_ns)
        except OSError:
            return None  # it has been removed, and still runs

    def count(self, messages: Sequence[Message]) -> int:
        """How many tokens messages are, exactly."""
        return len(self._file.tokens(*self._prompt(messages)))

    def stream(
        self, messages: Sequence[Message], sampling: Sampling
    ) -> Generator[Token | Thought | Usage, None, None]:
        """What the model writes, in pieces, and at the end what was counted.

        Raises ModelError, which is NoRoomError where the prompt fills the window.
        """
        text, is_rendered = self._prompt(messages)
        prompt = self._file.tokens(text, is_rendered)
        limit = min(sampling.answer_tokens, self.context_tokens - len(prompt))
        if limit < 1:
            raise NoRoomError(
                f"The prompt takes {len(prompt)} tokens, and the window of {self.name} has "
                f"{self.context_tokens}. Raise context_tokens or lower passages in settings."
            )
        seed = random.randrange(SEEDS) if sampling.seed is None else sampling.seed % SEEDS  # noqa: S311
        picking = given_options(sampling, OPTIONS)
        options = {
            "n_ctx": self.context_tokens, "max_tokens": limit, "seed": seed,
            **picking, **({"stop": list(sampling.stop)} if sampling.stop else {}),
        }  # fmt: skip
        if is_rendered and text.rstrip().endswith(THINK[0]):
            yield Token(THINK[0])  # the template has opened the thought that the model goes on with
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        ending = _Ending(sampling.stop)
        written, cut_off = 0, False
        for piece in self._pieces(prompt, seed, picking):
            written += 1
            if ready := ending.add(decoder.decode(piece)):
                yield Token(ready)
            cut_off = written == limit and not ending.found
            if ending.found or cut_off:
                break
        if not ending.found and ending.held:
            yield Token(ending.held)
        yield Usage(len(prompt), written, options, cut_off=cut_off)

    def _pieces(
        self, prompt: Sequence[int], seed: int, picking: dict[str, object]
    ) -> Iterator[bytes]:
        with self._file.lock:
            try:
                yield from self._file.write(prompt, seed=seed, **picking)
            except Exception as error:
                raise ModelError(
                    f"{self.name} failed: {error}. Ask again, or choose another model."
                ) from error

    def _prompt(self, messages: Sequence[Message]) -> tuple[str, bool]:
        """The text that the model is to go on with, and whether a chat template has made it."""
        if [message.role for message in messages] == ["text"]:
            return messages[0].text, False
        if self.is_base:
            raise ModelError(
                f"{self.name} has no chat template, so it only continues text: choose the "
                "strategy base."
            )
        turns = [(message.role, message.text) for message in messages]
        try:
            return self._file.render(turns), True
        except RefusedError:
            return self._render_plainly(turns), True

    def _render_plainly(self, turns: Sequence[tuple[str, str]]) -> str:
        """For templates that take no system message, or no two of one role after each other."""
        plain: list[tuple[str, str]] = []
        for role, text in turns:
            role = "user" if role == "system" else role
            if plain and plain[-1][0] == role:
                text = f"{plain.pop()[1]}\n\n{text}"
            plain.append((role, text))
        try:
            return self._file.render(plain)
        except RefusedError as error:
            raise ModelError(
                f"The chat template of {self.name} takes no such messages: {error}."
            ) from error


class _Ending:
    """Text that streams until one of the texts comes that end it; what may be one is ``held``."""

    def __init__(self, stops: Sequence[str]) -> None:
        self.found = False
        self.held = ""
        self._stops = [stop for stop in stops if stop]

    def add(self, text: str) -> str:
        """What can be shown by now."""
        self.held += text
        places = [self.held.find(stop) for stop in self._stops if stop in self.held]
        self.found = bool(places)
        ready = min(places) if places else len(self.held) - self._begun()
        shown, self.held = self.held[:ready], self.held[ready:]
        return shown

    def _begun(self) -> int:
        """How many characters at the end may be the beginning of a stop."""
        return max(
            (
                size
                for stop in self._stops
                for size in range(1, len(stop))
                if self.held.endswith(stop[:size])
            ),
            default=0,
        )


def _checked_path(file: str) -> Path:
    path = Path(file).expanduser()
    try:
        with path.open("rb") as opened:
            magic = opened.read(len(MAGIC))
    except OSError as error:
        raise ModelError(
            f"The model file {path} cannot be read ({error.strerror}): give the path of a GGUF "
            "file, as gguf:PATH."
        ) from error
    if magic != MAGIC:
        raise ModelError(f"{path} is no GGUF file: give the path of one, as gguf:PATH.")
    return path


@lru_cache(maxsize=8)
def _sha256(
    path: Path,
    size: int,  # noqa: ARG001 - part of the cache's key
    modified: int,  # noqa: ARG001 - part of the cache's key
) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
