"""The memory study on disk: what it is, and a file for every family that has run.

``study.json`` says by what protocol all families are trained, ``families/<name>.json`` what came
of one. Files are written at once, so that a study can be interrupted anywhere and taken up again.
What cannot be read is left as it is and named.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from countviz.durable import write_file
from countviz.next_symbols import BINS
from countviz.specs import KERNEL_VERSION
from countviz.studies.memory import Protocol, Setting, make_settings, make_spec
from countviz.studies.memory_scores import Outcome

FORMAT = 1
CARD, OUTCOMES = "study.json", "families"


class BadStudy(ValueError):
    """A folder that holds no memory study, or another one; nothing in it was changed."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Study:
    """What has run so far.

    Attributes
    ----------
    protocol
        By which all families are trained.
    outcomes
        Of those that have run, in the order of the study.

    """

    protocol: Protocol
    outcomes: Mapping[Setting, Outcome]


def open_study(folder: Path, protocol: Protocol | None = None) -> Study:
    """Return the study in a folder, and begin one where there is none and a protocol is given.

    Raises
    ------
    BadStudy
        If the folder holds something else: no study, one of another version or protocol, or a
        damaged file.

    """
    if not (folder / CARD).exists():
        if any(folder.glob(f"{OUTCOMES}/*.json")):
            raise BadStudy(
                f"{folder} holds families but no {CARD}, which says how they were trained; "
                "another folder is right, or the file put back"
            )
        if protocol is None:
            raise BadStudy(f"there is no study in {folder}; without --report one is begun")
        (folder / OUTCOMES).mkdir(parents=True, exist_ok=True)
        card = {"format": FORMAT, "kernel_version": KERNEL_VERSION, "protocol": asdict(protocol)}
        write_file(folder / CARD, _spell(card))
        return Study(protocol=protocol, outcomes={})
    own = _read_card(folder)
    if protocol is not None and protocol != own:
        raise BadStudy(_tell_difference(folder, own, protocol))
    paths = {one: folder / OUTCOMES / f"{one.name}.json" for one in make_settings()}
    outcomes = {one: _read_outcome(p, one, own) for one, p in paths.items() if p.exists()}
    return Study(protocol=own, outcomes=outcomes)


def write_outcome(folder: Path, outcome: Outcome) -> None:
    """Write what came of a family."""
    plain = asdict(outcome)
    bins = [
        {"shortest": low, "longest": high} | {key: plain[key][place] for key in _BY_BIN}
        for place, (low, high) in enumerate(BINS)
    ]
    rest = {key: value for key, value in plain.items() if key not in _BY_BIN}
    document = {"format": FORMAT, **rest.pop("setting"), **rest, "bins": bins}
    write_file(folder / OUTCOMES / f"{outcome.setting.name}.json", _spell(document))


_BY_BIN = ("accuracy", "perplexity", "solved")
_BY_SEED = tuple(
    one.name
    for one in fields(Outcome)
    if one.name not in ("setting", "identity", "seconds", *_BY_BIN)
)


def _spell(document: Mapping[str, Any]) -> bytes:
    """Return a document as JSON, which knows no infinity: null stands for it."""
    return (json.dumps(_bound(document), indent=1, allow_nan=False) + "\n").encode()


def _bound(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Mapping):
        return {key: _bound(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_bound(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadStudy(
            f"{path} is damaged ({error}); with the file moved away its family is trained again"
        ) from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        found = document.get("format") if isinstance(document, dict) else None
        raise BadStudy(
            f"{path} is of another version: format {found}; {FORMAT} is read here. "
            "Nothing was changed; another folder is right"
        )
    return document


def _read_card(folder: Path) -> Protocol:
    card = _read(folder / CARD)
    version = card.get("kernel_version")
    if version != KERNEL_VERSION:
        raise BadStudy(
            f"{folder} is of another version: its families were trained by the loops of version "
            f"{version}, and {KERNEL_VERSION} is here. Nothing was changed; another folder is right"
        )
    try:
        return Protocol(**card["protocol"])
    except (KeyError, TypeError) as error:
        raise BadStudy(f"{folder / CARD} is damaged: its protocol does not fit ({error})") from None


def _tell_difference(folder: Path, own: Protocol, asked: Protocol) -> str:
    differ = [name for name, value in asdict(own).items() if asdict(asked)[name] != value]
    held = ", ".join(f"{name} {getattr(own, name):,}" for name in differ)
    came = ", ".join(f"{getattr(asked, name):,}" for name in differ)
    return (
        f"{folder} holds a study of {held}; {came} came. Nothing was changed; "
        "the same numbers or another folder are right"
    )


def _read_outcome(path: Path, setting: Setting, protocol: Protocol) -> Outcome:
    document = _read(path)
    try:
        outcome = Outcome(
            setting=Setting(document["task"], document["system"], document["mode"]),
            identity=document["identity"],
            seconds=document["seconds"],
            **{key: tuple(map(_revive, document[key])) for key in _BY_SEED},
            **{
                key: tuple(tuple(map(_revive, one[key])) for one in document["bins"])
                for key in _BY_BIN
            },
        )
    except (KeyError, TypeError) as error:
        raise BadStudy(
            f"{path} is damaged: {error} is missing or of another kind; with the file moved away "
            "its family is trained again"
        ) from None
    whole = all(len(getattr(outcome, key)) == protocol.seeds for key in _BY_SEED)
    if outcome.setting != setting or not whole or len(outcome.accuracy) != len(BINS):
        raise BadStudy(
            f"{path} is not of {setting.name} with {protocol.seeds} seeds; with the file moved "
            "away its family is trained again"
        )
    if outcome.identity != make_spec(setting, protocol).identity:
        raise BadStudy(
            f"{path} is of another version: what was trained ({outcome.identity}) is not what this "
            "study trains; another folder is right"
        )
    return outcome


def _revive(value: float | None) -> float:
    """Return a number as it was; what is not finite here is a perplexity that overflowed."""
    return math.inf if value is None else value
