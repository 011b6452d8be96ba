"""The chat page as a user starts it: a process of its own, with folders of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx

SECONDS_TO_START = 60.0
SECONDS_TO_END = 10.0


@contextmanager
def serve_chat(folder: Path, variables: Mapping[str, str]) -> Iterator[str]:
    """``citebound chat`` with its log in ``folder``; its address. Prints the log on failure."""
    port = free_port()
    command = [console_script("citebound"), "chat", "--no-open", "--port", str(port)]
    log = folder / "chat.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env=variables, stdout=output, stderr=output, start_new_session=True
        )
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until_healthy(server, address)
            yield address
        except BaseException:
            print(log.read_text(errors="replace"))  # noqa: T201 - pytest shows it with the failure
            raise
        finally:
            _end(server)


def run_ingest(folder: Path, variables: Mapping[str, str]) -> None:
    """``ingest`` a folder into the library that the variables name."""
    command = [console_script("ingest"), str(folder)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def chat_variables(folder: Path, *, ollama_url: str) -> dict[str, str]:
    """The environment of a user who has nothing yet but the cache of converted models."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CITEBOUND_")}
    return kept | {
        "CITEBOUND_CACHE": os.environ["CITEBOUND_CACHE"],
        "CITEBOUND_HOME": str(folder / "home"),
        "CITEBOUND_SETTINGS": str(folder / "settings.toml"),
        "CITEBOUND_LIBRARY": str(folder / "library"),
        "CITEBOUND_OLLAMA_URL": ollama_url,
        "CITEBOUND_OPENAI_COMPATIBLE_URL": f"http://127.0.0.1:{free_port()}/v1",
    }


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def console_script(name: str) -> str:
    """A command of this project: console scripts lie beside the interpreter."""
    return str(Path(sys.executable).parent / name)


def wait_until_healthy(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the page is served, or the server has ended."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        assert server.poll() is None, f"the server ended with status {server.returncode}"
        try:
            if httpx.get(f"{address}/_stcore/health", timeout=1.0).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise TimeoutError(f"the chat page was not up within {SECONDS_TO_START:.0f} s")


def _end(server: subprocess.Popen[bytes]) -> None:
    """End the server with all that it started: the command, Streamlit and its workers."""
    os.killpg(server.pid, signal.SIGTERM)
    try:
        server.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
