"""The chat page as a server: started, shown in the browser, ended with Ctrl-C."""

from __future__ import annotations

import errno
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

from app.people.origin import ONLY_HERE
from app.people.settings import PageSettings, secrets_file
from app.people.sign_in import NEEDED, ways_to_sign_in
from ingest.errors import CiteboundError
from ingest.settings import load_settings

THIS_MACHINE = "127.0.0.1"
EVERYWHERE = {"0.0.0.0": THIS_MACHINE, "::": "::1"}  # noqa: S104 - and how we reach it ourselves
SECONDS_TO_START = 60.0
SECONDS_TO_STOP = 5.0


class ServeError(CiteboundError):
    """A page that cannot be served."""


def serve_page(page: Path, *, host: str, port: int, library: str | None, open_browser: bool) -> int:
    """Serve the Streamlit app ``page`` until Ctrl-C; returns the server's exit code.

    Raises ServeError where the port is taken, and where others could reach a page that asks nobody
    to sign in; SettingsError and PeopleError for files that are not valid.
    """
    settings = load_settings(PageSettings)
    ways = ways_to_sign_in()
    if host not in ONLY_HERE and not ways:
        raise ServeError(
            f"At {host} the page would belong to whoever reaches it: let people sign in first "
            "(citebound people add NAME --admin), or leave --host out."
        )
    check_port(port, host)
    environment = {**os.environ}
    if library:
        environment["CITEBOUND_LIBRARY"] = library
    if ways:
        environment[NEEDED] = "1"
    command = [
        # -P: a folder called app where the command was given is none of ours.
        sys.executable, "-P", "-m", "streamlit", "run", str(page),
        "--server.address", host, "--server.port", str(port),
        "--browser.serverAddress", EVERYWHERE.get(host, host),  # else a server elsewhere is asked
        "--server.enableXsrfProtection", "true", "--server.enableCORS", "true",
        "--server.maxUploadSize", str(settings.upload_mb),
        "--secrets.files", str(secrets_file()),  # that of the folder we are in is not ours
        # Headless, since otherwise the first start asks for an email address and waits.
        "--server.headless", "true",
        "--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false",
        "--client.toolbarMode", "minimal", "--logger.level", "warning",
        "--client.showErrorDetails", "none",  # the log has them: they name paths of this machine
        # A full collection after every run, four a second while an answer comes, takes half of
        # the processor's time; Python's own is enough.
        "--runner.postScriptGC", "false",
        # One for each, since a colour for both would do away with the dark page.
        "--theme.light.primaryColor", "#2f6fb0", "--theme.dark.primaryColor", "#6aa6e0",
        # Streamlit draws captions with three fifths of it, which is to be read as well.
        "--theme.light.textColor", "#15181c",
    ]  # fmt: skip
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends with us
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)  # noqa: S603
    try:
        url = _url(host, port)
        if _wait_until_ready(server, url):
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


def _url(host: str, port: int) -> str:
    """The page's address as this machine reaches it."""
    reached = EVERYWHERE.get(host, host)
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"


def check_port(port: int, host: str = THIS_MACHINE) -> None:
    """Raise ServeError where the page could not listen at a port of an address of ours."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ServeError(
            f"{host} is no address of this machine ({error.strerror}); choose another with --host."
        ) from error
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise ServeError(
                    f"{host} is no address of this machine; choose another with --host."
                ) from error
            raise ServeError(
                f"Port {port} of this machine is taken or closed to you ({error.strerror}); choose "
                "another with --port."
            ) from error


def _wait_until_ready(server: subprocess.Popen[bytes], url: str) -> bool:
    """Whether the page answers before its process ends."""
    deadline = time.monotonic() + SECONDS_TO_START
    while server.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):  # noqa: S310 - http
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
