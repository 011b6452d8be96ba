"""Nothing leaves the machine, and nothing heavy is imported for a search."""

import json
import os
import subprocess
import sys
from pathlib import Path

from ingest.no_telemetry import SWITCHES
from tests.conftest import ROOT, SmallLibrary
from tests.ingest.socket_guard import SocketGuard, guarded_environment

HEAVY = ("torch", "sentence_transformers", "transformers", "streamlit", "sklearn", "scipy")

SEARCH = """
import json, sys
import ingest.library
with ingest.library.Library.open(sys.argv[1]) as library:
    found = library.search("When does the safety valve open?", top=3)
print(json.dumps({"found": [passage.document for passage in found], "modules": list(sys.modules)}))
"""

TELEMETRY = """
import json, os, sys
os.environ.clear()
import ingest
try:
    import openvino_telemetry
except ImportError:
    print(json.dumps(dict(os.environ)))
"""


def run_python(code: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=os.environ | (environment or {}), cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_ingest_switches_every_telemetry_off() -> None:
    environment = json.loads(run_python(TELEMETRY))
    assert SWITCHES.items() <= environment.items()


def test_chroma_is_told_not_to_report(small_library: SmallLibrary) -> None:
    small_library.library.search("boiler")
    store = small_library.library.current_vectors()
    assert store._client.get_settings().anonymized_telemetry is False


def test_a_search_imports_nothing_heavy_and_opens_no_socket(
    small_library: SmallLibrary, tmp_path: Path
) -> None:
    environment, log = guarded_environment(tmp_path)
    said = json.loads(run_python(SEARCH, str(small_library.folder), environment=environment))
    assert said["found"][0] == "boiler.pdf"
    assert [name for name in HEAVY if name in said["modules"]] == []
    assert [line.split()[0] for line in log.read_text().splitlines()] == ["process"]


def test_a_search_in_this_process_opens_no_socket(
    small_library: SmallLibrary, socket_guard: SocketGuard
) -> None:
    assert small_library.library.search("How high does the tide rise?")
    assert socket_guard.refused == []


def test_calls_to_this_machine_go_through_no_proxy() -> None:
    code = (
        "import ingest, httpx, urllib.request\n"
        "print(urllib.request.proxy_bypass('127.0.0.1'), urllib.request.proxy_bypass('a.example'))"
    )
    proxied = {"http_proxy": "http://127.0.0.1:9", "no_proxy": "b.example"}
    assert run_python(code, environment=proxied).split() in (["True", "False"], ["1", "0"])
