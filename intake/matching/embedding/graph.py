"""BERT as an ONNX graph: token ids of one text in, its unit sentence vector out.

MiniLM-L6: Wang et al., "MiniLM: Deep Self-Attention Distillation", NeurIPS 2020; six layers
of Devlin et al., "BERT", NAACL 2019; mean pooling as in Reimers & Gurevych, "Sentence-BERT",
EMNLP 2019. One text at a time is as quick as a batch here, needs neither padding nor mask,
and gives a text the same vector whatever its company.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

Tensor = NDArray[np.float32]

LAYERS, HEADS, WIDTH, TOKENS = 6, 12, 384, 128
FUSED = "com.microsoft"  # onnxruntime's own operators
# Seven bits: with eight, sums of products overflow on processors without VNNI.
LARGEST = 63


class GraphWriter:
    """Collects the nodes. `exact` keeps float32 where int8 is four times smaller."""

    def __init__(self, tensors: Mapping[str, Tensor], *, exact: bool) -> None:
        self._tensors = tensors
        self._exact = exact
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []

    def write(self) -> ModelProto:
        """The whole model: input `ids` (1, tokens) int64, output `vector` (1, 384) float32."""
        state = self._embed("embeddings.")
        for layer in range(LAYERS):
            state = self._add_layer(state, f"encoder.layer.{layer}.")
        pooled = self._add("ReduceMean", state, self._keep(np.array([1])), keepdims=0)
        self._add("LpNormalization", pooled, output="vector", axis=-1, p=2)
        graph = helper.make_graph(
            self._nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, WIDTH])],
            self._constants,
        )
        imports = [helper.make_opsetid("", 20), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=imports, ir_version=9)

    def _embed(self, name: str) -> str:
        words = self._tensors[name + "word_embeddings.weight"]
        kind = self._tensors[name + "token_type_embeddings.weight"][0]
        places = self._tensors[name + "position_embeddings.weight"][:TOKENS] + kind
        stored = words if self._exact else words.astype(np.float16)
        found = self._add("Gather", self._keep(stored), "ids")
        count = self._add("Shape", "ids", start=1, end=2)
        here = self._add("Slice", self._keep(places), self._keep(np.array([0])), count)
        known = self._add("Cast", found, to=TensorProto.FLOAT)
        return self._normalise(self._add("Add", known, here), name + "LayerNorm.")

    def _add_layer(self, state: str, name: str) -> str:
        attended = self._dense(self._attend(state, name), name + "attention.output.dense.")
        state = self._add("Add", attended, state)
        state = self._normalise(state, name + "attention.output.LayerNorm.")
        inner = self._add("Gelu", self._dense(state, name + "intermediate.dense."))
        state = self._add("Add", self._dense(inner, name + "output.dense."), state)
        return self._normalise(state, name + "output.LayerNorm.")

    def _attend(self, state: str, name: str) -> str:
        parts = [
            self._dense(state, f"{name}attention.self.{part}.")
            for part in ("query", "key", "value")
        ]
        return self._add("MultiHeadAttention", *parts, domain=FUSED, num_heads=HEADS)

    def _dense(self, state: str, name: str) -> str:
        weight = np.ascontiguousarray(self._tensors[name + "weight"].T)
        bias = self._keep(self._tensors[name + "bias"])
        if self._exact:
            return self._add("Add", self._add("MatMul", state, self._keep(weight)), bias)
        scale = np.abs(weight).max(axis=0) / LARGEST  # one for each output
        whole = self._keep(np.round(weight / scale).astype(np.int8))
        zero = self._keep(np.zeros(len(scale), np.int8))
        inputs = (state, whole, self._keep(scale), zero, bias)
        return self._add("DynamicQuantizeMatMul", *inputs, domain=FUSED)

    def _normalise(self, state: str, name: str) -> str:
        scale, shift = (self._keep(self._tensors[name + part]) for part in ("weight", "bias"))
        return self._add("LayerNormalization", state, scale, shift, axis=-1, epsilon=1e-12)

    def _keep(self, array: NDArray[np.generic]) -> str:
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(array, name))
        return name

    def _add(
        self, kind: str, *inputs: str, output: str = "", domain: str = "", **settings: Any
    ) -> str:
        output = output or f"step{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **settings))
        return output
