#!/usr/bin/env bash
# A convolutional network that onnxruntime quantised dynamically restores a photo differently beside another photo in the batch.
#
# quantize_dynamic measures the range of each layer's input when the network runs. DynamicQuantizeLinear takes one minimum and maximum over
# the whole tensor, so over the batch: eight bits are shared by all photos in it. A faint photo (here a night scene, 4 % of the range) has
# about ten levels instead of 255 when a bright one stands beside it, and its result changes by seven times the error of the quantised network
# alone. The unquantised network gives the same result to rounding.
# What helps: one photo a call, or quantize_static, whose ranges are fixed when it is made.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q onnxruntime==1.30.0 onnx==1.22.0 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import logging, sys
logging.disable()
import numpy as np, onnx, onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

print('onnxruntime', onnxruntime.__version__, 'onnx', onnx.__version__)
rng = np.random.default_rng(0)
sizes = dict(first=(16, 3, 3, 3), second=(3, 16, 3, 3))
weights = [numpy_helper.from_array((rng.standard_normal(size) / np.sqrt(9 * size[1])).astype(np.float32), name) for name, size in sizes.items()]
nodes = [helper.make_node('Conv', ['photo', 'first'], ['a'], pads=[1] * 4), helper.make_node('Relu', ['a'], ['b']),
         helper.make_node('Conv', ['b', 'second'], ['restored'], pads=[1] * 4)]
ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ['n', 3, 'h', 'w']) for name in ('photo', 'restored')]
graph = helper.make_graph(nodes, 'network', ends[:1], ends[1:], weights)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 17)], ir_version=8), 'network.onnx')
quantize_dynamic('network.onnx', 'quantised.onnx', weight_type=QuantType.QUInt8)

def restored(path, *photos):
    session = onnxruntime.InferenceSession(path, providers=['CPUExecutionProvider'])
    return session.run(None, {'photo': np.stack(photos).astype(np.float32)})[0][0]

night, day = rng.random((3, 64, 64)) * 0.04, rng.random((3, 64, 64))
change = {path: float(np.abs(restored(path, night) - restored(path, night, day)).mean()) for path in ('network.onnx', 'quantised.onnx')}
error = float(np.abs(restored('network.onnx', night) - restored('quantised.onnx', night)).mean())
size = float(np.abs(restored('network.onnx', night)).mean())
print(f'the night photo restored: {size:.5f} in the mean; quantised, alone, off by {error:.5f}')
print(f'beside a day photo it changes by {change["network.onnx"]:.7f}, quantised by {change["quantised.onnx"]:.5f}')
as_described = change['network.onnx'] < 1e-6 and change['quantised.onnx'] > 5 * error
print('the batch changes a photo, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
