"""Tests of eval/runs."""
