"""Write the OpenAPI document: `python -m mindu.console.contract FILE.json`."""

import sys
from pathlib import Path

from mindu.console.contract.openapi import written


def main(args: list[str]) -> int:
    """Write it to the file named, or to standard output."""
    if args:
        Path(args[0]).write_bytes(written())
    else:
        sys.stdout.buffer.write(written())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
