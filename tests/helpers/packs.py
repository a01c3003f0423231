"""Language packs as they come, read once: for tests in which nobody has phrases of their own."""

from functools import cache

from cuewalk.content.packs import load_pack

pack_of = cache(load_pack)
