"""The front door: `mindu VERB ...`."""

import sys

from mindu.cli.verbs import run


def main() -> int:
    """Run the command line; return 0 good, 1 bad finding, 2 usage."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
