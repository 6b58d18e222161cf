"""Chooses CTranslate2's int8 arithmetic for a process, and tells which one a process has.

Products of two int8 are added in pairs. Kernels for VNNI and AMX add them in 32 bits: they are exact. Those for older
processors (SSE4.1, AVX2, AVX-512 without VNNI) add them in 16 bits, where a large sum is cut: they saturate. A
model of full int8 weights therefore says other things on other processors; one whose weights are at most 64 does not,
since 255 · 64 · 2 < 32,768.
"""

import os
import tempfile
from typing import Any

import ctranslate2
import numpy as np
from ctranslate2.specs import TransformerSpec

SATURATING, EXACT = "saturating", "exact"
# CTranslate2 multiplies by MKL or oneDNN, and these obey variables of their own, read when a process begins.
SWITCHES = {
    SATURATING: {"CT2_USE_MKL": "0", "ONEDNN_MAX_CPU_ISA": "AVX2"},
    EXACT: {"CT2_USE_MKL": "1", "MKL_CBWR": "COMPATIBLE"},
}
_OTHERS = ("MKL_ENABLE_INSTRUCTIONS", "DNNL_MAX_CPU_ISA", "CT2_FORCE_CPU_ISA")
_WIDTH = 64

Part = Any  # a part of the specification of a model


def environment(arithmetic: str) -> dict[str, str]:
    """The variables of a child process that shall have this arithmetic, if the machine has it."""
    names = {name for switches in SWITCHES.values() for name in switches}.union(_OTHERS)
    kept = {name: value for name, value in os.environ.items() if name not in names}
    return kept | SWITCHES[arithmetic]


def arithmetic() -> str:
    """Which arithmetic this process has: what a model says that adds two words' scores, one of them in large pairs."""
    with tempfile.TemporaryDirectory() as folder:
        _probe().save(folder)
        probe = ctranslate2.Translator(folder, device="cpu", compute_type="int8", intra_threads=1)
        (answer,) = probe.translate_batch([[EXACT]], beam_size=1, max_decoding_length=1)
    return str(answer.hypotheses[0][0])


def _probe() -> TransformerSpec:
    """A model that says EXACT, its largest score, unless pairs of 255 · 127 are cut: then SATURATING is larger."""
    spec = TransformerSpec.from_config(1, 1, pre_norm=True)
    words = ["<unk>", "<s>", "</s>", EXACT, SATURATING]
    for side in (spec.encoder, spec.decoder):
        _ones(side.layer_norm)
        for layer in side.layer:
            for attention in (layer.self_attention, getattr(layer, "attention", None)):
                if attention is not None:
                    _ones(attention.layer_norm)
                    _nothing(attention.linear[0], {3: 1, 2: 3}[len(attention.linear)])
                    for linear in attention.linear[1:]:
                        _nothing(linear, 2 if linear is not attention.linear[-1] else 1)
            _ones(layer.ffn.layer_norm)
            _nothing(layer.ffn.linear_0)
            _nothing(layer.ffn.linear_1)
    for embeddings in (spec.encoder.embeddings[0], spec.decoder.embeddings):
        embeddings.weight = np.zeros((len(words), _WIDTH), np.float32)
    scores = np.zeros((len(words), _WIDTH), np.float32)
    scores[words.index(EXACT)] = 1
    scores[words.index(SATURATING), ::2] = 1  # half as much, and no pair of it is large
    spec.decoder.projection.weight = scores
    spec.decoder.projection.bias = np.zeros(len(words), np.float32)
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def _ones(norm: Part) -> None:
    """All values become 1, whatever they were."""
    norm.gamma, norm.beta = np.zeros(_WIDTH, np.float32), np.ones(_WIDTH, np.float32)


def _nothing(linear: Part, times: int = 1) -> None:
    linear.weight = np.zeros((times * _WIDTH, _WIDTH), np.float32)
    linear.bias = np.zeros(times * _WIDTH, np.float32)
