"""The fault campaign: kills, lost power, refusing disks and broken inputs, each tried on a home of its own.

What is simulated, and how:

* **Kills** (`killing`). A warmed process forks a child that does one thing a person does (`acts`) in a
  copy of a home. The child dies by SIGKILL before its n-th operation on the disk, in the middle of one of
  SQLite's own writes, at a byte count of a growing file, in a given state of the session, or after a
  random time.
* **Lost power** (`power`). A child does the thing and records every operation on the disk in order: what
  SQLite writes, syncs, truncates and deletes (through a shim of its file system layer, `sqlite_shim`),
  and what the rest opens, syncs, renames and removes. Then the disk is made as it may be after a power
  loss at any of these operations: what was synced is there; of what was not, nothing, all, a beginning, a
  random part out of order, or a torn last piece. Renames and removals that no sync of their folder
  followed may have happened or not, in order. The shared memory beside a write-ahead log never survives.
* **Refusing disks** (`refusing`). The n-th operation fails with "no space", "input/output error", "read-
  only", "permission denied" or "quota exceeded", for n = 1, 2, … until the command gets through; and
  files may not grow beyond a byte count.
* **Broken inputs** (`inputs`). Whatever is read is damaged: bytes of journals, their rows, settings,
  rules, content, phrases, sound files, heads, model archives, exported lines, manifests, arguments, typed
  lines.

What a try must leave (`judging`): every rating whose writing had returned is there once and only once;
the commands that read the home work; the interrupted session can be taken up and a rating corrected; a
failed command has said a sentence and left nothing half-written; done again on a mended disk, it works.

A **hang** is a step that uses more than a second of processor time beyond what the same step uses
undisturbed, or that waits for half a minute without an end. Processor time, so that a busy machine makes
no hangs. Whatever looks like one is tried a second time alone before it is counted.
"""
