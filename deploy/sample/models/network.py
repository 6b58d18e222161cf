"""A small Transformer in JAX, shaped as CTranslate2 runs it, and its training until it knows sentences by heart.

Vaswani et al., *Attention Is All You Need* (2017), with layer norms before each part and one table of embeddings for
source, target and output. Weights are kept as (output, input), CTranslate2's order, so that package.py only copies.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

Array = Any  # of numpy or JAX
Weights = dict[str, Any]
Pair = tuple[list[int], list[int]]  # pieces of a sentence and of its translation

LAYERS, WIDTH, HEADS, INNER = 2, 128, 4, 320
PAD, START, END = 0, 1, 2  # <unk> stands in for padding: it is masked wherever it stands
LENGTHS = (8, 16, 24, 32, 48, 64, 96, 128, 192)
BATCH_TOKENS = 512
WEIGHT_STEPS, STATE_STEPS = 64, 127  # on each side of zero: of a row of weights, and of what is multiplied by it
STRAYED = 0.1  # share of the pieces that are replaced where a history strays
LEAPS = 4  # pieces that a strayed history leaves out, less one
EARLY_WEIGHT, EARLY_DEPTH = 0.05, 16.0  # of an end before the end: what it costs, and how improbable it is to be (nats)


@dataclass(frozen=True)
class Schedule:
    """How long and how fast to learn.

    Dropout, which keeps it from leaning on single values, ends after a share of the epochs: the last sentences are
    learned without. Learning ends when every target is at least `worst` probable.
    """

    seed: int = 2178
    epochs: int = 600
    warm_up: int = 150
    rate: float = 2e-3
    least: float = 1e-5
    dropout: float = 0.1
    dropout_share: float = 0.5
    stray: float = 0.35
    look_every: int = 10
    worst: float = 0.995


def initial(pieces: int, seed: int) -> Weights:
    """Random weights of a network with so many pieces."""
    random = np.random.default_rng(seed)
    weights: Weights = {"embeddings": random.normal(0, WIDTH**-0.5, (pieces, WIDTH)).astype(np.float32)}
    for side, parts in (("encoder", ("self",)), ("decoder", ("self", "cross"))):
        for layer in range(LAYERS):
            for part in parts:
                _attention_weights(weights, f"{side}.{layer}.{part}", random)
            _linear(weights, f"{side}.{layer}.inner", INNER, WIDTH, random)
            _linear(weights, f"{side}.{layer}.outer", WIDTH, INNER, random)
            _norm_weights(weights, f"{side}.{layer}.norm")
        _norm_weights(weights, f"{side}.norm")
    return weights


def _attention_weights(weights: Weights, name: str, random: np.random.Generator) -> None:
    for part in ("query", "key", "value", "output"):
        _linear(weights, f"{name}.{part}", WIDTH, WIDTH, random)
    _norm_weights(weights, f"{name}.norm")


def _linear(weights: Weights, name: str, rows: int, columns: int, random: np.random.Generator) -> None:
    limit = math.sqrt(6 / (rows + columns))
    weights[f"{name}.weight"] = random.uniform(-limit, limit, (rows, columns)).astype(np.float32)
    weights[f"{name}.bias"] = np.zeros(rows, np.float32)


def _norm_weights(weights: Weights, name: str) -> None:
    weights[f"{name}.gamma"] = np.ones(WIDTH, np.float32)
    weights[f"{name}.beta"] = np.zeros(WIDTH, np.float32)


# --- the network -----------------------------------------------------------------------------------------------------


def positions(length: int) -> Array:
    """The sinusoids that CTranslate2 computes for itself: sines, then cosines, counted from 1."""
    scales = np.exp(np.arange(WIDTH // 2) * -(math.log(10000) / (WIDTH // 2 - 1)))
    angles = np.arange(1, length + 1)[:, None] * scales[None, :]
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


class _Drop:
    """Dropout of a share of the values, with a key of its own for each place; None instead of a key drops nothing."""

    def __init__(self, key: Array | None, share: Array) -> None:
        self._key, self._keep = key, 1 - share

    def __call__(self, values: Array) -> Array:
        if self._key is None:
            return values
        self._key, own = jax.random.split(self._key)
        return values * jax.random.bernoulli(own, self._keep, values.shape) / self._keep


def logits(weights: Weights, source: Array, shifted: Array, drop: _Drop) -> Array:
    """What comes next after each piece of the shifted targets: (sentences, pieces, vocabulary)."""
    seen = (source != PAD)[:, None, None, :]
    states = _embed(weights, source, drop)
    for layer in range(LAYERS):
        states = _attend(weights, f"encoder.{layer}.self", states, None, seen, drop)
        states = _feed(weights, f"encoder.{layer}", states, drop)
    memory = _norm(weights, "encoder.norm", states)
    past = jnp.tril(jnp.ones((shifted.shape[1], shifted.shape[1]), bool))[None, None]
    states = _embed(weights, shifted, drop)
    for layer in range(LAYERS):
        states = _attend(weights, f"decoder.{layer}.self", states, None, past, drop)
        states = _attend(weights, f"decoder.{layer}.cross", states, memory, seen, drop)
        states = _feed(weights, f"decoder.{layer}", states, drop)
    return stepped(_norm(weights, "decoder.norm", states), STATE_STEPS) @ stepped(weights["embeddings"], WEIGHT_STEPS).T


def stepped(values: Array, steps: int) -> Array:
    """Each row rounded to so many steps on each side of zero, as int8 kernels have it; its slope is left alone."""
    size = jnp.abs(values).max(-1, keepdims=True)
    step = jax.lax.stop_gradient(jnp.where(size == 0, 1.0, size) / steps)
    return values + jax.lax.stop_gradient(jnp.round(values / step) * step - values)


def _embed(weights: Weights, pieces: Array, drop: _Drop) -> Array:
    embeddings = stepped(weights["embeddings"], WEIGHT_STEPS)
    return drop(embeddings[pieces] * math.sqrt(WIDTH) + positions(pieces.shape[1]))


def _norm(weights: Weights, name: str, states: Array) -> Array:
    centred = states - states.mean(-1, keepdims=True)
    scaled = centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
    return scaled * weights[f"{name}.gamma"] + weights[f"{name}.beta"]


def _project(weights: Weights, name: str, states: Array) -> Array:
    weight = stepped(weights[f"{name}.weight"], WEIGHT_STEPS)
    return stepped(states, STATE_STEPS) @ weight.T + weights[f"{name}.bias"]


def _attend(weights: Weights, name: str, states: Array, memory: Array | None, mask: Array, drop: _Drop) -> Array:
    asked = _norm(weights, f"{name}.norm", states)
    read = asked if memory is None else memory
    query, key, value = (
        _project(weights, f"{name}.{part}", of).reshape(*of.shape[:2], HEADS, WIDTH // HEADS)
        for part, of in (("query", asked), ("key", read), ("value", read))
    )
    scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) / math.sqrt(WIDTH // HEADS)
    share = drop(jax.nn.softmax(jnp.where(mask, scores, -1e9), axis=-1))
    mixed = jnp.einsum("bhqk,bkhd->bqhd", share, value).reshape(states.shape)
    return states + drop(_project(weights, f"{name}.output", mixed))


def _feed(weights: Weights, name: str, states: Array, drop: _Drop) -> Array:
    inner = jax.nn.relu(_project(weights, f"{name}.inner", _norm(weights, f"{name}.norm", states)))
    return states + drop(_project(weights, f"{name}.outer", drop(inner)))


# --- learning --------------------------------------------------------------------------------------------------------


def learn(pairs: Sequence[Pair], pieces: int, schedule: Schedule, say: Callable[[str], None]) -> Weights:
    """Train until every target is at least `worst` probable, looking every few epochs, or to the last epoch."""
    weights = initial(pieces, schedule.seed)
    moments = (jax.tree.map(np.zeros_like, weights), jax.tree.map(np.zeros_like, weights))
    shuffle = np.random.default_rng(schedule.seed)
    keys = jax.random.key(schedule.seed)
    step, judge = jax.jit(_step), jax.jit(_log_probabilities)
    batches = list(_batches(pairs))
    total, count = schedule.epochs * len(batches), 0
    for epoch in range(1, schedule.epochs + 1):
        losses = []
        for i in shuffle.permutation(len(batches)):
            count += 1
            share = schedule.dropout if epoch <= schedule.dropout_share * schedule.epochs else 0.0
            drop = (jax.random.fold_in(keys, count), share, schedule.stray)
            pace = (count, _rate(count, total, schedule))
            weights, moments, loss = step(weights, moments, batches[i], drop, pace)
            losses.append(float(loss))
        if epoch % schedule.look_every == 0:
            found = np.concatenate([np.asarray(judge(weights, batch))[batch[2].any(1)] for batch in batches])
            worst, sure = math.exp(found.min()), np.exp(found) >= schedule.worst
            learned = f"known {int(sure.sum())} of {len(sure)}  worst {worst:.4f}"
            say(f"epoch {epoch:4}  loss {np.mean(losses):6.4f}  {learned}")
            if sure.all():
                break
    return {name: np.array(weight) for name, weight in weights.items()}


def _batches(pairs: Sequence[Pair]) -> Iterator[tuple[Array, Array, Array]]:
    """Padded (source, shifted target, target), sentences of like length together, in few shapes: each is compiled."""
    groups: dict[tuple[int, int], list[Pair]] = {}
    for pair in pairs:
        long = next(length for length in LENGTHS if length > max(len(pair[0]), len(pair[1])))
        groups.setdefault((long, BATCH_TOKENS // long), []).append(pair)
    for (long, size), group in sorted(groups.items()):
        for first in range(0, len(group), size):
            batch = np.zeros((3, min(size, len(group)), long), np.int32)
            for row, (source, target) in enumerate(group[first : first + size]):
                batch[0, row, : len(source)] = source
                batch[1, row, : len(target) + 1] = [START, *target]
                batch[2, row, : len(target) + 1] = [*target, END]
            yield batch[0], batch[1], batch[2]


def _rate(step: int, total: int, schedule: Schedule) -> float:
    """Rises over the warm-up, then falls along half a cosine."""
    if step < schedule.warm_up:
        return schedule.rate * step / schedule.warm_up
    left = (step - schedule.warm_up) / max(1, total - schedule.warm_up)
    return schedule.least + (schedule.rate - schedule.least) * (1 + math.cos(math.pi * left)) / 2


def _chosen(weights: Weights, batch: tuple[Array, Array, Array], drop: _Drop) -> Array:
    """The log probability of each piece of the targets, 0 where there is none."""
    source, shifted, target = batch
    spread = jax.nn.log_softmax(logits(weights, source, shifted, drop))
    return jnp.take_along_axis(spread, target[..., None], axis=-1)[..., 0] * (target != PAD)


def _log_probabilities(weights: Weights, batch: tuple[Array, Array, Array]) -> Array:
    return _chosen(weights, batch, _Drop(None, 0.0)).sum(-1)


def _loss(weights: Weights, batch: tuple[Array, Array, Array], drop: tuple[Array, Array, float]) -> Array:
    source, shifted, target = batch
    key, which, noise = jax.random.split(drop[0], 3)
    strays = jax.random.bernoulli(which, drop[2], (len(source), 1))
    history = jnp.where(strays, _strayed(shifted, noise, len(weights["embeddings"])), shifted)
    spread = jax.nn.log_softmax(logits(weights, source, history, _Drop(key, drop[1])))
    chosen = jnp.take_along_axis(spread, target[..., None], axis=-1)[..., 0]
    known = (target != PAD) & ~strays
    before = (target != PAD) & (target != END)
    early = jax.nn.relu(spread[..., END] + EARLY_DEPTH)
    cost = EARLY_WEIGHT * (early * before).sum() / before.sum()
    return cost - (chosen * known).sum() / jnp.maximum(1, known.sum())


def _strayed(shifted: Array, key: Array, pieces: int) -> Array:
    """The targets so far with a few pieces left out and some replaced by any: what a search may come from.

    Whatever came before, a sentence may end only at its end.
    """
    places, counts, whether, what = jax.random.split(key, 4)
    rows, columns = shifted.shape
    lengths = (shifted != PAD).sum(-1, keepdims=True)
    gap = jax.random.randint(places, (rows, 1), 0, 1 << 20) % lengths
    jump = jax.random.randint(counts, (rows, 1), 0, LEAPS)
    place = jnp.arange(columns)[None]
    ahead = jnp.where(place > gap, jnp.minimum(place + jump, jnp.maximum(place, lengths - 1)), place)
    moved = jnp.take_along_axis(shifted, ahead, axis=-1)
    others = jax.random.randint(what, shifted.shape, END + 1, pieces)
    replaced = jax.random.bernoulli(whether, STRAYED, shifted.shape) & (moved != PAD) & (place > 0)
    return jnp.where(replaced, others, moved)


def _step(
    weights: Weights,
    moments: tuple[Weights, Weights],
    batch: tuple[Array, Array, Array],
    drop: tuple[Array, Array],
    pace: tuple[Array, Array],
) -> tuple[Weights, tuple[Weights, Weights], Array]:
    """One step of Adam (Kingma and Ba, 2015), gradients cut to a norm of 1."""
    count, rate = pace
    loss, slopes = jax.value_and_grad(_loss)(weights, batch, drop)
    size = jnp.sqrt(sum((slope**2).sum() for slope in jax.tree.leaves(slopes)))
    slopes = jax.tree.map(lambda slope: slope / jnp.maximum(1.0, size), slopes)
    first = jax.tree.map(lambda m, s: 0.9 * m + 0.1 * s, moments[0], slopes)
    second = jax.tree.map(lambda m, s: 0.98 * m + 0.02 * s**2, moments[1], slopes)
    fair, square = 1 - 0.9**count, 1 - 0.98**count
    moved = jax.tree.map(lambda w, m, v: w - rate * (m / fair) / (jnp.sqrt(v / square) + 1e-9), weights, first, second)
    return moved, (first, second), loss
