"""Figures of the listening benchmark as the cells of a table."""

from typing import Final

from cuewalk.bench.hearing.figures import Figures

DASH: Final = "\N{EN DASH}"


def cells(figures: Figures) -> list[str]:
    """Return one row of figures; a second line of a cell is its interval, or the 95th percentile."""
    rates = [_rate(figures, name) for name in ("correct", "best_guess_correct", "asked_again")]
    return [
        str(figures["clips"]),
        str(figures["expected"]),
        *rates,
        _rate(figures, "wrong_accepted"),
        _hourly(figures),
        _latency(figures),
        DASH if figures["realtime_factor"] is None else f"{figures['realtime_factor']:.3f}",
    ]


def _rate(figures: Figures, name: str) -> str:
    if figures[f"{name}_rate"] is None:
        return DASH
    low, high = figures[f"{name}_interval"]
    return f"{_percent(figures[f'{name}_rate'])}\n{_percent(low)}{DASH}{_percent(high)}"


def _percent(rate: float) -> str:
    return f"{100 * rate:.1f}".removesuffix(".0") if rate in {0, 1} else f"{100 * rate:.1f}"


def _hourly(figures: Figures) -> str:
    if figures["false_accepts_per_hour"] is None:
        return DASH
    low, high = figures["false_accepts_per_hour_interval"]
    return f"{_short(figures['false_accepts_per_hour'])}\n{_short(low)}{DASH}{_short(high)}"


def _short(number: float) -> str:
    """Return it with two or three digits: 0.41, 12, 1.4k."""
    if number >= 1000:  # noqa: PLR2004 - what k stands for
        return f"{number / 1000:.1f}k"
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"  # noqa: PLR2004 - two digits


def _latency(figures: Figures) -> str:
    if figures["latency_ms_p50"] is None:
        return DASH
    return f"{figures['latency_ms_p50']:.0f}\n{figures['latency_ms_p95']:.0f}"
