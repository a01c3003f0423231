"""Which version of cuewalk this is."""

from importlib import metadata


def version() -> str:
    """Return the version as its package says it."""
    try:
        return metadata.version("cuewalk")
    except metadata.PackageNotFoundError:
        return "of a folder that was never installed"
