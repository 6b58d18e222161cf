"""Makes packages of Argos Translate with random weights: real by format, soon made, and what they say is nonsense.

Their sentences seldom end by themselves, so give them a limit.
"""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec

SPECIAL = ["<unk>", "<s>", "</s>"]
LINES = [
    "The Council adopted resolution 2178 (2014) on foreign terrorist fighters.",
    "Meeting of experts, Tashkent, 12–14 October 2024: agenda, statements; recommendations.",
    "Совет принял резолюцию 2178 (2014) об иностранных боевиках-террористах.",
    "Совещание экспертов, Ташкент, 12–14 октября 2024 года: повестка дня, заявления; рекомендации.",
    "States shall cooperate in border control, and exchange information without delay.",
    "Государства сотрудничают в области пограничного контроля и без промедления обмениваются информацией.",
]


@dataclass(frozen=True)
class Size:
    """Of a transformer. `pieces` are sentencepiece's, `vocabulary` the model's: the rest of it is never said."""

    layers: int = 2
    width: int = 32
    heads: int = 4
    inner: int = 64
    pieces: int = 200
    vocabulary: int = 200


TINY = Size()
OFFICIAL = Size(layers=6, width=512, heads=8, inner=2048, pieces=2_000, vocabulary=32_000)  # 60 million weights


def make(
    place: Path,
    source: str = "en",
    target: str = "ru",
    version: str = "1.0",
    size: Size = TINY,
    lines: list[str] = LINES,
    seed: int = 1,
    **more: object,
) -> Path:
    """Write a package file into a directory; `more` goes into its metadata."""
    name = f"translate-{source}_{target}-{version.replace('.', '_')}"
    folder = place / name
    (folder / "model").mkdir(parents=True)
    vocabulary = _sentencepiece(folder / "sentencepiece.model", size, lines)
    _weights(vocabulary, size, np.random.default_rng(seed)).save(str(folder / "model"))
    metadata = {"type": "translate", "from_code": source, "to_code": target, "package_version": version, **more}
    (folder / "metadata.json").write_text(json.dumps(metadata), encoding="utf-8")
    (folder / "README.md").write_text("Random weights.", encoding="utf-8")
    return zipped(folder, place / f"{name}.argosmodel")


def zipped(folder: Path, file: Path, compression: int = zipfile.ZIP_STORED) -> Path:
    """Pack a folder as packages are packed."""
    with zipfile.ZipFile(file, "w", compression) as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(folder.parent))
    return file


def _sentencepiece(file: Path, size: Size, lines: list[str]) -> list[str]:
    """Train a tokenizer; gives the vocabulary of the model that uses it."""
    with file.open("wb") as target:
        sentencepiece.SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_writer=target,
            vocab_size=size.pieces,
            model_type="unigram",
            hard_vocab_limit=False,
            num_threads=1,
            minloglevel=2,
        )
    processor = sentencepiece.SentencePieceProcessor(model_file=str(file))
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    named = SPECIAL + [piece for piece in pieces if piece not in SPECIAL]
    return named + [f"▁{i}" for i in range(size.vocabulary - len(named)) if f"▁{i}" not in named]


def _weights(vocabulary: list[str], size: Size, random: np.random.Generator) -> TransformerSpec:
    spec = TransformerSpec.from_config(size.layers, size.heads)

    def drawn(*shape: int) -> np.ndarray:
        return random.normal(0, shape[-1] ** -0.5, shape).astype(np.float32)

    def norm(layer) -> None:
        layer.gamma, layer.beta = np.ones(size.width, np.float32), np.zeros(size.width, np.float32)

    def linear(layer, rows: int, columns: int) -> None:
        layer.weight, layer.bias = drawn(rows, columns), np.zeros(rows, np.float32)

    def attention(layer) -> None:
        norm(layer.layer_norm)
        for part, times in zip(layer.linear, {2: (3, 1), 3: (1, 2, 1)}[len(layer.linear)], strict=True):
            linear(part, times * size.width, size.width)

    def feed_forward(layer) -> None:
        norm(layer.layer_norm)
        linear(layer.linear_0, size.inner, size.width)
        linear(layer.linear_1, size.width, size.inner)

    for side in (spec.encoder, spec.decoder):
        norm(side.layer_norm)
        for layer in side.layer:
            attention(layer.self_attention)
            feed_forward(layer.ffn)
    for layer in spec.decoder.layer:
        attention(layer.attention)
    embeddings = drawn(len(vocabulary), size.width)
    spec.encoder.embeddings[0].weight = embeddings.copy()  # copies, since quantising writes in place
    spec.decoder.embeddings.weight = embeddings.copy()
    spec.decoder.projection.weight = 3 * drawn(len(vocabulary), size.width)  # decided, not sure of itself
    spec.decoder.projection.bias = _bias(size)
    spec.register_source_vocabulary(vocabulary)
    spec.register_target_vocabulary(vocabulary)
    spec.config.add_source_eos = False
    spec.validate()
    spec.optimize(quantization="int8")
    return spec


def _bias(size: Size) -> np.ndarray:
    """Makes impossible what is no piece."""
    bias = np.zeros(size.vocabulary, np.float32)
    bias[:2] = bias[size.pieces :] = -1e4
    if size == OFFICIAL:
        bias[2] = -1e4  # the end too: all translations are of one length
    return bias
