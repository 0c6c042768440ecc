#!/usr/bin/env bash
# torch.onnx cannot export clamp when one bound is an integer and the other a fraction.
#
# x.clamp(0, 0.5) of a float tensor is ordinary: PyTorch computes it, and x.clamp(0., 0.5), x.clamp(0, 1) and
# hardtanh with the same bounds are exported. With one integer among the bounds the exporter (dynamo=True, the default) stops with a
# ConversionError that names clamp and not the bounds.
# What helps: write both bounds alike, 0. and not 0.
#
# Needs Python 3.11 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q torch==2.14.1 onnx==1.22.0 onnxscript==0.7.2 onnxruntime==1.30.0 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import contextlib, io, sys, warnings
warnings.simplefilter('ignore')
import numpy as np, onnxruntime, torch
from torch.nn.functional import hardtanh

print('torch', torch.__version__)

class Ends(torch.nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, photo): return self.function(photo)

def exported(function):
    "How far the exported network is from PyTorch's, or the name of the error."
    photo = torch.rand(1, 3, 8, 8, generator=torch.Generator().manual_seed(0)) * 2 - 1
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            torch.onnx.export(Ends(function).eval(), (photo,), 'network.onnx', dynamo=True)
    except Exception as error: return type(error).__name__
    session = onnxruntime.InferenceSession('network.onnx', providers=['CPUExecutionProvider'])
    return float(np.abs(session.run(None, {session.get_inputs()[0].name: photo.numpy()})[0] - function(photo).numpy()).max())

cases = {'clamp(0, 0.5)': lambda x: x.clamp(0, 0.5), 'clamp(-0.5, 1)': lambda x: x.clamp(-0.5, 1), 'clamp(0., 0.5)': lambda x: x.clamp(0., 0.5),
         'clamp(0, 1)': lambda x: x.clamp(0, 1), 'hardtanh(0, 0.5)': lambda x: hardtanh(x, 0, 0.5)}
seen = {name: exported(function) for name, function in cases.items()}
for name, result in seen.items(): print(f'{name:17s} {result}')
as_described = list(seen.values()) == ['ConversionError'] * 2 + [0.0] * 3
print('mixed bounds are not exported, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
