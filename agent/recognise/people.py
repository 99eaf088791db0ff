"""Rules for people and machines: engineers, users, accelerators owned. They know no short answers."""

import re

from agent.recognise.scene import Scene
from agent.recognise.values import FactCandidate, lower, upper

_OPERATE = re.compile(
    r"\b(?:run(?:ning)? (?:the |our |these |such )?(?:models?|servers?|gpus?|infra\w*|it)|"
    r"look(?:ing|s)? after|maintain\w*|operat\w+|available|spare|free(?: for this)?|dedicat\w+|"
    r"assign\w*|on[- ]call|for (?:it|this)\b|babysit\w*|minds? (?:it|them|the)|keeps? (?:it|them|things|"
    r"the \w+) (?:up|alive|running)|"
    r"(?:run|manage|administer|handle)s?(?:ning)? (?:it|that|them|slurm|k8s|the cluster|our cluster|the gpus?)|lent|"
    r"platform|infra\w*|mlops|ml ops|devops|sre|sres|gpu servers?|self[- ]host\w*|kubernetes|"
    r"keep it running|host(?:ing)? (?:it|models?))\b",
    re.I,
)
_OPERATORS = re.compile(
    r"\b(?:sres?|platform engineers?|mlops(?: engineers?)?|ml[- ]?(?:ops|platform|infra\w*)? "
    r"?engineers?|machine[- ]learning engineers?|infra\w* (?:engineers?|people|folks|guys)|"
    r"devops(?: engineers?| people| folks| guys)?|ftes?|sysadmins?|(?:platform|ops|infra\w*|"
    r"gpu|systems) (?:people|folks|guys|persons?|admins?))\b",
    re.I,
)
_NOT_AVAILABLE = re.compile(
    r"\b(?:hir(?:e|es|ing)|recruit\w*|would need|need(?:s|ed)? (?:to have )?|required?|looking "
    r"for|cost\w*|salar\w+|would take|takes|use the|using the|users?|open positions?|short "
    r"of|lack\w*|left|quit)\b",
    re.I,
)
_USE = re.compile(
    r"\b(?:use[sd]? (?:it|this|the|our)|will use|would use|using (?:it|this|the|our)|users?|"
    r"active|log(?:ged)? in|have access|on the platform|with access|use the|rely on it|reach\w*|"
    r"monthly users|mau)\b",
    re.I,
)
_NOT_MONTHLY = re.compile(
    r"\b(?:concurrent\w*|simultaneous\w*|at (?:once|a time|the same time)|parallel|daily|"
    r"a day|per day|each day|dau|per second|new users|pilot|beta|in the (?:first|test)|trial|"
    r"paying|online)\b",
    re.I,
)
_OWN = re.compile(
    r"\b(?:own\w*|have|has|['’]ve|got|bought|purchased|already|existing|sitting|idle|in our|"
    r"our own|paid for|our|in the (?:basement|rack|lab|data ?cent(?:er|re))|with)\b",
    re.I,
)
_NOT_OWN = re.compile(
    r"\b(?:rent\w*|leas\w+|buy(?:ing)?|order(?:ed|ing)?|would|could|might|need\w*|price|costs?|"
    r"cheaper|plan\w*|consider\w*|thinking|get (?:a|some|us)|want\w*|if we|should|borrow\w*|"
    r"cloud|quote[ds]?|per hour|an hour|benchmark\w*|instead|require[sd]?|enough|fits?|promis\w+|propos\w+|"
    r"recommend\w*|suggest\w*|offer\w*|used to|sold|no)\b",
    re.I,
)


_USED_BY = re.compile(
    r"\bused by(?: about| around| some| our| all)*\s?$|\busers? (?:are|is)(?: our| about)*\s?$|\bonly our\s?$", re.I
)
_USING = re.compile(
    r"^\s?(?:in \w+ |of (?:them|whom) )?(?:\w+ ){0,2}?(?:who |that |will |would |to |are |is |currently |have |"
    r"all )*(?:us(?:e|es|ed|ing)|"
    r"log(?:ged)? in|have access|talk(?:s|ing)? (?:to|with) (?:it|the)|rel(?:y|ies) on it|would ask|ask (?:it|"
    r"the)|open it)\b",
    re.I,
)
_THEY_WANT = re.compile(
    r"\s?[.,;]?\s?(?:they|who|and (?:they )?)\s?(?:all |also |would |will )*"
    r"(?:want|wish|need|like|have|ask|search|use)s?\b",
    re.IGNORECASE,
)
_MADE_FOR = re.compile(
    r"\b(?:(?:chat)?bots?|assistants?|tools?|apps?|copilots?|help[ -]?desks?|portals?|search|systems?|services?)"
    r" for (?:(?:our|the|all|some|about|around|roughly) )*$",
    re.IGNORECASE,
)
_MADE_OF_THEM = re.compile(r"^\s?(?:are )?(?:call|write|hired|join|leave)\b", re.I)
_ANYBODY = frozenset(
    {"people", "persons", "folks", "guys", "heads", "employees", "staff", "colleagues", "seats", "workers"}
)
_OWN_BEHIND = re.compile(
    r"\b(?:own\w*|already|paid|idle|sitting|in (?:our|the|a|my)|rack|bought|we have|we['’]ve|arrived|in place)\b", re.I
)
_NOT_OWN_BEHIND = re.compile(
    r"\b(?:rent\w*|leas\w+|an hour|per hour|in the cloud|on order|would|could|might|for a (?:week|month)|instances?)\b",
    re.I,
)


