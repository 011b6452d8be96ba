"""Nothing leaves the machine: telemetry is off, and calls to this machine go through no proxy."""

from __future__ import annotations

import os
import sys

SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",  # a convention that several tools read
    "HF_HUB_DISABLE_TELEMETRY": "1",  # Hugging Face libraries
    "LANGSMITH_TRACING_V2": "false",  # LangChain's tracing to LangSmith, by each of its names
    "LANGCHAIN_TRACING_V2": "false",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def switch_off_telemetry() -> None:
    """Set every switch, and keep OpenVINO's telemetry package from being imported at all.

    OpenVINO's model converter reports its use without asking; where the package is missing it
    uses a stub instead.
    """
    os.environ.update(SWITCHES)
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]


def keep_this_machine_direct() -> None:
    """Keep proxies that the environment names from calls to this machine's own servers."""
    for name in ("no_proxy", "NO_PROXY"):
        known = [host for host in os.environ.get(name, "").split(",") if host]
        missing = [host for host in LOOPBACK if host not in known]
        os.environ[name] = ",".join([*known, *missing])
