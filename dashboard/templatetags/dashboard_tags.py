"""Charts drawn on the server."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from dashboard.matrix import share_look
from meetings.texts import span_name

register = template.Library()
register.filter("share_look", share_look)
register.filter("span_name", span_name)

# Narrow, so that its figures can be read on a phone.
WIDTH, HEIGHT, BASE = 400, 184, 160
BAR_SHARE = 0.6


@register.filter
def lookup(mapping: dict, key: object) -> object:
    return mapping.get(key, "")


@register.simple_tag
def bar_chart(
    points: Iterable[tuple],
    *,
    title: str,
    desc: str,
    top: int,
    css: str = "chart-bar",
    unit: str = "",
) -> SafeString:
    """Draw one bar for each (label, value or None, is_running); `top` is the value of full height."""
    points = list(points)
    step = WIDTH / max(len(points), 1)
    scale = (BASE - 24) / max(top, 1)
    bars = []
    for index, (label, value, is_running) in enumerate(points):
        x = step * index
        height = (value or 0) * scale
        bars.append(
            (
                "chart-bar-rest" if is_running else css,
                f"{x + step * (1 - BAR_SHARE) / 2:.1f}",
                f"{BASE - height:.1f}",
                f"{step * BAR_SHARE:.1f}",
                f"{height:.1f}",
                f"{x + step / 2:.1f}",
                f"{BASE - height - 6:.1f}",
                "" if value is None else f"{value}{unit}",
                BASE + 18,
                label,
            )
        )
    drawn = format_html_join(
        "",
        '<rect class="{0}" x="{1}" y="{2}" width="{3}" height="{4}"/>'
        '<text class="chart-value" x="{5}" y="{6}" text-anchor="middle">{7}</text>'
        '<text x="{5}" y="{8}" text-anchor="middle">{9}</text>',
        bars,
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img"><title>{}</title><desc>{}</desc>'
        '<path class="chart-axis" d="M0 {}H{}"/>{}</svg>',
        WIDTH,
        HEIGHT,
        title,
        desc,
        BASE,
        WIDTH,
        drawn,
    )
