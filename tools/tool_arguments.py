"""The arguments of the deterministic tools, with units, as pydantic models. It computes nothing."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]


class Arguments(BaseModel):
    """What every tool's arguments share: unknown keys and wrong types are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, protected_namespaces=())


class ApiCostArguments(Arguments):
    """Arguments of api_cost."""

    model: str = Field(description="model, with or without provider: 'gpt-6-luna', 'anthropic/claude-opus-5-5'")
    input_tokens: Amount = Field(description="input tokens per request, cached ones included")
    output_tokens: Amount = Field(default=0, description="output tokens per request")
    cache_read_tokens: Amount = Field(default=0, description="input tokens per request read from the cache")
    cache_write_tokens: Amount = Field(
        default=0, description="input tokens per request written to the cache for its shortest lifetime (5 minutes)"
    )
    cache_write_1h_tokens: Amount = Field(
        default=0, description="input tokens per request written to the cache for an hour"
    )
    requests: Amount = Field(
        default=1, description="number of such requests; all tokens above are of one request, tiers are judged by it"
    )
    batch: bool = Field(default=False, description="at the batch price; the same as processing: batch")
    processing: Literal["standard", "batch", "flex", "priority", "fast"] = Field(
        default="standard", description="how requests are processed; an error where no such price is listed"
    )
    hour_utc: int = Field(
        default=12, ge=0, le=23, description="hour of the day (UTC), for prices that change with it (DeepSeek)"
    )
    on: str | None = Field(default=None, description="date of the prices, YYYY-MM-DD; today when left out")


class KvCacheArguments(Arguments):
    """Arguments of kv_cache: an architecture, or a model."""

    tokens: Amount = Field(description="tokens of context")
    model: str | None = Field(default=None, description="open-weight model; instead of the three below")
    layers: Count | None = Field(default=None, description="layers whose cache grows")
    kv_heads: Count | None = Field(default=None, description="key-value heads per layer")
    head_dim: Count | None = Field(default=None, description="values per head")
    bytes_per_value: Positive = Field(default=2, description="bytes per value: 2 for bf16, 1 for fp8")


class ServingMemoryArguments(Arguments):
    """Arguments of serving_memory: a model, or a number of parameters."""

    model: str | None = Field(default=None, description="open-weight model")
    parameters_b: Positive | None = Field(default=None, description="billions of parameters, instead of model")
    bits_per_weight: Positive = Field(description="bits per weight: 16 for bf16, 8 for fp8, about 4.25 for int4")
    tokens: Amount = Field(description="tokens of context per request")
    concurrency: Amount = Field(default=1, description="requests at once")


class ThroughputArguments(Arguments):
    """Arguments of throughput."""

    model: str = Field(description="open-weight model")
    gpu: str = Field(description="accelerator: 'H100', 'A100 80GB', 'RTX 4090'")
    count: Count = Field(default=1, description="accelerators that share one copy of the model")
    precision: str = Field(default="bf16", description="bf16, fp8, fp4, mxfp4, int8, int4, awq, gptq, q4_k_m, q8_0")
    input_len: Amount = Field(description="input tokens per request")
    output_len: Positive = Field(description="output tokens per request")
    concurrency: Positive = Field(default=1, description="requests at once")


class BreakEvenArguments(Arguments):
    """Arguments of break_even."""

    api_usd_per_million: Amount = Field(description="blended API price, USD per million tokens")
    fixed_usd_per_month: Amount = Field(description="fixed cost of own servers and people, USD per month")
    marginal_usd_per_million: Amount = Field(default=0, description="further cost, USD per million tokens")
    capacity_tokens_per_month: Amount | None = Field(default=None, description="most tokens per month")


class AvailabilityArguments(Arguments):
    """Arguments of availability."""

    uptimes: list[Share] = Field(min_length=1, description="share of time each part is up, 0 to 1")
    any_of: bool = Field(default=False, description="true: one part is enough; false: all are needed")


class LicenseArguments(BaseModel):
    """Arguments of license: a model, and any facts of the dictionary under their keys."""

    model_config = ConfigDict(extra="allow", strict=True, protected_namespaces=())

    model: str = Field(description="model, family or licence: 'Llama 3.3 70B', 'Qwen2.5-72B', 'apache-2.0'")
    monthly_users: Any = Field(default=None, description="monthly active users with affiliates, or [low, high]")
    annual_revenue: Any = Field(default=None, description="USD per year with affiliates, or [low, high]")
    company_region: Any = Field(default=None, description="us, eu, uk, china or other")
    user_regions: Any = Field(default=None, description="list of us, eu, uk, china, other")
    ships_weights: Any = Field(default=None, description="true when the model is delivered to others")
    trains_on_outputs: Any = Field(default=None, description="true when answers train another model")
    sector: Any = Field(default=None, description="sector of the organization, for fields of use")
    regulations: Any = Field(default=None, description="list of regulations, for fields of use")
    data_class: Any = Field(default=None, description="list of kinds of data; classified suggests a military field")
    customization: Any = Field(default=None, description="prompting, light_tuning or deep_tuning")
