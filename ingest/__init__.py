"""PDF -> pages -> chunks -> library. Imports nothing of the project but itself.

``ingest.library.Library`` is the room's front door; ``ingest FOLDER`` is its command.
"""

from ingest.no_telemetry import keep_this_machine_direct, switch_off_telemetry

switch_off_telemetry()
keep_this_machine_direct()
