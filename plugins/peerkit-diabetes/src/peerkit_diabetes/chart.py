# SPDX-License-Identifier: Apache-2.0
"""A plain chart of readings, without judging: points where something was measured, the person's own aim as
a pale band if they set one (of blood pressure, pale lines), no colours for good or bad, no line that
foretells. It needs `peerkit-diabetes[chart]`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from peerkit.errors import Malformed, PluginError
from peerkit.texts import Message, Texts, for_locale
from peerkit_diabetes.log import A1C, GLUCOSE, PRESSURE, UNITS, DiabetesReading, Target
from peerkit_diabetes.numbers import written
from peerkit_diabetes.units import IFCC, MG, MMHG, MMOL, PERCENT, converted, meanings
from peerkit_diabetes.words import _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TITLES = {GLUCOSE: _("glucose"), A1C: _("A1C"), PRESSURE: _("blood pressure")}
LO, HI = _("▼ the meter showed LO"), _("▲ the meter showed HI")
MAY_BE = _("× may be in the other unit")
FORMATS = ("png", "svg", "pdf")
INK, PALE = "#333333", "#e8e8e8"
DAY = 86_400
LEAST_DAYS = 6.0
LEAST = {MMOL: 6.0, MG: 108.0, PERCENT: 3.0, IFCC: 33.0, MMHG: 60.0}
"""An axis never shows less than this: small differences look small."""


def chart(
    readings: Iterable[DiabetesReading],
    what: str,
    *,
    unit: str = "",
    targets: Sequence[Target] = (),
    timezone: str = "UTC",
    locale: str = "en",
    form: str = "png",
) -> bytes:
    """A picture of all readings of `what` (`glucose`, `a1c`, `blood_pressure`) in `unit` (mmol/L, %, mmHg
    unless said), as the bytes of a PNG, SVG or PDF. A reading off the meter's scale stands as a triangle at
    the edge. A number that may be in the other unit stands as a cross, apart from the line, wherever it may
    belong. Words above say what either is.

    Malformed where there is nothing to show, and for a unit of something else; PluginError, naming the extra,
    where Matplotlib is not installed.
    """
    if what not in TITLES or form not in FORMATS:
        raise Malformed(_("a chart is of glucose, a1c or blood_pressure, as png, svg or pdf"), where="chart")
    unit = unit or UNITS[what][0]
    if unit not in UNITS[what]:
        raise Malformed(_("say the unit: {units}", units=", ".join(UNITS[what])), where="chart.unit")
    fit = (one for one in readings if one.what == what and one.state == "noted")
    held = sorted(fit, key=lambda one: one.taken)
    if not held:
        raise Malformed(_("there is nothing yet to draw"), where="chart")
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise PluginError(_("charts need Matplotlib: pip install 'peerkit-diabetes[chart]'")) from None
    say, zone = for_locale(locale), ZoneInfo(timezone)
    figure = Figure(figsize=(7, 3.2), dpi=150, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    _drawn(axes, held, [one for one in targets if one.what == what], unit, what)
    _named(axes, say, what, unit, zone)
    if signs := list(_signs(held)):
        axes.set_title("   ".join(map(say, signs)), loc="left", fontsize=9)
    made = BytesIO()
    figure.savefig(made, format=form, metadata=_bare(form))
    return made.getvalue()


def _in(value: Decimal, unit: str, wanted: str) -> float:
    return float(converted(value, unit, wanted))


def _drawn(axes: Axes, held: list[DiabetesReading], aims: Sequence[Target], unit: str, what: str) -> None:
    """Points, the person's own aim behind them, and room around: one reading alone is no cliff."""

    def points(name: str) -> list[tuple[float, float]]:
        given = [(one, getattr(one, name)) for one in held if not one.unsure]
        return [(_at(one.taken), _in(v, one.unit, unit)) for one, v in given if v is not None]

    upper, lower, crosses = points("value"), points("second"), list(_unsure(held, unit))
    aimed = [(one, (one.low, one.high, one.second_low, one.second_high)) for one in aims]
    ends = [_in(end, one.unit, unit) for one, four in aimed for end in four if end is not None]
    low, high = _room([value for _time, value in (*upper, *lower, *crosses)] + ends, LEAST[unit])
    early, late = _room([_at(one.taken) for one in held], LEAST_DAYS)
    axes.set_xlim(early, late)
    axes.set_ylim(low, high)
    if what == PRESSURE:  # a band would hold the other number too, and seem to be its aim
        for end in ends:
            axes.axhline(end, color=PALE, linewidth=5, zorder=0)
    for aim in aims if what != PRESSURE else ():
        bottom = low if aim.low is None else _in(aim.low, aim.unit, unit)
        top = high if aim.high is None else _in(aim.high, aim.unit, unit)
        axes.axhspan(bottom, top, color=PALE, linewidth=0, zorder=0)
    for drawn, filled in ((upper, INK), (lower, "white")):
        times, values = [at for at, _value in drawn], [value for _at, value in drawn]
        axes.plot(times, values, "-", color="#aaaaaa", linewidth=0.6)
        axes.plot(times, values, "o", color=INK, markersize=4, markerfacecolor=filled)
    axes.plot([at for at, _value in crosses], [value for _at, value in crosses], "x", color=INK, markersize=6)
    inside = (high - low) * 0.03
    for one in held:
        if one.off_scale:
            edge, mark = (low + inside, "v") if one.off_scale == "low" else (high - inside, "^")
            axes.plot([_at(one.taken)], [edge], mark, color=INK, markersize=7)


