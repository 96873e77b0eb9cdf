"""The version of pbtool, alone so that the build can read it without importing anything else."""

VERSION = "1.0.0"
SCHEMA = "pbtool/1"

#: Names the data that decisions rest on; a record carries it, so that a result can be made again.
MODEL_NAME = "official-prose-1"
