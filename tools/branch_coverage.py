"""Prints which share of the branches of each pure package the tests take, from coverage's JSON report.

``python -m tools.branch_coverage build/coverage.json`` ends with 1 if a package is below `LEAST`.
``script/test`` runs it after the tests. Branches inside one line (``a if b else c``) are not seen.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

#: Of 100 branches. Design: what is left is printed, and is defensive or impossible by its types.
LEAST: Final = 95.0


def main(report: Path) -> int:
    """Print a line for each package, and what is not taken; return the exit status."""
    files = json.loads(report.read_text(encoding="utf-8"))["files"]
    taken: Counter[str] = Counter()
    all_branches: Counter[str] = Counter()
    for name, found in files.items():
        package = Path(name).parts[Path(name).parts.index("cuewalk") + 1]
        taken[package] += found["summary"]["covered_branches"]
        all_branches[package] += found["summary"]["num_branches"]
        for begin, end in found["missing_branches"]:
            print(f"   not taken: {name}:{begin} -> {end if end > 0 else 'out'}")
    shares = {name: 100 * taken[name] / count for name, count in sorted(all_branches.items()) if count}
    for name, share in shares.items():
        print(f"   {name}: {share:.1f} % of {all_branches[name]} branches")
    return 0 if shares and min(shares.values()) >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
