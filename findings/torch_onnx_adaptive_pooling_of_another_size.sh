#!/usr/bin/env bash
# torch.onnx exports adaptive average pooling for photos of any size, and it is right for those of the example's size only.
#
# AdaptiveAvgPool2d(4) makes a 4 x 4 grid of means of any photo; pyramid pooling, by which a restoration network sees the whole photo, joins
# such grids, enlarged again, to the features. Height and width are declared as dynamic here, torch.export keeps them so, and its program is
# right for every size; so is a pool of one cell. In the ONNX file the windows are those of the example: a photo of another size gives
# another number of cells, or cells that leave pixels out. The file's inputs say dynamic sizes, ONNX Runtime and ONNX's reference evaluator
# agree, the pyramid's output has the right size, and verify=True, which runs the example again, finds nothing.
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torch==2.14.1 onnx==1.23.2 onnxscript==0.7.2 onnxruntime==1.32.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, onnx, onnxruntime, torch
from onnx.reference import ReferenceEvaluator
from torch import nn
from torch.export import Dim
from torch.nn.functional import interpolate

print('torch', torch.__version__, 'onnx', onnx.__version__, 'onnxruntime', onnxruntime.__version__)
torch.manual_seed(0)

class Pyramid(nn.Module):
    def forward(self, x):
        grids = [nn.AdaptiveAvgPool2d(cells)(x) for cells in (1, 2, 4)]
        return torch.cat([x] + [interpolate(grid, size=x.shape[-2:], mode='bilinear', align_corners=False) for grid in grids], 1)

def photo(size): return torch.rand(1, 1, *size)

def compared(y, right): # 'right', or what is wrong with it
    if y.shape != right.shape: return f'a grid of {y.shape[2]} x {y.shape[3]}'
    error = float(np.abs(y - right).max())
    return 'right' if error < 1e-5 else f'off by {error:.3f}' if error > 0.005 else 'neither'

as_described = True
for name, network in {'a pool of 1 x 1': nn.AdaptiveAvgPool2d(1), 'a pool of 4 x 4': nn.AdaptiveAvgPool2d(4), 'a pyramid of 1, 2 and 4': Pyramid()}.items():
    sides = {2: Dim('height', min=16, max=2048), 3: Dim('width', min=16, max=2048)}
    program = torch.export.export(network, (photo((64, 64)),), dynamic_shapes=(sides,))
    exported = torch.onnx.export(program, dynamo=True, verify=True, verbose=False)
    exported.save('network.onnx')
    runtime, reference = onnxruntime.InferenceSession('network.onnx'), ReferenceEvaluator('network.onnx')
    given = runtime.get_inputs()[0]
    print(f'{name}: the file takes {given.shape}')
    as_described &= all(isinstance(side, str) for side in given.shape[2:])
    for size in ((64, 64), (66, 66), (128, 96)):
        x = photo(size)
        right = network(x).numpy()
        here, by_reference = [run(None, {given.name: x.numpy()})[0] for run in (runtime.run, reference.run)]
        file, own, agree = compared(here, right), compared(program.module()(x).numpy(), right), np.allclose(here, by_reference, atol=1e-5)
        print(f"  {size[0]} x {size[1]} pixels: {file}; torch.export's program: {own}; ONNX's reference agrees: {agree}")
        wrong = size != (64, 64) and name != 'a pool of 1 x 1'
        as_described &= agree and own == 'right' and file != 'neither' and (file != 'right') == wrong
print('the size of the example is kept, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
