"""Nothing leaves the machine: the telemetry of every dependency is off before it is imported."""

from __future__ import annotations

import os
import sys

SWITCHES = {
    "ANONYMIZED_TELEMETRY": "False",  # Chroma
    "DO_NOT_TRACK": "1",  # a convention that several tools read
    "HF_HUB_DISABLE_TELEMETRY": "1",  # Hugging Face libraries
    "LANGCHAIN_TRACING_V2": "false",  # LangChain's tracing to LangSmith
    "LANGSMITH_TRACING": "false",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
}


def switch_off_telemetry() -> None:
    """Set every switch, and keep OpenVINO's telemetry package from being imported at all.

    OpenVINO's model converter reports its use without asking; where the package is missing it
    uses a stub instead.
    """
    os.environ.update(SWITCHES)
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