def platform_engineers(scene: Scene) -> FactCandidate | None:
    """Read "two SREs", "four engineers can look after the servers", "a platform team of six"."""
    quantity = scene.quantity
    around = f"{scene.left[-60:]} {quantity.quote} {scene.right[:60]}"
    if (
        quantity.kind not in ("count", "share")
        or quantity.per is not None
        or quantity.negated
        or _NOT_AVAILABLE.search(around)
    ):
        return None
    if upper(quantity.value) > 500 or lower(quantity.value) <= 0 or _busy_elsewhere(scene):
        return None
    crew = re.search(r"\b(?:crew|staff|team|group|squad) of(?: about| around)?\s?$", scene.left, re.I)
    if (
        quantity.kind == "count"
        and crew
        and not _OPERATE.search(scene.left[-40:])
        and quantity.unit in ("", "people", "engineers", "items", "other")
    ):
        runs = _RUNS.match(scene.right)
        return scene.propose("platform_engineers", quantity.value, 0.88) if runs else None
    team = re.search(
        r"\b(?:platform|infra\w*|mlops|ml ops|devops|sre|ops)[\s-]?(?:engineering )?team "
        r"(?:of|has|with|is|counts|consists of)(?: about| around)?\s?$",
        scene.left,
        re.I,
    )
    if (
        quantity.kind == "count"
        and team
        and quantity.unit in ("", "people", "engineers", "users", "customers", "items", "other")
    ):
        return scene.propose("platform_engineers", quantity.value, 0.93)
    strength = re.match(
        r"[\s-]?(?:person|people|man|strong)[\s-](?:platform|infra\w*|mlops|devops|sre|ops)\b", scene.right, re.I
    )
    if quantity.kind == "count" and strength:
        return scene.propose("platform_engineers", quantity.value, 0.9)
    if quantity.kind == "share":
        person = re.match(r"\s?(?:of )?(?:an? |one )?(?:fte|person|engineer|sre|position)\b", scene.right, re.I)
        return scene.propose("platform_engineers", quantity.value, 0.85) if person and _OPERATE.search(around) else None
    if quantity.unit not in ("engineers", "people") or quantity.kind != "count":
        return None
    if re.match(r"[\s,]{1,2}(?:and )?(?:no,? )?none of (?:them|whom)", scene.right, re.I):
        return None
    if _RUNS.match(scene.right) and quantity.unit in ("people", "engineers"):
        return scene.propose("platform_engineers", quantity.value, 0.9)
    named = _OPERATORS.search(f"{quantity.quote}{scene.right[:18]}")
    if (
        quantity.unit == "people"
        and not (quantity.head.lower() in ("people", "persons", "folks", "guys", "admins") and _OPERATE.search(around))
        and not named
    ):
        return None
    if not named and not _OPERATE.search(around):
        return None
    return scene.propose("platform_engineers", quantity.value, 0.92 if named else 0.85)


_RUNS = re.compile(
    r"^\s?(?:who |that |people |engineers |already |is |are )*(?:run(?:s|ning)? (?:them|it|that|the|our|those)|"
    r"operat\w+ (?:them|it|that|the|our)|"
    r"keeps? (?:them|it)|looks? after|on call|manages? (?:them|it|the))\b",
    re.I,
)


def _busy_elsewhere(scene: Scene) -> bool:
    """Whether they run something without models and nobody says that they have time: "six people run our cluster"."""
    return bool(_RUNS_OTHER.match(scene.right)) and not _FOR_MODELS.search(scene.sentence.text)


_RUNS_OTHER = re.compile(
    r"^\s?(?:who |that |already |currently |now )*"
    r"(?:runs?|operates?|manages?|administers?|keeps?|maintains?|looks? after)\s"
    r"(?:our |the |a |an |this |its |all )*(?:[\w-]+ ){0,2}?(?:clusters?|kubernetes|k8s|slurm|data ?cent(?:er|re)s?|"
    r"network|helpdesk|platform|infra\w*|systems?)\b(?! of)",
    re.I,
)
_FOR_MODELS = re.compile(
    r"\b(?:gpus?|models?|llms?|inference|accelerators?|[abhlv]\d{1,3}0s?|free|spare|available|time for|could|can|would|"
    r"lend|lent|half of|them)\b",
    re.I,
)


