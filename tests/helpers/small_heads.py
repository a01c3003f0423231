"""A small spotter's head for tests: a few words in flite's voices, learned in a second or two."""

from dataclasses import replace
from functools import cache

import numpy as np

from cuewalk.speech_in.embeddings import SpeechEmbedding
from cuewalk.spotting.augment import GENTLE, Spoken, as_heard, augmented
from cuewalk.spotting.features import pool, window
from cuewalk.spotting.head import NOISE, UNKNOWN
from cuewalk.spotting.rehearsal import remember
from cuewalk.spotting.training import Examples, Recipe, train
from helpers.synth import say

WORDS = ("three", "four", "stop", "yes", "no")
_OTHERS = ("window", "yellow", "table", "garden")
_WAYS = range(4)


@cache
def small_head(voices=("rms", "kal16", "awb", "slt")):
    """Return a head of `WORDS` and what it remembers."""
    embedding = SpeechEmbedding()
    rows = []
    for voice in voices:
        spoken = [(word, say(word, voice)) for word in WORDS] + [
            (UNKNOWN, say(word, voice)) for word in _OTHERS
        ]
        rows += [(label, f) for label, samples in spoken for f in _features(embedding, samples)]
    rng = np.random.default_rng(0)
    for _ in range(12):
        noise = rng.normal(0, 300, 12_000).astype(np.int16)
        rows.append((NOISE, pool(embedding.embed(window(noise)))))
    embedding.close()
    names = (*WORDS, UNKNOWN, NOISE)
    labels = np.array([names.index(label) for label, _ in rows])
    features = np.array([f for _, f in rows], np.float32)
    weights = (1 / np.bincount(labels))[labels].astype(np.float32)
    recipe = Recipe(hidden=48, epochs=80, batch=64, mixup=0.0, smoothing=0.02)
    head = replace(train(Examples(features, labels, weights), names, 0, recipe), temperature=1.2)
    return head, remember(head.hidden(features), labels, weights, names)


def _features(embedding, samples):
    spoken = Spoken(samples, 0, len(samples))
    for way in _WAYS:
        rng = np.random.default_rng(way)
        heard = as_heard(spoken) if way == 0 else augmented(spoken, rng, (), GENTLE)
        yield pool(embedding.embed(window(heard)))
