"""Which messages are taken for English, and what is read of others."""

import pytest

from agent.reading.language import is_english
from agent.reading.pipeline import Reader

ENGLISH = """
ok
Yes, Acme GmbH
El Paso, Texas
La Crosse, Wisconsin
AWS us-east-1
we sell to Los Angeles and Las Vegas
tickets per day 40k
pls add DPA + GDPR
gr8 thx
Volkswagen, Wolfsburg, Germany
no no no
SELECT * FROM t
a la carte
die hard fan
Das Auto
so so
in de minimis cases
Rio de Janeiro office
e.g. El Al
UN, IMF, World Bank
requsts comming in
o1 or o3
Munich Re, am Main office
Casa de Cambio Las Americas
We get 40k tickets am Tag, GDPR gilt, nothing may leave
""".strip().split("\n")
OTHER = """
Wir bekommen 40.000 Tickets am Tag
Die Daten dürfen nicht raus
DIE DATEN DÜRFEN NICHT RAUS
Warum fragst du?
Ungefähr fünfhundert Tickets täglich, je 350 Tokens
Nous recevons environ 500 demandes par jour
C'est quoi un token ?
Los datos no pueden salir de la empresa
数据不能离开公司
Мы получаем 500 заявок в день
Riceviamo circa 300 email al giorno
We krijgen ongeveer 300 mails per dag
حوالي ٥٠٠ طلب في اليوم
""".strip().split("\n")


@pytest.mark.parametrize("text", ENGLISH)
def test_english(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize("text", OTHER)
def test_other_languages(text: str) -> None:
    assert not is_english(text)


@pytest.mark.parametrize(
    ("text", "asked", "value"),
    [
        ("ja", "air_gapped", True),
        ("nein", "air_gapped", False),
        ("oui", "air_gapped", True),
        ("500 pro Tag", "requests_per_day", 500.0),
        ("España", "company_region", "eu"),
    ],
)
def test_short_answers_in_other_languages(reader: Reader, text: str, asked: str, value: object) -> None:
    assert {fact.key: fact.value for fact in reader.read(text, asked).facts} == {asked: value}


@pytest.mark.parametrize("text", ["Keine Ahnung", "Je ne sais pas", "no lo sé"])
def test_not_knowing_in_other_languages_is_a_skip(reader: Reader, text: str) -> None:
    assert reader.read(text, "requests_per_day").skips


def test_a_non_profit_is_no_no(reader: Reader) -> None:
    assert "air_gapped" not in {fact.key for fact in reader.read("non-profit, Chicago", "air_gapped").facts}
