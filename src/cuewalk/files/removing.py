"""Removes folders whatever is in them."""

import os
from pathlib import Path
from typing import Final

from cuewalk.files.writing import PRIVATE_FOLDER

#: Levels below a folder that are removed where they lie; deeper ones are brought up first. Design: our own
#: folders have three.
_LEVELS: Final = 5


def remove_tree(folder: Path) -> None:
    """Remove a folder with all in it, however deep it is and whatever the modes of its folders are.

    Up to Python 3.12 `shutil.rmtree` goes one call deeper with each folder and ends with an error at about a
    thousand; and it does not empty a folder that its owner may not open. Links are removed, never followed.

    Raises:
        OSError: if something cannot be removed; some of it may be gone then.
    """
    if folder.is_symlink() or not folder.is_dir():
        folder.unlink(missing_ok=True)
        return
    top = os.fspath(folder)
    found = [top]
    for path in found:
        os.chmod(path, PRIVATE_FOLDER)  # noqa: PTH101 - a path object for each of thousands costs more
        with os.scandir(path) as entries:
            for number, entry in enumerate(list(entries)):
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108 - the same
                elif path.count(os.sep) - top.count(os.sep) < _LEVELS:
                    found.append(entry.path)
                else:  # a path of a thousand folders would be followed for each file in it
                    up = os.path.join(top, f".deep-{len(found)}-{number}")  # noqa: PTH118 - the same
                    os.chmod(entry.path, PRIVATE_FOLDER)  # noqa: PTH101 - the same
                    os.rename(entry.path, up)  # noqa: PTH104 - the same
                    found.append(up)
    for path in reversed(found):
        os.rmdir(path)  # noqa: PTH106 - the same
