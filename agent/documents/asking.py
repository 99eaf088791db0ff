"""Says which offers of documents are still open in a conversation, and puts them in words. It reads no file."""

from collections.abc import Sequence

from agent.documents.offer import Offer
from agent.speak import Voice
from agent.state import Doubt, Interview, current_workload, entry_value, known_entries
from agent.wording import fact_words
from tools.facts import FactValue, check_value, spec_of


def open_offers(state: Interview, offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers that nobody has answered and that say something new about the current workload."""
    settled = set(state.get("offered", ()))
    return [offer for offer in offers if offer_key(state, offer) not in settled and _is_new(state, offer)]


def offer_key(state: Interview, offer: Offer) -> str:
    """Name an offer in the state: what concerns a workload is offered for each of them."""
    return offer.id if spec_of(offer.fact).scope == "organization" else f"{state['current']}:{offer.id}"


def offer_doubt(state: Interview, offer: Offer) -> Doubt:
    """Return the offer as what waits for the user's word."""
    return {
        "workload": current_workload(state)["name"],
        "fact": offer.fact,
        "value": offer.value,
        "quote": offer.quote,
        "place": offer.place,
        "offer": offer_key(state, offer),
    }


def offer_text(state: Interview, voice: Voice) -> str:
    """Ask whether the first doubt, which is an offer, shall be noted."""
    doubt = state["doubts"][0]
    key, quote, place = doubt["fact"], doubt["quote"], doubt["place"]
    new, old = fact_words(key, _value(key, doubt["value"])), known_entries(state).get(key)
    if old is None:
        return voice.line("offer", place=place, quote=quote, new=new)
    return voice.line("offer_instead", place=place, quote=quote, new=new, old=fact_words(key, entry_value(key, old)))


def still_offered(doubts: Sequence[Doubt], offers: Sequence[Offer]) -> list[Doubt]:
    """Leave out the doubts that a removed document caused."""
    there = {offer.id for offer in offers}
    return [doubt for doubt in doubts if "offer" not in doubt or doubt["offer"].rpartition(":")[2] in there]


def quoted(place: str, quote: str) -> str:
    """Return the words behind a fact that a document states, with their place."""
    return f"{place}: {quote}"


def _is_new(state: Interview, offer: Offer) -> bool:
    entry = known_entries(state).get(offer.fact)
    if entry is None:
        return True
    known, value = entry_value(offer.fact, entry), _value(offer.fact, offer.value)
    if isinstance(known, tuple) and isinstance(value, tuple):
        return not set(value) <= set(known)
    return known != value


def _value(key: str, plain: object) -> FactValue:
    return check_value(spec_of(key), plain)
