#!/usr/bin/env bash
# ONNX infers the width of a photo's real Fourier transform wrongly where the width is open, and ONNX Runtime then refuses every photo.
#
# A filter in the frequency domain (a Wiener filter, the Fourier branches of some deblurring networks) takes a photo of width w to
# w // 2 + 1 columns and back: DFT with onesided=1, as the operator's definition says, and its inverse. onnx.shape_inference says w columns,
# as if onesided were not there, as soon as the photo's width has a name. The checker passes, and ONNX's reference evaluator filters photos of
# any size rightly, but ONNX Runtime plans its memory by that width and stops at the inverse: 'Shape mismatch attempting to re-use buffer', for
# every size. Where the width is a number nothing of this is seen. torch.onnx's export of rfft2 and irfft2 with a dynamic width fails alike.
# What helps: session options with enable_mem_reuse = False, or fft2 and ifft2.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, onnx, onnxruntime
from onnx.reference import ReferenceEvaluator

print('onnx', onnx.__version__, 'onnxruntime', onnxruntime.__version__)
FILTER = '''<ir_version: 10, opset_import: ["": 20]>
darker (float[1, 1, HEIGHT, WIDTH] x) => (float[1, 1, HEIGHT, WIDTH] y)
<int64[1] last = {-1}, int64 across = {3}, int64 down = {2}, float gain = {0.5}> {
  photo = Unsqueeze(x, last)
  sides = Shape <start = 3, end = 4> (x)
  width = Squeeze(sides)
  rows = DFT <onesided = 1> (photo, width, across)
  spectrum = DFT (rows, , down)
  re, im = Split <axis = -1, num_outputs = 2> (spectrum)
  less_re = Mul(re, gain)
  less_im = Mul(im, gain)
  filtered = Concat <axis = -1> (less_re, less_im)
  columns = DFT <inverse = 1> (filtered, , down)
  back = DFT <inverse = 1, onesided = 1> (columns, width, across)
  y = Squeeze(back, last)
}'''

def inferred(model, name): # the size that shape inference gives one of the tensors
    info = next(info for info in onnx.shape_inference.infer_shapes(model).graph.value_info if info.name == name)
    return [side.dim_param or side.dim_value for side in info.type.tensor_type.shape.dim]

def outcome(run, x): # the filter halves every pixel
    try: y = run(None, {'x': x})[0]
    except Exception as error: return 'Shape mismatch' if 'Shape mismatch attempting to re-use buffer' in str(error) else str(error)
    return 'right' if y.shape == x.shape and np.abs(y - x / 2).max() < 1e-4 else 'wrong'

def runtime(model, reuse):
    options = onnxruntime.SessionOptions()
    options.enable_mem_reuse, options.log_severity_level = reuse, 4
    return onnxruntime.InferenceSession(model.SerializeToString(), options).run

as_described = True
for sides, sizes in {(48, 56): [(48, 56)], ('h', 56): [(48, 56), (67, 56)], ('h', 'w'): [(48, 56), (67, 75)]}.items():
    model = onnx.parser.parse_model(FILTER.replace('HEIGHT', str(sides[0])).replace('WIDTH', str(sides[1])))
    onnx.checker.check_model(model, full_check=True)
    columns = inferred(model, 'rows')[3]
    said = columns if columns in ('w', 29) else 'any number of'
    print(f'a photo of {sides[0]} x {sides[1]}: the transform is said to have {said} columns')
    as_described &= (columns == 'w') == (sides[1] == 'w')
    for size in sizes:
        x = np.random.default_rng(0).random((1, 1, *size), dtype=np.float32)
        ways = {"ONNX's reference": ReferenceEvaluator(model).run, 'ONNX Runtime': runtime(model, True), 'without reuse of memory': runtime(model, False)}
        seen = {name: outcome(run, x) for name, run in ways.items()}
        print(f'  {size[0]} x {size[1]} pixels, {size[1] // 2 + 1} columns:', ', '.join(f'{name}: {said}' for name, said in seen.items()))
        as_described &= list(seen.values()) == ['right', 'Shape mismatch' if sides[1] == 'w' else 'right', 'right']
print('an open width is inferred wrongly, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
