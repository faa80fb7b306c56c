"""What is done to the roll-ups beside following the journal."""

from .comparing import differences as differences
from .rebuilding import Busy as Busy
from .rebuilding import are_empty as are_empty
from .rebuilding import rebuild as rebuild
