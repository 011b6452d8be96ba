"""A real model server for tests: a random Llama made on the spot, behind `transformers serve`.

    make_tiny_llama(folder)
    with serve(folder) as served:
        ChatOpenAI(model=served.model, base_url=served.base_url, api_key="none")

It talks nonsense in plain words, in well under a second, over the same wire as a large model.
Needs the extra `transformers[serving]`.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from transformers import GenerationConfig, PreTrainedTokenizerFast

MODEL = "tests/tiny-llama"
CONTEXT_LENGTH = 2048
START_SECONDS = 120.0
STOP_SECONDS = 10.0

END, PAD = "<|end|>", "<|pad|>"
ROLES = ("<|system|>", "<|user|>", "<|assistant|>")

CHAT_TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
)

SENTENCES = (
    "The answer is in the passage, and the passage is on the page that is cited.",
    "A model that does not know should say that it does not know.",
    "Every claim in the answer should be found in the text of the source.",
    "The capital of France is Paris, and the capital of Italy is Rome.",
)


@dataclass(frozen=True)
class ServedModel:
    """Where the model listens, and under which name."""

    base_url: str
    model: str
    log: Path
    start_seconds: float


@pytest.fixture(scope="session")
def served_tiny_llama(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedModel]:
    """One tiny model, made and served once for the whole test run."""
    folder = tmp_path_factory.mktemp("hub")
    make_tiny_llama(folder)
    with serve(folder) as served:
        yield served


def make_tiny_llama(folder: Path) -> Path:
    """Write the model into `folder`, laid out as a cache of the Hugging Face Hub.

    Only a cached model is listed by the server's /v1/models, and has a name that is no path.

    Returns:
        The folder with the weights and the tokenizer, for `from_pretrained`.
    """
    # Imported late: torch takes seconds, which a run without a served model need not pay.
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _train_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=CONTEXT_LENGTH,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    torch.manual_seed(0)
    model = LlamaForCausalLM(config)
    model.generation_config = _generation_config(tokenizer)
    snapshot = _snapshot_folder(folder)
    model.save_pretrained(snapshot)
    tokenizer.save_pretrained(snapshot)
    return snapshot


@contextmanager
def serve(folder: Path) -> Iterator[ServedModel]:
    """Serve the model that `make_tiny_llama` wrote into `folder`, on a free loopback port.

    Raises:
        RuntimeError: the server did not become ready; the message has its log.
    """
    port, log, started = _free_port(), folder / "serve.log", time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            _command(port), env=_environment(folder), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_ready(process, port, log)
        yield ServedModel(f"http://127.0.0.1:{port}/v1", MODEL, log, time.monotonic() - started)
    finally:
        _end(process)


def _train_tokenizer() -> "PreTrainedTokenizerFast":
    """A byte-level BPE: a few hundred tokens, and still any text encodes."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer: Any = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=512,
        special_tokens=[PAD, END, *ROLES],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(SENTENCES, trainer)
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token=PAD,
        eos_token=END,
        extra_special_tokens=list(ROLES),
        chat_template=CHAT_TEMPLATE,
        model_max_length=CONTEXT_LENGTH,
    )


def _generation_config(tokenizer: "PreTrainedTokenizerFast") -> "GenerationConfig":
    from transformers import GenerationConfig

    return GenerationConfig(  # type: ignore[no-untyped-call]
        max_new_tokens=64,
        do_sample=True,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        # The server raises max_new_tokens to at least 1024 where a request does not set it, so
        # the end token is made likelier from the 16th token on.
        exponential_decay_length_penalty=(16, 1.5),
        suppress_tokens=_tokens_without_words(tokenizer),
    )


def _tokens_without_words(tokenizer: "PreTrainedTokenizerFast") -> list[int]:
    """Everything but the end token and plain letters: no control characters, no half of a é."""
    return [
        token
        for token in range(len(tokenizer))
        if token != tokenizer.eos_token_id and not _is_plain(str(tokenizer.decode([token])))
    ]


def _is_plain(text: str) -> bool:
    return text.isascii() and text.strip().isalpha()


def _snapshot_folder(folder: Path) -> Path:
    repository = folder / f"models--{MODEL.replace('/', '--')}"
    snapshot = repository / "snapshots" / "0000"
    snapshot.mkdir(parents=True)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(snapshot.name, encoding="utf-8")
    return snapshot


def _command(port: int) -> list[str]:
    main = "from transformers.cli.transformers import main; main()"
    options = ["--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    return [sys.executable, "-c", main, "serve", MODEL, *options, "--default-seed", "0"]


def _environment(folder: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "HF_HOME": str(folder),
        "HF_HUB_CACHE": str(folder),
        "HF_HUB_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "OMP_NUM_THREADS": "1",  # on a model this small, threads cost more than they save
        "TOKENIZERS_PARALLELISM": "false",
    }


def _free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_healthy(port):
        code = process.poll()
        if code is not None or time.monotonic() > deadline:
            state = "was not ready in time" if code is None else f"ended with status {code}"
            text = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"transformers serve {state}. Its log:\n{text}")
        time.sleep(0.1)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except OSError:
        return False  # nobody listens yet
    finally:
        connection.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
