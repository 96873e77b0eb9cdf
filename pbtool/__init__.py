"""pbtool: repairs, restores and reads Chinese party-building articles that come as scans, broken PDFs and OCR text."""

from __future__ import annotations

from pbtool.version import VERSION as __version__

__all__ = ["__version__"]
