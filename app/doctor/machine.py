"""Is there room on this machine, is the page's port free, and which versions are installed?"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import httpx
import psutil

from app.doctor.connections import is_this_machine
from app.doctor.finding import Finding, failed, note, ok
from app.doctor.places import named_folders, standing
from app.doctor.visit import Visit
from app.serve import THIS_MACHINE, ServeError, check_port
from ingest.catalog import full_text_version

PACKAGES = (
    "citebound", "chromadb", "streamlit", "langchain", "langchain-core", "openvino", "pypdfium2",
    "tokenizers", "torch", "llama-cpp-python",
)  # fmt: skip
GIGABYTE = 1e9
LEAST_DISK, FEW_DISK = 0.2 * GIGABYTE, 2 * GIGABYTE
FEW_MEMORY = 1 * GIGABYTE
EVERY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what is looked for, not listened at
SECONDS_TO_LOOK = 1.0


def check_room(_: Visit) -> Finding:
    """What is left on the disks that are written to, and of the memory."""
    folders = {**named_folders(), "temporary files": Path(tempfile.gettempdir())}
    free = {name: shutil.disk_usage(standing(folder)).free for name, folder in folders.items()}
    memory = psutil.virtual_memory()
    rows = (
        *((f"free for {name}", _gigabytes(left)) for name, left in free.items()),
        ("memory left", f"{_gigabytes(memory.available)} of {_gigabytes(memory.total)}"),
    )
    name = min(free, key=lambda one: free[one])
    least = f"{_gigabytes(free[name])} of disk ({name}: {folders[name]})"
    to_do = "Free some space there: a library takes about the size of its documents."
    if free[name] < LEAST_DISK:
        return failed(f"Only {least} is left.", to_do, *rows)
    if free[name] < FEW_DISK:
        return note(f"Only {least} is left.", to_do, *rows)
    if memory.available < FEW_MEMORY:
        return note(
            f"Only {_gigabytes(memory.available)} of memory is left.",
            "Close other programs before you take documents in, or lower worker_memory_mb.",
            *rows,
        )
    return ok(f"{least} and {_gigabytes(memory.available)} of memory are left.", *rows)


def _gigabytes(number: int) -> str:
    return f"{number / GIGABYTE:.1f} GB"


def check_versions(_: Visit) -> Finding:
    """What is installed; SQLite is asked for its full-text search as well."""
    rows = (
        ("Python", f"{platform.python_version()}, {sys.executable}"),
        ("system", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("SQLite", f"{full_text_version()}, with full-text search (FTS5)"),
        *((name, found) for name in PACKAGES if (found := _version(name))),
    )
    return ok(f"Citebound {_version('citebound') or 'from its source'} is installed.", *rows)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # of an extra that nobody asked for
        return ""


@dataclass(frozen=True)
class _Listener:
    """Who listens at a port, as far as the system says: its address, and its process."""

    host: str
    process: int | None

    def __str__(self) -> str:
        if self.process is None:
            return "a process of another user"
        try:
            return f"{psutil.Process(self.process).name()} (process {self.process})"
        except psutil.Error:
            return f"process {self.process}"


def check_port_of_page(visit: Visit) -> Finding:
    """Whether the page can listen at its port, and who does already."""
    try:
        check_port(visit.port)
    except ServeError as error:
        listener = _listener(visit.port)
        if listener is None:
            return note(str(error), _other_port(visit.port))
    else:
        return ok(f"Port {visit.port} is free.")
    if listener.host in EVERY_ADDRESS or not is_this_machine(listener.host):
        return note(
            f"{listener} listens at port {visit.port} of {listener.host}: other machines of the "
            "network can reach it.",
            "If that is not wanted, end it and start the page with: citebound chat",
        )
    if listener.process == os.getpid() or _is_page(visit.port):
        return ok(
            f"The page listens there, at http://{THIS_MACHINE}:{visit.port}, on this machine only."
        )
    return note(f"Port {visit.port} is taken by {listener}.", _other_port(visit.port))


def _other_port(port: int) -> str:
    return f"Start the page at another one: citebound chat --port {port + 1}"


def _listener(port: int) -> _Listener | None:
    """Who listens at a port of this machine; None where the system does not say."""
    try:
        found = psutil.net_connections("tcp")
    except psutil.Error:
        return None
    hosts = [
        _Listener(one.laddr.ip, one.pid)
        for one in found
        if one.status == psutil.CONN_LISTEN and one.laddr.port == port
    ]
    return next(iter(hosts), None)


def _is_page(port: int) -> bool:
    """Whether what listens there answers as our page does."""
    try:
        answer = httpx.get(f"http://{THIS_MACHINE}:{port}/_stcore/health", timeout=SECONDS_TO_LOOK)
    except httpx.HTTPError:
        return False
    return answer.is_success
