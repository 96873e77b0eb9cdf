"""The version of pbtool, alone so that the build can read it without importing anything else."""

VERSION = "1.0.0"
SCHEMA = "pbtool/1"
