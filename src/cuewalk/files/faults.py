"""What the operating system says about a file, in words for a person."""

import errno
from typing import Final

_REASONS: Final = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is used up",
    errno.EROFS: "the disk can only be read",
    errno.EACCES: "you do not have the permission",
    errno.EPERM: "you do not have the permission",
    errno.ENOENT: "it is not there",
    errno.ENOTDIR: "a part of its path is not a folder",
    errno.EISDIR: "it is a folder",
    errno.ENXIO: "it is no ordinary file",
    errno.ELOOP: "its links lead round in a circle",
    errno.ENAMETOOLONG: "its name is too long",
    errno.EIO: "the disk reports an error",
    errno.EMFILE: "too many files are open",
    errno.ENFILE: "too many files are open on this machine",
    errno.EFBIG: "it would be larger than is allowed here",
    errno.EEXIST: "something of that name is there already",
    errno.ENOTEMPTY: "the folder is not empty",
    errno.EBUSY: "another program is using it",
    errno.ENOMEM: "the memory does not suffice",
    errno.ESTALE: "the network disk has lost it",
    errno.ETIMEDOUT: "the network disk does not answer",
}
_REMEDIES: Final = {
    errno.ENOSPC: "Make room on the disk and try again.",
    errno.EDQUOT: "Delete something of yours, or ask for more room, and try again.",
    errno.EROFS: "Choose another folder, or attach the disk for writing.",
    errno.EACCES: "Make the folder and the file yours, or choose another folder.",
    errno.EPERM: "Make the folder and the file yours, or choose another folder.",
    errno.ENOENT: "Check the name and the folder.",
    errno.EIO: "Check the disk; copy what matters to another one.",
}


def reason(error: BaseException) -> str:
    """Return why, as a part of a sentence: "the disk is full". Never a number or a class name."""
    if isinstance(error, UnicodeError) or (isinstance(error, ValueError) and "null" in str(error)):
        return "its name holds characters that no file can have"
    number = getattr(error, "errno", None)
    if number in _REASONS:
        return _REASONS[number]
    return getattr(error, "strerror", None) or "the system gives no reason"


def why_unwritable(error: BaseException) -> str:
    """Return why a file could not be written, as a part of a sentence: what is missing is its folder."""
    return "its folder is not there" if getattr(error, "errno", None) == errno.ENOENT else reason(error)


def remedy(error: BaseException) -> str:
    """Return what a person can do about it, a sentence."""
    return _REMEDIES.get(getattr(error, "errno", None) or 0, "Check the path, or choose another folder.")
