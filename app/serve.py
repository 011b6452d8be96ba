"""The chat page as a server on this machine: started, shown in the browser, ended with Ctrl-C."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path

import click

from ingest.errors import CiteboundError

ADDRESS = "127.0.0.1"
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 5.0


class ServeError(CiteboundError):
    """A page that cannot be served."""


def serve_page(page: Path, *, library: str | None, port: int, open_browser: bool) -> int:
    """Serve the Streamlit script ``page`` until Ctrl-C; returns the server's exit code.

    Raises ServeError where the port is taken.
    """
    check_port(port)
    environment = {**os.environ}
    if library:
        environment["CITEBOUND_LIBRARY"] = library
    command = [
        sys.executable, "-m", "streamlit", "run", str(page),
        "--server.address", ADDRESS, "--server.port", str(port),
        # Headless, since otherwise the first start asks for an email address and waits.
        "--server.headless", "true",
        "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
        "--client.toolbarMode", "minimal", "--logger.level", "warning",
        # Streamlit would look through all objects of the process after each run of a page, half a
        # second with the models' libraries loaded; Python does it by itself when it is time.
        "--runner.postScriptGC", "false",
        # One for each, since a colour for both would do away with the dark page.
        "--theme.light.primaryColor", "#2f6fb0", "--theme.dark.primaryColor", "#3a7cc0",
    ]  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends with us
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        if _wait_until_ready(server, port):
            url = f"http://{ADDRESS}:{port}"
            click.echo(f"Citebound is at {url} (stop it with Ctrl-C)", err=True)
            if open_browser and _has_screen():
                webbrowser.open(url)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _end(server)


def _has_screen() -> bool:
    """Whether a browser window can be shown; without one a text browser would take the terminal."""
    return sys.platform == "darwin" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def check_port(port: int) -> None:
    """Raise ServeError where the page could not listen at a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ADDRESS, port))
        except OSError as error:
            raise ServeError(
                f"Port {port} of this machine is taken or closed to you ({error.strerror}); choose "
                "another with --port."
            ) from error


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> bool:
    """Whether the page answers before its process ends."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{port}/_stcore/health", timeout=1):
                return True
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    return False


def _end(server: subprocess.Popen[bytes]) -> None:
    if server.poll() is not None:
        return
    server.terminate()
    try:
        server.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
