"""Tests of the viewer of pages."""