def _unsure(held: Iterable[DiabetesReading], unit: str) -> Iterator[tuple[float, float]]:
    """Where a number stands that may be in the other unit: at each of its meanings."""
    for one in held:
        if one.unsure and one.value is not None:
            for value, its in meanings(one.value, one.unit):
                yield _at(one.taken), _in(value, its, unit)


def _signs(held: Sequence[DiabetesReading]) -> Iterator[Message]:
    """What the signs in it are that are no number: a triangle at the edge would be read as one."""
    off = {one.off_scale for one in held}
    yield from [LO] if "low" in off else []
    yield from [HI] if "high" in off else []
    yield from [MAY_BE] if any(one.unsure for one in held) else []


def _room(values: Sequence[float], least: float) -> tuple[float, float]:
    """The ends of an axis: all values with some room, and never narrower than `least`."""
    low, high = min(values, default=least), max(values, default=least)
    room = max((high - low) * 0.08, (least - (high - low)) / 2)
    return low - room, high + room


def _at(moment: datetime) -> float:
    """An instant in days."""
    return moment.timestamp() / DAY


def _named(axes: Axes, say: Texts, what: str, unit: str, zone: ZoneInfo) -> None:
    axes.set_ylabel(f"{say(TITLES[what])} ({unit})")
    first, last = axes.get_xlim()
    start = datetime.fromtimestamp(first * DAY, zone).date() + timedelta(days=1)
    step = max(1, ceil((last - first) / 6))
    ahead = (datetime.fromtimestamp(last * DAY, zone).date() - start).days
    days = [start + timedelta(days=n) for n in range(0, ahead + 1, step)]
    axes.set_xticks([_at(datetime.combine(day, time(), zone)) for day in days], [str(day) for day in days])
    axes.set_xlim(first, last)
    axes.yaxis.set_major_formatter(lambda value, _place: written(Decimal(f"{value:g}"), say.locale))
    axes.grid(visible=True, axis="y", color="#dddddd", linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _bare(form: str) -> dict[str, Any]:
    """Nothing about when or by what it was made: the same readings give the same picture."""
    return {"png": {"Software": None}, "svg": {"Date": None, "Creator": None}}.get(
        form, {"CreationDate": None, "Creator": None, "Producer": None}
    )
