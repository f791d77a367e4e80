"""The command `./run record`: record what the sources answer today, and say what differs from the recordings there are.

A new recording waits in the folder ``new`` beside the kept ones until `--replace` takes one over.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

if __name__ == "__main__":  # beside pytest, which knows this place
    sys.path.append(str(Path(__file__).resolve().parents[1] / "origins"))

from comparison import differences
from local_origin import open_origin
from network import answering
from reading import Read
from reconstructed import reconstruct
from recording import RECORDINGS, Recording, recorded_sources

from flows.settings import Settings, read_settings
from scrapers.errors import RatecardError

LARGEST_BYTES = 1_000_000
"""Nothing larger is kept under version control outside of data/."""
DONE, FINDING, USAGE = 0, 1, 2


def main(arguments: Sequence[str], *, folder: Path = RECORDINGS) -> int:
    """Record, compare, and return the exit code: 0 nothing differs or it was taken over, 1 anything else, 2 usage."""
    asked = _parser().parse_args(arguments)
    try:
        settings = read_settings()
        wanted = [Recording(source, folder) for source in asked.source or recorded_sources()]
        if asked.reconstruct:
            settled = [_record_reconstructed(recording, settings, take=asked.replace) for recording in wanted]
        else:
            settled = _record_world(wanted, settings, take=asked.replace)
    except RatecardError as exc:
        print(f"record: {exc}", file=sys.stderr)
        return USAGE
    return DONE if all(settled) else FINDING


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run record", description=__doc__)
    parser.add_argument("source", nargs="*", help="only these sources; all that need no account without any")
    parser.add_argument("--replace", action="store_true", help="take the new recordings over")
    parser.add_argument(
        "--reconstruct",
        action="store_true",
        help="record the project's own reconstructed bodies from a local server, not the live sites",
    )
    return parser


def _record_reconstructed(recording: Recording, settings: Settings, *, take: bool) -> bool:
    with open_origin() as origin:
        mirrors = reconstruct(recording.source).lay(origin)
        return _record(recording, replace(settings, origins=mirrors), take=take)


def _record_world(wanted: Sequence[Recording], settings: Settings, *, take: bool) -> list[bool]:
    """Record from the live sites, or from the mirrors in their place; nothing is tried where no network answers."""
    there = answering([recording.source for recording in wanted], settings.origins)
    if not there:
        print("record: no network answered for any of the sources; nothing was changed", file=sys.stderr)
        return [False]
    settled = []
    for recording in wanted:
        if recording.source in there:
            settled.append(_record(recording, settings, take=take))
        else:
            print(f"{recording.source}: its site does not answer; nothing was changed")
            settled.append(False)
    return settled


def _record(recording: Recording, settings: Settings, *, take: bool) -> bool:
    """Record one source, print what differs, and return whether nothing is left to be done about it."""
    source = recording.source
    recording.discard()
    recording.waiting.mkdir(parents=True, exist_ok=True)
    regions = reconstruct(source).regions or settings.regions
    read = recording.kind.record(source, recording.waiting, regions, settings, datetime.now(UTC))
    if not recording.is_in(recording.waiting):
        recording.discard()
        print(f"{source}: nothing came ({read.failure}); nothing was changed")
        return False
    lines = list(_differences(recording, read))
    print(_summary(recording, read), *(f"  {line}" for line in lines), sep="\n")
    verdict, settled = _settle(recording, read, take=take, same=not lines)
    print(f"{source}: {verdict}")
    return settled


def _summary(recording: Recording, read: Read) -> str:
    note = recording.kind.read_note(recording.waiting, read.source)
    from_ = f" from {', '.join(note.served_from)}" if note.served_from else ""
    failed = f"; {read.failure}" if read.failure else ""
    return f"{read.source}: {note.obtained}{from_}, {len(read.listings)} prices in {', '.join(note.bodies)}{failed}"


def _differences(recording: Recording, read: Read) -> Iterator[str]:
    if not recording.is_in(recording.folder):
        yield "there is no earlier recording"
        return
    kind, source = recording.kind, recording.source
    was, now = (kind.read_note(folder, source) for folder in (recording.folder, recording.waiting))
    if was.obtained != now.obtained:
        yield f"the kept one is {was.obtained}, this one {now.obtained}"
    yield from differences(kind.replay(recording.folder, source), read)


def _settle(recording: Recording, read: Read, *, take: bool, same: bool) -> tuple[str, bool]:
    """Take the new recording over, or leave it waiting, or drop it; return what was done, and whether that is all."""
    size = recording.size()
    if size > LARGEST_BYTES:
        recording.discard()
        return f"{size:,} bytes are more than a recording may have; the kept one stays", same
    if not recording.is_new():
        recording.discard()
        return "as recorded", True
    if not read.listings:
        return "the new recording holds no price and is not taken over", False
    if take:
        recording.take_over()
        return "taken over", True
    return f"the new recording waits in {recording.waiting.name}/; the same command with --replace takes over", same


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
