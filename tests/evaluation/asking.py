"""Measures how few questions lead to the verdict of full information: python -m tests.evaluation.asking [-n 200].

People of many kinds are made up (asking_archetypes.yaml) and interviewed on the engine alone: as the product asks,
in the order of the dictionary, and in a random order. Nothing is read or worded, so this is about what is asked.
"""

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence

from tests.evaluation.asking_people import Person, make_people
from tests.evaluation.asking_play import Played, Policy, by_probability, file_order, play, random_order
from tests.evaluation.tables import Table, share
from tools.assumptions import assumption
from tools.facts import fact_dictionary

SEED = 1
OURS = "as the product asks"


def interviews(people: Sequence[Person], policy: Policy, most: int, *, progress: str = "") -> list[Played]:
    """Interview everybody with at most so many questions each."""
    played = []
    for number, person in enumerate(people, start=1):
        played.append(play(person, policy, most))
        if progress and number % 20 == 0:
            print(f"  {progress}: {number} of {len(people)}", file=sys.stderr, flush=True)
    return played


def policy_table(results: Mapping[str, Sequence[Played]]) -> Table:
    """Return one row per way of asking."""
    columns = (
        "way of asking", "people", "right", "right or defensible", "asked median", "p90", "max",
        "until right median", "p90 ", "share of questionnaire",
    )  # fmt: skip
    return Table("Questions until the verdict of full information", columns, [_row(*item) for item in results.items()])


def _row(name: str, played: Sequence[Played]) -> tuple[str, ...]:
    asked = [len(one.questions) for one in played]
    until = [one.until_right for one in played if one.until_right is not None]
    whole = [len(fact_dictionary()) - len(one.person.opening) for one in played]
    parts = [count / all_of_it for count, all_of_it in zip(asked, whole, strict=True)]
    return (
        name,
        str(len(played)),
        share(sum(one.right for one in played), len(played)),
        share(sum(one.right or one.defensible for one in played), len(played)),
        *_spread(asked),
        str(max(asked)),
        *_spread(until),
        f"{statistics.median(parts):.2f}",
    )


def _spread(counts: Sequence[int]) -> tuple[str, str]:
    """Return the median and what nine in ten stay within."""
    return f"{statistics.median(counts):g}", str(sorted(counts)[int(0.9 * (len(counts) - 1))])


def kind_table(played: Sequence[Played]) -> Table:
    """Return one row per kind of organisation."""
    rows = []
    for kind in dict.fromkeys(one.person.kind for one in played):
        here = [one for one in played if one.person.kind == kind]
        rows.append(_row(kind, here))
    return Table("As the product asks, by kind of organisation", policy_table({"": played}).columns, rows)


def wrong_lines(played: Sequence[Played]) -> list[str]:
    """Say which interviews ended with another verdict, and what was not asked."""
    lines = []
    for one in played:
        if not one.right:
            heard = {key for keys in one.questions for key in keys} | set(one.person.opening)
            missed = {key: fact.value for key, fact in one.person.facts.items() if key not in heard}
            known = {key: fact.value for key, fact in one.person.facts.items() if key in heard}
            asked = ", ".join("+".join(keys) for keys in one.questions)
            grade = "defensible" if one.defensible else "WRONG"
            lines.append(f"{grade}: {one.person.name}: {one.deployment}, not {one.wanted}; asked {asked}")
            lines.append(f"  {known}; never heard: {missed}")
    return lines


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", "--people", type=int, default=200, help="how many people are interviewed")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed makes other people")
    parser.add_argument("--only", action="store_true", help="leave out the orders it is compared with")
    parser.add_argument("--wrong", action="store_true", help="also print every interview with another verdict")
    chosen = parser.parse_args(arguments)
    people = make_people(chosen.people, chosen.seed)
    most, everything = int(assumption("most_questions").number), len(fact_dictionary())
    ways: dict[str, tuple[Policy, int]] = {OURS: (by_probability, most)}
    if not chosen.only:
        ways |= {"file order": (file_order(), everything), "random order": (random_order(chosen.seed), everything)}
    results = {name: interviews(people, *way, progress=name) for name, way in ways.items()}
    ours = results[OURS]
    print(policy_table(results).text(), "\n\n", kind_table(ours).text(), sep="")
    if chosen.wrong:
        print("", *wrong_lines(ours), sep="\n")


if __name__ == "__main__":
    main()
