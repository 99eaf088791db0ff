"""The parts of the evaluation: what each runs and the tables it returns. It parses no command line."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.evaluation import interviews, reading
from tests.evaluation.cases import load_set
from tests.evaluation.readers import installed_models, label_of, loaded, read_settings, ready_adviser, ready_reader
from tests.evaluation.score import Score
from tests.evaluation.tables import Table
from tests.evaluation.users import load_users
from tools.assumptions import assumption
from tools.facts import fact_dictionary
from ui.settings import NO_MODEL, Settings

# How many are interviewed where no limit is given; some minutes.
ORGANISATIONS = 200


@dataclass(frozen=True, slots=True)
class Wishes:
    """What to measure: models by name or path, sets by name, at most so many messages, users or organisations."""

    models: Sequence[str] = ()
    sets: Sequence[str] = ()
    limit: int | None = None
    details: bool = False
    recognisers_only: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """What a part found: tables for people, plain data for programs, lines on what went wrong."""

    tables: Sequence[Table]
    plain: Any
    lines: Sequence[str] = ()


def run_reading(wishes: Wishes) -> Result:
    """Read every set with every model: without any and with all that are installed, where none are named."""
    settings = read_settings()
    scores: dict[tuple[str, str], Score] = {}
    for model in wishes.models or [NO_MODEL, *installed_models(settings)]:
        scores |= _read_with(settings, model, wishes)
    tables = [reading.summary_table(scores), reading.stage_table(scores)]
    for (label, name), score in scores.items():
        tables += [reading.fact_table(f"{label}, {name}", score), reading.intent_table(f"{label}, {name}", score)]
    plain = {f"{label}/{name}": score.to_json() for (label, name), score in scores.items()}
    lines = [f"{label}/{name} {error}" for (label, name), score in scores.items() for error in score.errors]
    return Result(tables, plain, lines)


def _read_with(settings: Settings, model: str, wishes: Wishes) -> dict[tuple[str, str], Score]:
    label, scores = label_of(model), {}
    with loaded(settings, model) as chat:
        reader = ready_reader(settings, chat, recognisers_only=wishes.recognisers_only)
        for name in wishes.sets:
            print(f"reading {name}, {label}", file=sys.stderr, flush=True)
            cases = load_set(name)[: wishes.limit]
            scores[label, name] = reading.evaluate(reader, cases, progress=chat is not None)
    return scores


def run_interviews(wishes: Wishes) -> Result:
    """Let the scripted users be interviewed with every named model, with the default one where none is named."""
    settings = read_settings()
    users = load_users()[: wishes.limit]
    runs: dict[str, list[interviews.Judged]] = {}
    for model in wishes.models or (installed_models(settings) or [NO_MODEL])[:1]:
        label = label_of(model)
        print(f"interviews, {label}", file=sys.stderr, flush=True)
        with loaded(settings, model) as chat, ready_adviser(settings, chat) as adviser:
            runs[label] = interviews.run_interviews(adviser, users, settings.today(), label)
    tables = [interviews.interviews_table(runs)]
    tables += [interviews.interview_table(label, judged) for label, judged in runs.items()]
    plain = {label: [one.to_json() for one in judged] for label, judged in runs.items()}
    lines = [f"{label}/{line}" for label, judged in runs.items() for line in interviews.detail_lines(judged)]
    return Result(tables, plain, lines)


def run_asking(wishes: Wishes) -> Result:
    """Compare the order of the questions with others, on generated organisations; no language model is involved."""
    from tests.evaluation import asking
    from tests.evaluation.asking_people import make_people
    from tests.evaluation.asking_play import Policy, by_probability, file_order, random_order

    people = make_people(wishes.limit or ORGANISATIONS, asking.SEED)
    everything = len(fact_dictionary())
    ways: dict[str, tuple[Policy, int]] = {
        asking.OURS: (by_probability, int(assumption("most_questions").number)),
        "file order": (file_order(), everything),
        "random order": (random_order(asking.SEED), everything),
    }
    played = {name: asking.interviews(people, *way, progress=name) for name, way in ways.items()}
    ours = played[asking.OURS]
    tables = [asking.policy_table(played), asking.kind_table(ours)]
    plain = [{"title": table.title, "columns": table.columns, "rows": table.rows} for table in tables]
    return Result(tables, plain, asking.wrong_lines(ours))


def run_knowledge(wishes: Wishes) -> Result:
    """Ask the guidance every question of every set, beside a plain vector search and plain BM25."""
    from knowledge.embedder import Embedder
    from tests.evaluation import knowledge

    embedder = Embedder()
    sets = {name: knowledge.load_questions(name) for name in knowledge.SETS}
    with knowledge.searches(embedder) as ways:
        found = {
            (name, way): knowledge.measure(search, cases, wishes.limit)
            for name, cases in sets.items()
            for way, search in ways.items()
        }
        kept = {
            name: knowledge.faithfulness(ways[knowledge.OURS], embedder, cases, wishes.limit)
            for name, cases in sets.items()
        }
    tables = [knowledge.retrieval_table(found), knowledge.answers_table(kept)]
    plain = [{"title": table.title, "columns": table.columns, "rows": table.rows} for table in tables]
    return Result(tables, plain)
