"""Says how the vendors and models that a question names stand beside the verdict. It computes no figure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from agent.speak import Voice
from agent.wording import chance_words, deployment_words, money_words, usd_words
from tools.assessment import OptionResult, WorkloadAssessment

_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.]*(?:-[A-Za-z0-9.]+)*")
_PIECE = re.compile(r"[a-z]{2,}")
_OWN = re.compile(
    r"\b(?:self[- ]?host\w*|ourselves|own (?:servers?|hardware|gpus?|machines?)|on[- ]prem\w*|in[- ]house)\b",
    re.IGNORECASE,
)
_OTHER_NAMES = {"chatgpt": "gpt", "aws": "bedrock", "meta-llama": "llama", "oss": "gpt-oss", "hugging": "huggingface"}
# Pieces of names that name nothing alone.
_GENERAL = frozenset(
    re.findall(
        r"\w+",
        "ai cloud model models apis api factory token tuned fully foundation amazon instruct flash mini large small "
        "medium pro lite embed embedding text preview nano coder think micro own servers labs studio titan",
    )
)
# Names that are also common words count only where they are written as names.
_COMMON = frozenset(("together", "command", "nova", "seed", "muse", "wonder", "spark", "fable", "sol", "meta", "phi"))
_CHEAPEST = re.compile(r"\b(?:cheapest|least expensive|lowest cost)\b", re.IGNORECASE)
# How many of the named are spoken of.
SPOKEN_NAMES = 3
# Of what is named, the option that wins at least this often is spoken of; where none does, the cheapest.
_OFTEN = 0.05


def named_lines(question: str, workload: WorkloadAssessment, voice: Voice) -> list[str]:
    """Return a sentence for each vendor or model that the question names and the options hold."""
    own = _OWN.search(question) is not None
    found = _together(question, list(_named(question, workload.options)))[:SPOKEN_NAMES]
    return [_line(name, _at_home(options) if own else options, workload, voice) for name, options in found]


def cheapest_line(question: str, workload: WorkloadAssessment, voice: Voice) -> list[str]:
    """Return a sentence about the cheapest option that passes, where the question is about that."""
    passing = [option for option in workload.options if option.feasible and option.monthly_usd is not None]
    if not passing or not _CHEAPEST.search(question):
        return []
    return [_line("The cheapest", [min(passing, key=_expected)], workload, voice)]


def _together(question: str, found: list[tuple[str, list[OptionResult]]]) -> list[tuple[str, list[OptionResult]]]:
    """Take "Claude on Bedrock" for one thing where there is such an option."""
    if len(found) != 2:
        return found
    (one, options), (two, others) = found
    joined = re.search(
        rf"{re.escape(one)}\s(?:on|from|via|at|through|in|over|with)\s.{{0,12}}?{re.escape(two)}", question
    )
    both = [option for option in options if option in others]
    return [(f"{one} on {two}", both)] if joined and both else found


def _named(question: str, options: Sequence[OptionResult]) -> Iterator[tuple[str, list[OptionResult]]]:
    seen: set[str] = set()
    for word in _WORD.findall(question):
        name = _OTHER_NAMES.get(word.lower().strip("."), word.lower().strip("."))
        if name in seen or name in _GENERAL or (name in _COMMON and not word[0].isupper()):
            continue
        seen.add(name)
        matching = [option for option in options if name in _vendor_names(option) | _model_names(option)]
        matching = matching or [option for option in options if name in _vendor_by_names(option)]
        if matching:
            yield word.strip("."), matching


def _vendor_names(option: OptionResult) -> set[str]:
    return set(re.findall(r"[a-z.]+", option.provider.lower().partition("(")[0])) - _GENERAL


def _vendor_by_names(option: OptionResult) -> set[str]:
    """Return the by-names of a vendor: 'azure' in 'Microsoft Foundry (Azure OpenAI)'."""
    return set(re.findall(r"[a-z.]+", option.provider.lower().partition("(")[2])) - _GENERAL


def _model_names(option: OptionResult) -> set[str]:
    """Return what people call a model: 'gpt', 'luna' and 'gpt-6-luna', or 'mistral' for one of that family."""
    maker, _, model = option.model.lower().rpartition("/")
    if model.startswith("gpt-oss"):
        return {"gpt-oss", model}
    pieces = _PIECE.findall(model)
    # Of an open model the first piece names the family; what follows are sizes and dates.
    family = pieces[:2] if maker and pieces[:1] == [maker] else pieces[:1]
    return {model, *(family if maker else pieces)} - _GENERAL


def _at_home(options: list[OptionResult]) -> list[OptionResult]:
    """Keep own servers where the question is about them and there are any."""
    return [option for option in options if option.deployment == "self_hosted"] or options


def _line(name: str, options: list[OptionResult], workload: WorkloadAssessment, voice: Voice) -> str:
    verdict = workload.verdict
    passing = [option for option in options if option.feasible]
    passing = [option for option in passing if option.deployment != "hybrid"] or passing
    if not passing:
        rules = Counter(blocker.text for option in options for blocker in option.blockers)
        return voice.line("named_barred", name=name, count=str(len(options)), rule=rules.most_common(1)[0][0])
    place = (verdict.deployment, verdict.model, verdict.provider)
    if any((option.deployment, option.model, option.provider) == place for option in passing):
        return voice.line("named_verdict", name=name, model=verdict.model)
    often = [option for option in passing if option.share_of_draws >= _OFTEN]
    best = max(often, key=lambda option: option.share_of_draws) if often else min(passing, key=_expected)
    return voice.line(
        "named_passes",
        name=name,
        model=best.model,
        deployment=deployment_words(best.deployment),
        money=money_words(best.monthly_usd),
        difference=_difference(best, workload),
        share=chance_words(best.share_of_draws),
    )


def _expected(option: OptionResult) -> float:
    return option.monthly_usd.expected if option.monthly_usd else float("inf")


def _difference(option: OptionResult, workload: WorkloadAssessment) -> str:
    """Say how much more or less than the recommendation an option costs, ready to follow a sum."""
    chosen = workload.verdict.monthly_usd
    if chosen is None or option.monthly_usd is None:
        return ""
    more = option.monthly_usd.expected - chosen.expected
    if abs(more) < 1:
        return ", as much as the recommendation"
    return f", {usd_words(abs(more))} {'more' if more > 0 else 'less'} than the recommendation"
