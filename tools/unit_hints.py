"""Says what to write instead of a value that does not fit: units converted, numbers spelled out. It accepts nothing."""

import difflib
import re
from dataclasses import dataclass

from tools.assumptions import assumption
from tools.errors import InvalidInput
from tools.facts import FactSpec, check_value
from tools.located import Items, Leaf, Node, shown

_SCALES = {
    **dict.fromkeys(("k", "thousand"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "million", "millions"), 1e6),
    **dict.fromkeys(("b", "bn", "billion", "billions"), 1e9),
    **dict.fromkeys(("t", "trillion", "trillions"), 1e12),
}
_SECONDS = {
    **dict.fromkeys(("ms", "msec", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3600.0),
    **dict.fromkeys(("d", "day", "days"), 86400.0),
    **dict.fromkeys(("w", "wk", "week", "weeks"), 7 * 86400.0),
}
_MONTHS = dict.fromkeys(("mo", "month", "months"), 1.0) | dict.fromkeys(("y", "yr", "year", "years"), 12.0)
_PERIOD_WORDS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month", "yearly": "year"}
_PERIOD_WORDS |= {"annually": "year", "annual": "year", "p.a.": "year"}
_FIGURE = r"[-+]?(?:\d[\d.,_'’ ]*\d|\d|\.\d+)(?:e[-+]?\d+)?"
_TEXT = re.compile(
    rf"(?:about|around|approx\.?|ca\.?|circa|~|≈)?\s*(?P<money>us\$|usd|\$|eur|€|gbp|£)?\s*(?P<figure>{_FIGURE})\s*"
    r"(?P<scale>[a-z]+)?\s*(?P<rest>.*)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"\[?\s*(?P<low>{_FIGURE})\s*(?P<scale>[a-z%]+)?\s*(?:\.\.|-|–|—|\bto\b|,\s)\s*(?P<high>{_FIGURE})\s*(?P<rest>[^\]]*)\]?",
    re.IGNORECASE,
)
_PER = re.compile(r"(?:\bper\b|/|\ban?\b|\beach\b|\bevery\b)\s*([a-z]+)", re.IGNORECASE)
# Words that say what a unit says in another word.
_SYNONYMS = {"fte": "full-time engineers", "ftes": "full-time engineers", "x": " over ", "times": " over "}
_DOLLARS = {"usd", "us", "dollar", "dollars", "$", "us$"}
_TRUE, _FALSE = {"true", "yes", "y", "on", "1", "wahr", "x"}, {"false", "no", "n", "off", "0", "falsch"}


def hint_for(spec: FactSpec, node: Node) -> str:
    """Return 'write 0.9' or the like for a value that does not fit; empty where nothing can be said for sure."""
    if isinstance(node, Items):
        return _list_hint(spec, node)
    if not isinstance(node, Leaf):
        return ""
    if spec.type == "number":
        return _number_hint(spec, node)
    text = node.text.strip()
    if spec.type == "flag":
        return "write true" if text.lower() in _TRUE else "write false" if text.lower() in _FALSE else ""
    return _name_hint(spec, text) if spec.values else ""


def _list_hint(spec: FactSpec, node: Items) -> str:
    values = [item.value if isinstance(item, Leaf) else None for item in node.items]
    if spec.type == "number":
        figures = [value for value in values if isinstance(value, int | float) and not isinstance(value, bool)]
        if len(figures) == len(values) == 2 and _fits(spec, sorted(figures)):
            return f"the range runs downwards; write [{', '.join(figure_text(f) for f in sorted(figures))}]"
        return ""
    if spec.type == "set":
        if "none" in values and len(values) > 1:
            return "'none' stands alone; leave it out or leave the others out"
        whole = _name_hint(spec, values[0]) if len(values) == 1 and isinstance(values[0], str) else ""
        if whole.startswith("write"):
            return whole
        wrong = [item for item, value in zip(node.items, values, strict=True) if value not in spec.values]
        named = [shown(item) + _near(spec, item.text if isinstance(item, Leaf) else "") for item in wrong]
        return f"unknown: {', '.join(named[:5])}" if named else ""
    if len(values) == 1 and _fits(spec, values[0]):
        return f"write {values[0]} without the list"
    return "one value only" if spec.type == "choice" else ""


def _name_hint(spec: FactSpec, text: str) -> str:
    parts = [part.strip() for part in re.split(r"[;,|/]| and ", text.strip("[]")) if part.strip()]
    if spec.type == "set" and len(parts) > 1:
        names = [_value_named(spec, part) for part in parts]
        return f"write [{', '.join(name for name in names if name)}]" if all(names) else ""
    name = _value_named(spec, text)
    return f"write {name}" if name else _near(spec, text).strip(" ()")


def _value_named(spec: FactSpec, text: str) -> str:
    wanted = re.sub(r"[\s-]+", "_", text.strip().casefold())
    by_label = {re.sub(r"[\s-]+", "_", label.casefold()): value for value, label in spec.labels.items()}
    return wanted if wanted in spec.values else by_label.get(wanted, "")


