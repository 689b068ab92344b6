"""Plots as SVG: accuracy against time, one dot per method; cost against size, one line per method. Logarithmic axes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

FONT = 'font-family="sans-serif" font-size="12"'
WIDTH, HEIGHT, LEFT, BOTTOM = 720, 400, 60, 50


def scatter(title: str, points: Sequence[tuple[str, float, float]]) -> str:
    """``points``: label, seconds, F1; the first is ours and stands out."""
    seconds = [p[1] for p in points]
    low, high = math.floor(math.log10(min(seconds))), math.ceil(math.log10(max(seconds)) + 0.2)
    bottom = math.floor(min(p[2] for p in points) * 20) / 20
    top = 1.0

    def x(value: float) -> float:
        return LEFT + (math.log10(value) - low) / (high - low) * (WIDTH - LEFT - 150)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - bottom) / (top - bottom) * (HEIGHT - BOTTOM - 40)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>',
    ]
    for power in range(low, high + 1):
        at = x(10**power)
        parts.append(f'<line x1="{at:.1f}" y1="40" x2="{at:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>')
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{10**power:g} s</text>')
    steps = round((top - bottom) / 0.05)
    for step in range(steps + 1):
        value = bottom + step * 0.05
        parts.append(f'<line x1="{LEFT}" y1="{y(value):.1f}" x2="{WIDTH - 150}" y2="{y(value):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.2f}</text>')
    parts.append(f'<text x="{LEFT}" y="{HEIGHT - 10}">wall time; vertically best F1</text>')
    for number, (label, time, f1) in enumerate(points):
        colour = "#c0392b" if number == 0 else "#34495e"
        parts.append(f'<circle cx="{x(time):.1f}" cy="{y(f1):.1f}" r="5" fill="{colour}"/>')
        parts.append(f'<text x="{x(time) + 9:.1f}" y="{y(f1) + 4:.1f}" fill="{colour}">{escape(label)}</text>')
    return "\n".join([*parts, "</svg>", ""])


def curves(title: str, lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """``lines``: label → (number of phrases, milliseconds of a document); the first two are ours and stand out."""
    points = [point for line in lines.values() for point in line]
    left, right = (math.log10(pick(x for x, _ in points)) for pick in (min, max))
    low, high = math.floor(math.log10(min(y for _, y in points))), math.ceil(math.log10(max(y for _, y in points)))

    def at(x: float, y: float) -> str:
        across = LEFT + (math.log10(x) - left) / (right - left) * (WIDTH - LEFT - 220)
        up = (math.log10(y) - low) / (high - low) * (HEIGHT - BOTTOM - 40)
        return f"{across:.1f},{HEIGHT - BOTTOM - up:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {FONT}>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="20" font-size="14">{escape(title)}</text>',
        f'<text x="{LEFT}" y="{HEIGHT - 10}">phrases; vertically milliseconds of CPU</text>',
    ]
    for power in range(low, high + 1):
        _, y = at(10**left, 10**power).split(",")
        parts.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - 220}" y2="{y}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{float(y) + 4:.1f}" text-anchor="end">{10**power:g}</text>')
    for x in dict.fromkeys(x for x, _ in points):
        across, _ = at(x, 10**low).split(",")
        parts.append(f'<text x="{across}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:,.0f}</text>')
    for number, (label, line) in enumerate(lines.items()):
        colour = "#c0392b" if number < 2 else "#34495e"
        way = " ".join(at(x, y) for x, y in line)
        across, y = at(*line[-1]).split(",")
        parts.append(f'<polyline points="{way}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(f'<text x="{float(across) + 9:.1f}" y="{float(y) + 4:.1f}" fill="{colour}">{escape(label)}</text>')
    return "\n".join([*parts, "</svg>", ""])
