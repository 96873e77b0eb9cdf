"""The gazetteer: every province, city and county since 1981, every town since 2015, every village of 2023.

The one idea: one read-only file, mapped into memory and shared by processes, that answers "what is called this?" with
one hash and a few bytes read. Nothing is parsed when it is opened. `names` holds what a place is and how names are compared,
`table` the areas and towns, `villages` the villages. The file is built by `scripts/build_tables.py`.
"""

from pbtool.gazetteer.names import PEOPLES, VILLAGE_YEAR, Entry, short
from pbtool.gazetteer.table import LEVELS, Gazetteer, fold, gazetteer
from pbtool.gazetteer.villages import stem_of

__all__ = ["LEVELS", "PEOPLES", "VILLAGE_YEAR", "Entry", "Gazetteer", "fold", "gazetteer", "short", "stem_of"]
