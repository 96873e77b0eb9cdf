"""The editor's loop: every change is shown in its context, accepted, rejected or changed, and only then made.

The one idea: a question is an edit with an id that depends on nothing but its place and its texts, and an answer is a line in a
file. Terminal, web page and Word document ask the same questions and write the same answers.
"""

from __future__ import annotations

from pbtool.reviews.answers import Answer, Answers, edit_id, resolved
from pbtool.reviews.deciding import Decide, review

__all__ = ["Answer", "Answers", "Decide", "edit_id", "resolved", "review"]
