"""The program's own table: labelled sets from a folder -> figures with intervals."""
