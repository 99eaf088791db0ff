"""Open-weight checkpoints: licence, size, architecture, capability class. It knows no price or hardware."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import ClassVar, Literal

from pydantic import ConfigDict

from tools.catalogue.names import NameIndex
from tools.catalogue.records import STRICT_KEYS, Confidence, by_id, load_records

FILE = "open_models.yaml"
Tier = Literal["routine", "moderate", "frontier"]
TIERS: tuple[Tier, ...] = ("routine", "moderate", "frontier")
Use = Literal["general", "code", "embedding"]
Attention = Literal["grouped", "latent", "compressed"]
_CODE_TASKS = frozenset({"code_assistance", "agent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenModel:
    """One checkpoint; None is unknown, never zero.

    What its cache is made of: `full_attention_layers` grow with every token, `window_layers` up to
    `sliding_window`, `compressed_layers` ({tokens per entry: layers}) by one entry now and then, and linear
    attention or Mamba holds `state_bytes_per_request` whatever the length.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT_KEYS

    id: str
    aliases: tuple[str, ...] = ()
    family: str
    lineage: str
    license_id: str | None = None
    also_license_ids: tuple[str, ...] = ()
    licensor_country: str
    released: str
    modality: str
    use: Use = "general"
    openness: Literal["open_source"] | None = None
    candidate: bool
    tier: Tier
    tier_basis: str
    kind: Literal["dense", "moe", "unknown"]
    params_total_b: float | None = None
    params_active_b: float | None = None
    layers: int | None = None
    hidden: int | None = None
    vocab: int | None = None
    tied_embeddings: bool = False
    attn_heads: int | None = None
    attention: Attention = "grouped"
    kv_heads: int | None = None
    head_dim: int | None = None
    value_head_dim: int | None = None
    shared_key_value: bool = False
    kv_lora_rank: int | None = None
    rope_head_dim: int | None = None
    full_attention_layers: int | None = None
    window_layers: int = 0
    sliding_window: int | None = None
    window_kv_heads: int | None = None
    window_head_dim: int | None = None
    compressed_layers: Mapping[int, int] = field(default_factory=dict, hash=False)
    state_bytes_per_request: float = 0.0
    experts: int | None = None
    experts_per_token: int | None = None
    max_context: int | None = None
    kv_bytes_per_token_bf16: float | None = None
    native_precision: str
    note: str = ""
    source: str
    checked: date
    confidence: Confidence

    @property
    def name(self) -> str:
        """The name without its publisher."""
        return self.id.rsplit("/", 1)[-1]

    @property
    def multimodal(self) -> bool:
        """Whether the checkpoint takes more than text (some licences treat these differently)."""
        return self.modality != "text"

    @property
    def chinese(self) -> bool:
        """Whether the licensor is a Chinese lab, for organizations with a policy on that."""
        return self.licensor_country == "CN"

    def suits(self, task: str) -> bool:
        """Say whether the checkpoint is made for a task of the fact dictionary."""
        if task == "embedding" or self.use == "embedding":
            return task == "embedding" and self.use == "embedding"
        return self.use == "general" or task in _CODE_TASKS

    @property
    def architecture(self) -> tuple[object, ...]:
        """What speed and memory depend on: checkpoints that agree in it are measured as one."""
        attention = (self.attention, self.attn_heads, self.kv_heads, self.head_dim, self.kv_bytes_per_token_bf16)
        experts = (self.kind, self.experts, self.experts_per_token, self.params_total_b, self.params_active_b)
        return (self.layers, self.hidden, *attention, *experts)

    @property
    def values_per_token_full(self) -> int:
        """Cached values per token of one layer that sees the whole context."""
        if self.attention == "latent":
            return (self.kv_lora_rank or 0) + (self.rope_head_dim or 0)
        width = self.head_dim or 0
        if self.shared_key_value or self.attention == "compressed":
            return (self.kv_heads or 0) * width
        return (self.kv_heads or 0) * (width + (self.value_head_dim or width))

    @property
    def values_per_token_window(self) -> int:
        """Cached values per token of one layer with a sliding window."""
        if self.attention == "compressed":
            return self.values_per_token_full
        width = self.window_head_dim or self.head_dim or 0
        heads = self.window_kv_heads or self.kv_heads or 0
        return heads * (width + (self.value_head_dim or width))

    def embedding_b(self) -> float:
        """Return billions of parameters of one embedding table; zero where the vocabulary is not recorded."""
        return (self.vocab or 0) * (self.hidden or 0) / 1e9

    def expert_split_b(self) -> tuple[float, float]:
        """Return billions of parameters read for every token, and per single routed expert of all layers.

        From total = shared + experts × e and active = shared + experts_per_token × e.
        """
        total, active = self.params_total_b or 0.0, self.params_active_b or self.params_total_b or 0.0
        if self.kind != "moe" or not self.experts or not self.experts_per_token:
            return active, 0.0
        per_expert = (total - active) / (self.experts - self.experts_per_token)
        return max(active - self.experts_per_token * per_expert, 0.0), per_expert


@cache
def open_models() -> Mapping[str, OpenModel]:
    """Load all checkpoints, by id."""
    return by_id(FILE, load_records(FILE, "models", OpenModel))


@cache
def _index() -> NameIndex:
    return NameIndex("open model", {model.id: model.aliases for model in open_models().values()})


def find_open_model(name: str) -> OpenModel:
    """Return the checkpoint that a loose name means ('llama 3.3 70b'), or raise UnknownName."""
    return open_models()[_index().find(name)]


def open_models_like(name: str) -> tuple[OpenModel, ...]:
    """Return every checkpoint that a name may mean, none when it is unknown."""
    return tuple(open_models()[identity] for identity in _index().matches(name))
