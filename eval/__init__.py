"""How good the answers are: cases, metrics, runs and reports. Imports ``app`` and below."""