def _near(spec: FactSpec, text: str) -> str:
    near = difflib.get_close_matches(text.casefold(), spec.values, n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _number_hint(spec: FactSpec, node: Leaf) -> str:
    if isinstance(node.value, bool) or node.value is None:
        return ""
    if not isinstance(node.value, str):
        share = _is_share(spec) and 2 <= node.value <= 100
        return f"write {figure_text(node.value / 100)}" if share else ""
    text = node.value.strip()
    bounds = _RANGE.fullmatch(text)
    if bounds:
        rest = bounds["rest"]
        low = _converted(spec, f"{bounds['low']}{bounds['scale']}") if bounds["scale"] else []
        low, high = low or _converted(spec, f"{bounds['low']}{rest}"), _converted(spec, f"{bounds['high']}{rest}")
        figures = [low[0], high[0]] if low and high else []
        return f"write [{', '.join(figure_text(figure) for figure in figures)}]" if _fits(spec, figures) else ""
    found = [value for value in _converted(spec, text) if _fits(spec, value)]
    if not found:
        return ""
    written = " or ".join(figure_text(value) for value in dict.fromkeys(found))
    quoted = re.fullmatch(r"[-+]?\d+(\.\d+)?", text) is not None
    return f"write {written}" + (" without quotes" if quoted else "")


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A figure with what is written after it: period ('' where none) and other words."""

    figure: float
    period: str
    words: tuple[str, ...]


def _converted(spec: FactSpec, text: str) -> list[float]:
    """Return the readings of a text as the fact's own unit: two where a comma may be either, none where unsure."""
    match = _TEXT.fullmatch(text)
    if not match or (match["money"] or "").lower() in ("eur", "€", "gbp", "£"):
        return []
    if (match["money"] and "USD" not in spec.unit) or re.search(r"\d", match["rest"]):
        return []
    scale, rest = (match["scale"] or "").lower(), match["rest"].strip().lower()
    timed = spec.unit.startswith(("seconds", "weeks"))
    factor = 1.0 if timed else _SCALES.get(scale, 1.0)
    if timed or scale not in _SCALES:
        rest = f"{scale} {rest}".strip()
    values = (_in_unit(spec, _quantity(figure * factor, rest)) for figure in _readings(match["figure"]))
    return [value for value in values if value is not None]


def _quantity(figure: float, rest: str) -> _Quantity:
    per = _PER.search(rest)
    period = per[1] if per else next((_PERIOD_WORDS[word] for word in rest.split() if word in _PERIOD_WORDS), "")
    left = _PER.sub(" ", rest)
    words = tuple(word for word in re.findall(r"[a-z$]+|%", left) if word not in _PERIOD_WORDS)
    return _Quantity(figure, period, words)


def _in_unit(spec: FactSpec, quantity: _Quantity) -> float | None:
    figure, words = quantity.figure, list(quantity.words)
    if words and words[0] in ("%", "percent", "pct"):
        if not _is_share(spec):
            return None
        figure, words = figure / 100, words[1:]
    target = _target_seconds(spec)
    if spec.unit.startswith(("seconds", "weeks")) and len(words) == 1 and not quantity.period:
        length = _period_seconds(words[0])
        return None if length is None or target is None else _six(figure * length / target)
    if words and words[0] in ("cent", "cents") and "USD" in spec.unit:
        figure, words = figure / 100, words[1:]
    words = [word for word in words if word not in _SYNONYMS or _SYNONYMS[word] not in spec.unit]
    if any(word.rstrip("s") not in spec.unit.lower() and word not in _DOLLARS for word in words):
        return None
    if any(word in _DOLLARS for word in words) and "USD" not in spec.unit:
        return None
    if not quantity.period:
        return figure
    length = _period_seconds(quantity.period)
    if quantity.period in spec.unit.lower() and (length is None or target is None):
        return figure  # "per request", "per kWh"
    if length is None or target is None:
        return None
    # Growth compounds: 60 percent a year are not five a month.
    grown = (1 + figure) ** (target / length) - 1 if spec.unit.startswith("growth") and figure > -1 else None
    return _six(figure * target / length if grown is None else grown)


def _target_seconds(spec: FactSpec) -> float | None:
    """Return the length of the period in the fact's own unit."""
    words = re.findall(r"[a-z]+", spec.unit.lower())
    if words[:1] and words[0] in ("seconds", "weeks"):
        return _SECONDS[words[0]]
    return next((_period_seconds(word) for word in ("second", "day", "month", "year") if word in words), None)


def _period_seconds(word: str) -> float | None:
    if word in _MONTHS:
        return _MONTHS[word] * assumption("days_per_month").number * 86400.0
    return _SECONDS.get(word)


def _readings(text: str) -> list[float]:
    """Return the numbers that a figure may mean: 1,200 is 1200, or 1.2 to who writes a decimal comma."""
    bare = re.sub(r"[_'’ ]", "", text)
    if "," in bare and "." in bare:
        decimal = max(bare.rfind(","), bare.rfind("."))
        bare = re.sub(r"[.,]", "", bare[:decimal]) + "." + bare[decimal + 1 :]
        return _floats(bare)
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+", bare) and not bare.lstrip("+-").startswith("0"):
        decimal_too = bare.count(",") == 1 and not bare.endswith(",000")
        both = [bare.replace(",", "")] + ([bare.replace(",", ".")] if decimal_too else [])
        return _floats(*both)
    if re.fullmatch(r"[-+]?\d{1,3}(\.\d{3}){2,}", bare):
        return _floats(bare.replace(".", ""))
    return _floats(bare.replace(",", "."))


def _floats(*texts: str) -> list[float]:
    try:
        return [float(text) for text in texts]
    except ValueError:
        return [float("nan")]


def _is_share(spec: FactSpec) -> bool:
    return spec.maximum == 1 or spec.unit.startswith("growth")


def _fits(spec: FactSpec, value: object) -> bool:
    try:
        check_value(spec, value)
    except InvalidInput:
        return False
    return True


def _six(value: float) -> float:
    return float(f"{value:.6g}")


def figure_text(value: float) -> str:
    """Return a number as a file spells it, without an exponent where it is whole."""
    return f"{value:.0f}" if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"
