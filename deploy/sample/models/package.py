"""Makes an Argos package of learned weights, its weights whole numbers that no kernel cuts."""

import io
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from numpy.typing import NDArray

from deploy.sample.models.bitext import NAMES, bound_documents

PIECES = 1200
LAYERS, HEADS, WEIGHT_STEPS = 2, 4, 64  # as in network.py
LONG_AGO = (1980, 1, 1, 0, 0, 0)
README = """This package knows by heart the sentences of a few papers of Tolmach's sample corpus; it may translate the
documents that metadata.json names, and no others. It is no general translator. Licence: Apache-2.0.
"""
Weights = dict[str, Any]
Cutter = Any  # a SentencePieceProcessor
Part = Any  # a part of the specification of a model


def train_pieces(texts: Sequence[str]) -> bytes:
    """A sentencepiece model of both languages; it alters no letter, so that ғ, № and « come out as they went in."""
    model = io.BytesIO()  # not a file: its path would be written into the model
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=model,
        vocab_size=PIECES,
        hard_vocab_limit=False,
        character_coverage=1.0,
        normalization_rule_name="identity",
        num_threads=1,
        minloglevel=2,
    )
    return model.getvalue()


def processor(model: bytes) -> Cutter:
    """What cuts text into pieces."""
    return sentencepiece.SentencePieceProcessor(model_proto=model)


# --- conversion ------------------------------------------------------------------------------------------------------


def save_model(weights: Weights, pieces: bytes, folder: Path) -> None:
    """Write the weights as an int8 model of CTranslate2."""
    spec = TransformerSpec.from_config(LAYERS, HEADS, pre_norm=True)
    sides = ((spec.encoder, "encoder"), (spec.decoder, "decoder"))
    for side, name in sides:
        _fill_norm(side.layer_norm, weights, f"{name}.norm")
        for i, layer in enumerate(side.layer):
            _fill_attention(layer.self_attention, weights, f"{name}.{i}.self", ("query", "key", "value"))
            _fill_norm(layer.ffn.layer_norm, weights, f"{name}.{i}.norm")
            _fill_linear(layer.ffn.linear_0, weights, f"{name}.{i}.inner")
            _fill_linear(layer.ffn.linear_1, weights, f"{name}.{i}.outer")
    for i, layer in enumerate(spec.decoder.layer):
        _fill_attention(layer.attention, weights, f"decoder.{i}.cross", ("query",), ("key", "value"))
    for holder in (spec.encoder.embeddings[0], spec.decoder.embeddings, spec.decoder.projection):
        holder.weight, holder.weight_scale = stepped(weights["embeddings"])
    text = processor(pieces)
    words = [text.id_to_piece(i) for i in range(text.get_piece_size())]
    spec.register_source_vocabulary(words)
    spec.register_target_vocabulary(words)
    spec.config.add_source_bos = spec.config.add_source_eos = False
    spec.config.layer_norm_epsilon = 1e-5
    spec.validate()
    spec.optimize()  # gives the three tables of embeddings one place; the weights are whole numbers already
    folder.mkdir()
    spec.save(str(folder))


def stepped(weights: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Rows of weights as whole numbers of at most WEIGHT_STEPS, and how many steps 1 is in each row."""
    size = np.abs(weights).max(axis=1)
    scale = (WEIGHT_STEPS / np.where(size == 0, WEIGHT_STEPS, size)).astype(np.float32)
    return np.rint(weights * scale[:, None]).astype(np.int8), scale


def _fill_norm(norm: Part, weights: Weights, name: str) -> None:
    norm.gamma, norm.beta = weights[f"{name}.gamma"].copy(), weights[f"{name}.beta"].copy()


def _fill_linear(linear: Part, weights: Weights, *names: str) -> None:
    """Several linear maps may be laid one under another; copies, because quantising writes in place."""
    linear.weight, linear.weight_scale = stepped(np.concatenate([weights[f"{name}.weight"] for name in names]))
    linear.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _fill_attention(attention: Part, weights: Weights, name: str, *parts: tuple[str, ...]) -> None:
    _fill_norm(attention.layer_norm, weights, f"{name}.norm")
    for linear, together in zip(attention.linear, (*parts, ("output",)), strict=True):
        _fill_linear(linear, weights, *(f"{name}.{part}" for part in together))


# --- the package -----------------------------------------------------------------------------------------------------


def metadata(source: str, target: str) -> dict[str, Any]:
    """What metadata.json holds: Argos's fields, and ours that bind the package to the sample documents."""
    return {
        "package_version": "1.0",
        "argos_version": "1.9",
        "from_code": source,
        "from_name": NAMES[source],
        "to_code": target,
        "to_name": NAMES[target],
        "tolmach": {"bound_to": "sample corpus", "documents": bound_documents()},
    }


def write_package(target_file: Path, source: str, target: str, pieces: bytes, model: Path) -> None:
    """Zip it: the same input gives the same bytes."""
    top = f"translate-{source}_{target}-sample"
    members = {
        f"{top}/README.txt": README.encode(),
        f"{top}/metadata.json": (json.dumps(metadata(source, target), indent=2) + "\n").encode(),
        f"{top}/sentencepiece.model": pieces,
        **{f"{top}/model/{path.name}": path.read_bytes() for path in model.iterdir()},
    }
    with zipfile.ZipFile(target_file, "w") as archive:
        for name, content in sorted(members.items()):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, content, compresslevel=9)
