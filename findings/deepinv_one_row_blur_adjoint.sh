#!/usr/bin/env bash
# deepinv's Blur has a wrong adjoint, or none, for a kernel of one row or one column.
#
# The blur of a level pan is a kernel of one row, size (1, 1, 1, 9), and Blur takes it: A blurs rightly with every padding, by direct
# convolution and by FFT. A_adjoint folds back what the padding added, and a side where it added nothing is folded whole. With padding
# 'replicate' the result is silently no adjoint: deepinv's own adjointness_test says so, and gradient steps on the data term walk away from
# the photo. With 'reflect' (and 'circular', by direct convolution) A_adjoint raises a RuntimeError about sizes. The same kernel with a row of
# zeros above and below blurs alike, and its adjoint is right with every padding.
#
# Needs Python 3.10 or later, a package index and, on Linux, 8 GB of disk for PyTorch. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q deepinv==0.5.0 torch==2.14.1 torchvision==0.29.1
cd "$folder"
env/bin/python - <<'PY'
import sys
import deepinv, torch
from deepinv.physics import Blur

print('deepinv', deepinv.__version__, 'torch', torch.__version__)
torch.manual_seed(0)
photo = torch.rand(1, 1, 48, 64)
row = torch.ones(1, 1, 1, 9) / 9
kernels = {'1 x 9': row, '9 x 1': row.mT, '3 x 9': torch.nn.functional.pad(row, (0, 0, 1, 1))}

def distance(blur, y, x): return ((blur.A(x) - y).norm() / y.norm()).item()

def adjoint(blur): # 'right', 'wrong' or an error, and what was seen
    y = blur.A(photo)
    try: error = float(blur.adjointness_test(photo, num_samples=20))
    except RuntimeError as raised: return 'RuntimeError', str(raised)
    x = blur.A_adjoint(y)
    before = distance(blur, y, x)
    for _ in range(30): x = x - blur.A_adjoint(blur.A(x) - y)
    after = distance(blur, y, x)
    verdict = 'right' if error < 1e-4 and after < before else 'wrong' if error > 0.1 and after > 10*before else 'neither'
    return verdict, f'by adjointness_test {error:.0e}; 30 gradient steps take |Ax - y| / |y| from {before:.3f} to {after:.3g}'

as_described = True
for padding in ('valid', 'circular', 'reflect', 'replicate'):
    for use_fft in (False, True):
        print(f"padding {padding}, {'FFT' if use_fft else 'direct'}")
        blurs = {size: Blur(filter=kernel, padding=padding, use_fft=use_fft) for size, kernel in kernels.items()}
        thin = {'valid': 'right', 'circular': 'right' if use_fft else 'RuntimeError', 'reflect': 'RuntimeError', 'replicate': 'wrong'}[padding]
        for size, blur in blurs.items():
            verdict, seen = adjoint(blur)
            print(f'  {size}: {verdict}: {seen}')
            as_described &= verdict == (thin if '1' in size else 'right')
        if padding != 'valid': # which leaves photos of different sizes
            as_described &= torch.allclose(blurs['1 x 9'].A(photo), blurs['3 x 9'].A(photo), atol=1e-5)
print('thin kernels lose their adjoint, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
