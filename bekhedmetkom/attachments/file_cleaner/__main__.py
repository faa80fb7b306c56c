"""The program: limits itself, cleans one file, says in one line of JSON what came out or why nothing did."""

import json
import resource
import sys
from pathlib import Path

from ..rules import Format, UncleanableFile

MEGABYTE = 1024 * 1024
MEMORY_LIMIT = 590 * MEGABYTE  # of addresses, so of memory in use at most as much
CPU_SECONDS = 30  # of processor time
MAX_OUTPUT_BYTES = 64 * MEGABYTE


def limit_resources() -> None:
    """From here on this process dies rather than take more than its share."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def clean_file(kind: Format, source: Path, target: Path) -> str:
    """Write the clean file; returns its media type. Each format's library is loaded only where it is needed."""
    match kind:
        case Format.JPEG | Format.PNG | Format.WEBP | Format.HEIF:
            from . import image

            return image.clean_image(kind, source, target)
        case Format.PDF:
            from . import pdf

            return pdf.clean_pdf(source, target)
        case Format.MP4 | Format.OGG | Format.WEBM:
            from . import recording

            return recording.clean_recording(kind, source, target)


def main() -> int:
    limit_resources()
    kind, source, target = sys.argv[1:]
    try:
        said = {"media_type": clean_file(Format(kind), Path(source), Path(target))}
    except UncleanableFile as unfit:
        said = {"unfit": unfit.reason}
    except MemoryError:
        said = {"unfit": "too_large_inside"}
    except (
        Exception
    ) as error:  # whatever a library makes of bytes that it does not understand; never their text
        said = {"unfit": "damaged", "error": type(error).__name__}
    sys.stdout.write(json.dumps(said))
    return 0


if __name__ == "__main__":
    sys.exit(main())
