"""What is done to the roll-ups beside following the journal."""

from .consistency_check import find_differences as find_differences
from .rebuild import RebuildRunning as RebuildRunning
from .rebuild import is_rebuild_needed as is_rebuild_needed
from .rebuild import rebuild_rollups as rebuild_rollups
