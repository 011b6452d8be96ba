"""The page that shows whether each thing really works."""