def monthly_users(scene: Scene) -> FactCandidate | None:
    """Read "2 million monthly active users", "300 employees will use it"; daily and concurrent users are others."""
    quantity = scene.quantity
    if quantity.kind != "count" or quantity.negated or lower(quantity.value) < 2 or quantity.per not in (None, "month"):
        return None
    around = f"{scene.left[-50:]} {quantity.quote} {scene.right[:60]}"
    if _NOT_MONTHLY.search(around) or re.search(r"\b(?:per|each|every|for each)\s?$", scene.left, re.I):
        return None
    if quantity.unit not in ("users", "people", "customers", "engineers"):
        return _active(scene)
    monthly = (quantity.per == "month" and not re.search(r"\b(?:last|next) month", quantity.quote, re.I)) or re.search(
        r"\bmaus?\b", quantity.quote, re.I
    )
    if quantity.unit == "users" and monthly:
        return scene.propose("monthly_users", quantity.value, 0.97)
    if monthly and not _MADE_OF_THEM.match(scene.right):
        return scene.propose("monthly_users", quantity.value, 0.92)
    if re.match(r"\s?(?:from now|or so each)\b", scene.right):
        return None
    if quantity.unit == "users":
        return scene.propose("monthly_users", quantity.value, 0.85, "taken as monthly active users")
    if quantity.unit == "people" and _THEY_WANT.match(scene.text[quantity.end :]):
        return scene.propose("monthly_users", quantity.value, 0.93, "people who use it, taken as monthly active users")
    if _USED_BY.search(scene.left) or _USING.match(scene.right) or _is_audience(scene):
        note = "people who use it, taken as monthly active users"
        return scene.propose("monthly_users", quantity.value, 0.93 if _MADE_FOR.search(scene.left) else 0.85, note)
    return None


def _active(scene: Scene) -> FactCandidate | None:
    """Read "6 lakh active per month", "26k of them a month", "users (3,100 a month)" where no noun is counted."""
    quantity = scene.quantity
    if quantity.unit not in ("", "items", "other", "requests"):
        return None
    active = re.search(r"\bactives?\b", f"{quantity.quote} {scene.right[:16]}", re.I)
    them = quantity.unit == "" and re.match(r"\s?of them\b", scene.right, re.I)
    of_them = them and (
        re.match(r"\s?of them\s(?:a|per|each|every)\smonth", scene.right, re.I)
        or _USING.match(scene.right[8:])
        or re.match(r"\s?of them would", scene.right, re.I)
    )
    labelled = re.search(
        r"\b(?:users?|actives?|active in a month)\s?(?:[:=(]|is|are)\s?(?:about\s)?$", scene.left, re.I
    )
    named = quantity.unit == "" and labelled and quantity.per in (None, "month")
    if not (active or of_them or named) or re.search(r"\b(?:daily|weekly|registered)\b", scene.right[:20], re.I):
        return None
    return scene.propose("monthly_users", quantity.value, 0.93)


def _is_audience(scene: Scene) -> bool:
    """Whether the people counted are those the product is for: "for ~250 designers", or a sentence of its own."""
    quantity = scene.quantity
    if quantity.unit != "people":
        return False
    if quantity.head.lower() in _ANYBODY:
        return _MADE_FOR.search(scene.left) is not None
    if re.search(r"\b(?:licen[cs]es?|seats?|subscriptions?|contracts?|laptops?) for\s?$", scene.left, re.I):
        return False
    alone = not scene.before.strip() and not scene.text[quantity.end : scene.sentence.end].strip()
    served = re.search(
        r"\b(?:for|assistant to|serves?|serving|helps?|helping)\s(?:our |the |all |some |about |~\s?)*$",
        scene.left,
        re.I,
    )
    return alone or bool(served)


def monthly_active(scene: Scene) -> FactCandidate | None:
    """Read "MAU is 2 million", "monthly active users: 40k"."""
    quantity = scene.quantity
    named = re.search(
        r"\b(?:maus?|monthly active users|active users (?:per|a) month|monthly users)\b[\s\w:=~]{0,14}$",
        scene.left,
        re.I,
    )
    if quantity.kind != "count" or quantity.unit or not named:
        return None
    return scene.propose("monthly_users", quantity.value, 0.95)


def owned_gpus(scene: Scene) -> FactCandidate | None:
    """Read "we own 4 x H100" as the text '4 x H100'; what is rented, planned or only named is not owned."""
    quantity = scene.quantity
    if quantity.kind != "accelerators" or quantity.negated:
        return None
    lead, behind = scene.before[-70:], scene.text[quantity.end : max(quantity.end, scene.sentence.end)][:60]
    if _NOT_OWN.search(lead[-45:]) or _NOT_OWN_BEHIND.search(behind[:40]):
        return None
    sure = _OWN.search(lead) or _OWN_BEHIND.search(behind)
    return scene.propose("owned_gpus", f"{lower(quantity.value):.0f} x {quantity.head}", 0.93 if sure else 0.8)
