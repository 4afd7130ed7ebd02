"""Decoding of files from outside, in child processes with limits.

``decoder`` is the parent's side, ``conversation`` what it hears, and ``worker`` the child's. All else runs in the child: ``recognition`` tells
the kind of file by its bytes, one module a format makes a ``Source`` of it, and the worker sends its frames.
"""

from cases.decoding.conversation import Progress
from cases.decoding.decoder import Decoder, IsCancelled
from cases.decoding.first_look import Glance
from cases.decoding.source import Wishes

__all__ = ["Decoder", "Glance", "IsCancelled", "Progress", "Wishes"]
