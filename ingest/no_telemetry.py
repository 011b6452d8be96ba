"""Nothing leaves the machine: telemetry is off, and calls to this machine go through no proxy."""

from __future__ import annotations

import os
import sys
from types import ModuleType

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
WHOSE = {
    "Chroma": ("ANONYMIZED_TELEMETRY", "DO_NOT_TRACK"),
    "Hugging Face": ("HF_HUB_DISABLE_TELEMETRY",),
    "LangChain": (
        "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING",
    ),
    "Streamlit": ("STREAMLIT_BROWSER_GATHER_USAGE_STATS",),
}  # fmt: skip
TRACE_EXPORTER = "opentelemetry.exporter.otlp.proto.grpc.trace_exporter"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def switch_off_telemetry() -> None:
    """Set every switch, and keep what would send from being imported at all.

    OpenVINO's model converter reports its use without asking; where the package is missing it
    uses a stub instead. Chroma imports an exporter of traces, with gRPC, whether it is used or not.
    """
    os.environ.update(SWITCHES)
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    if TRACE_EXPORTER not in sys.modules:
        stub = ModuleType(TRACE_EXPORTER)
        stub.__dict__["OTLPSpanExporter"] = None  # called only where tracing is switched on
        sys.modules[TRACE_EXPORTER] = stub


def telemetry_switches() -> dict[str, bool]:
    """Whether each is off as it stands now, by whose it is; code that runs later may change it."""
    off = {
        whose: all(os.environ.get(name) == SWITCHES[name] for name in names)
        for whose, names in WHOSE.items()
    }
    exporter = sys.modules.get(TRACE_EXPORTER)
    return off | {
        "OpenVINO": sys.modules.get("openvino_telemetry", True) is None,
        "OpenTelemetry": exporter is not None and exporter.__dict__.get("OTLPSpanExporter") is None,
    }


def keep_this_machine_direct() -> None:
    """Keep proxies that the environment names from calls to this machine's own servers."""
    for name in ("no_proxy", "NO_PROXY"):
        known = [host for host in os.environ.get(name, "").split(",") if host]
        missing = [host for host in LOOPBACK if host not in known]
        os.environ[name] = ",".join([*known, *missing])
