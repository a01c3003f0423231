"""Words for numbers of things, for screens and messages."""


def counted(number: int, one: str, many: str = "") -> str:
    """Return "1 session", "2 sessions"; ``many`` where adding an s does not do."""
    return f"{number} {one if number == 1 else many or one + 's'}"
