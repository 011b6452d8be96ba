"""Tests of eval/metrics."""
