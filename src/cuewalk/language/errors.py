"""The error of a phrase file that its shape cannot show: a template, word or prompt that makes no sense."""


class PhraseError(ValueError):
    """One mistake in one phrase file of a locale.

    ``file`` is "commands", "numbers", "prompts", "coaching" or "locale"; ``keypath`` leads to the value
    inside it, for example ``("commands", "stop", 2)``, so that the loader can name the line.
    """

    def __init__(self, file: str, keypath: tuple[str | int, ...], problem: str, remedy: str) -> None:
        self.file, self.keypath, self.problem, self.remedy = file, keypath, problem, remedy
        where = ".".join(str(key) for key in keypath)
        super().__init__(f"{file}: {where}: {problem} {remedy}")
