"""Laws of reading: every quote stands in the message, offsets are exact, and no text makes it fail."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.reading.asks import questions
from agent.reading.examples import load_bank
from agent.reading.intents import plain_intent
from agent.reading.language import is_english
from agent.reading.pipeline import Reader
from agent.reading.reading import INTENTS
from tools.facts import check_value, fact_dictionary, spec_of

KEYS = sorted(fact_dictionary())
PHRASES = load_bank().phrases()
PIECES = st.one_of(
    st.sampled_from(PHRASES),
    st.sampled_from(["40k a day", "350 tokens", "$5,000", "no,", "what if", "sorry,", "?", "; ", "€1.2k", "99.9%"]),
    st.text(max_size=12),
)
MESSAGES = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=6).map(" ".join))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=MESSAGES, asked=st.none() | st.sampled_from(KEYS))
def test_every_quote_is_in_the_message_and_every_value_fits(reader: Reader, text: str, asked: str | None) -> None:
    reading = reader.read(text, asked)
    assert reading.intent in INTENTS
    assert len({fact.key for fact in reading.facts}) == len(reading.facts)
    for fact in reading.facts:
        assert fact.quote
        assert fact.quote in text
        assert check_value(spec_of(fact.key), fact.value) == fact.value
    assert all(rejected.reason for rejected in reading.rejected)
    assert (reading.command is not None) == (reading.intent == "command")


@given(text=MESSAGES)
def test_rules_never_fail(text: str) -> None:
    plain_intent(text)
    is_english(text)
    for word in questions(text).split():
        assert word in text


@settings(deadline=1000)
@given(text=st.text(alphabet="what if you go back no, ? ", min_size=200, max_size=600))
def test_rules_stay_fast_on_long_repetitions(text: str) -> None:
    plain_intent(text)
    questions(text)


ODD = st.sampled_from(
    [
        "40\u00a0000\u202ftickets a day", "“nothing may leave”", "we’re a bank", "cafe\u0301 re\u0301sume\u0301s", "🚀",
        "👩\u200d💻", "٥٠٠ a day", "５００ requests per day", "ﬁnance ﬁles",
        "עברית", "العربية", "\u202e350 tokens\u202c",
        "\ufeff", "\u200b40k\u200b", "İstanbul", "ẞ", "½ page", "10⁶ a day", "²", "Ⅳ", "①", "－5", "…", "—", "\x00",
        "\ud800", "\r\n", "\t", "$５,０００", "99.9％", "€2\u00a0million a year", "twice\u00a0a minute", "𝟒𝟎𝐤 a day",
        "ǅ", "Yes\u2019",
    ]
)  # fmt: skip
ODD_MESSAGES = st.lists(st.one_of(ODD, PIECES, st.text(max_size=8)), max_size=7).flatmap(
    lambda parts: st.sampled_from(["", " ", "\u00a0", ", "]).map(lambda joint: joint.join(parts))
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=ODD_MESSAGES, asked=st.none() | st.sampled_from(KEYS))
def test_quotes_are_the_messages_own_characters_whatever_they_are(reader: Reader, text: str, asked: str | None) -> None:
    reading = reader.read(text, asked, known={"requests_per_day": 40000.0}, previous="requests_per_day")
    for fact in (*reading.facts, *reading.foreign, *reading.supposed):
        assert fact.quote.strip()
        assert fact.quote in text
    for word in reading.question.split():
        assert word in text
