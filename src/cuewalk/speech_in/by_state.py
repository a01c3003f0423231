"""PocketSphinx with one small grammar for each state of the session, instead of one big one."""

from cuewalk.speech_in.pocketsphinx_recogniser import PocketSphinxRecogniser


class PocketSphinxByState(PocketSphinxRecogniser):
    """Hears with the grammar of the present state; until one is named, with the one given at the start."""

    def listen_with(self, name: str, jsgf: str) -> None:
        """Use the grammar called ``name``, compiled at its first use; forgets an utterance under way.

        Raises:
            RecogniserError: if the grammar cannot be used.
        """
        if name not in self._grammars:
            self._add(name, jsgf)
        self.reset()
        self._use(name)
