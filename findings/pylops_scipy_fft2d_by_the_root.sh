#!/usr/bin/env bash
# pylops' FFT2D with engine='scipy' has an adjoint that is too small by the root of the number of pixels (128 here), and no inverse.
#
# FFT2D is the operator of deblurring in the frequency domain. norm='none' is documented as no scaling of the transform and of its adjoint,
# norm='1/n' as 1 / N for both, N being the number of frequencies, and division by the operator as its inverse. With NumPy, the default engine, it
# is so, and FFTND is right with both engines. With engine='scipy', which the documentation names for other precisions than double, FFT2D takes the
# root of N where it should take N. With norm='none' the adjoint is too small by it; with norm='1/n' the transform is too large by it and the
# adjoint does not belong to it; and Op / y returns the photo divided or multiplied by it. norm='ortho', the default, is right, which hides it.
# pylops' own dottest fails, and CGLS, which gets a photo back from its spectrum with the others, has 2 % of it after 5 steps. What helps:
# engine='numpy', norm='ortho', or FFTND.
#
# Seen:
#     pylops 2.8.0 SciPy 1.17.1 NumPy 2.4.6
#     norm 'none', FFT2D by NumPy: transform 1, adjoint 1, inverse 1 times the right one; dottest passes; CGLS off by 0.00 of the photo
#     norm 'none', FFT2D by SciPy: transform 1, adjoint 0.007812, inverse 0.007813 times the right one; dottest fails; CGLS off by 0.98 of the photo
#     norm 'none', FFTND by SciPy: transform 1, adjoint 1, inverse 1 times the right one; dottest passes; CGLS off by 0.00 of the photo
#     norm '1/n', FFT2D by NumPy: transform 1, adjoint 1, inverse 1 times the right one; dottest passes; CGLS off by 0.00 of the photo
#     norm '1/n', FFT2D by SciPy: transform 128, adjoint 0.007812, inverse 128 times the right one; dottest fails; CGLS off by 0.98 of the photo
#     norm '1/n', FFTND by SciPy: transform 1, adjoint 1, inverse 1 times the right one; dottest passes; CGLS off by 0.00 of the photo
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pylops==2.8.0 scipy==1.17.1 scikit-image==0.26.0 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
import numpy as np, pylops, scipy
from pylops.optimization.basic import cgls
from pylops.signalprocessing import FFT2D, FFTND
from pylops.utils import dottest
from skimage import data

print('pylops', pylops.__version__, 'SciPy', scipy.__version__, 'NumPy', np.__version__)
sharp = data.camera()[100:228, 150:278] / 255
x, size = sharp.ravel(), sharp.shape
root = np.sqrt(x.size)
spectrum = np.fft.fft2(sharp).ravel()
y = np.random.default_rng(0).standard_normal((2, x.size)).T @ [1, 1j]

as_described = True
for norm, scale in (('ortho', 1 / root), ('none', 1), ('1/n', 1 / x.size)):
    for name, op in (('FFT2D by NumPy', FFT2D(size, norm=norm, engine='numpy')), ('FFT2D by SciPy', FFT2D(size, norm=norm, engine='scipy')),
                     ('FFTND by SciPy', FFTND(size, axes=(0, 1), norm=norm, engine='scipy'))):
        transform = np.vdot(scale * spectrum, op @ x).real / np.vdot(scale * spectrum, scale * spectrum).real # 1: the documented one
        adjoint = (np.vdot(op.H @ y, x) / np.vdot(y, op @ x)).real # 1: the transform's own
        inverse = np.vdot(x, op / (op @ x)).real / np.vdot(x, x).real
        passed = dottest(op, complexflag=3, raiseerror=False)
        solved = cgls(op, op @ x, x0=np.zeros(x.size, complex), niter=5, tol=0)[0]
        far = np.linalg.norm(solved - x) / np.linalg.norm(x)
        print(f"norm '{norm}', {name}: transform {transform:.4g}, adjoint {adjoint:.4g}, inverse {inverse:.4g} times the right one;",
              f"dottest {'passes' if passed else 'fails'}; CGLS off by {far:.2f} of the photo")
        wrong = name == 'FFT2D by SciPy' and norm != 'ortho'
        expected = [root if norm == '1/n' else 1, 1 / root, root if norm == '1/n' else 1 / root] if wrong else [1, 1, 1]
        as_described &= np.allclose([transform, adjoint, inverse], expected, rtol=1e-6) and passed != wrong and (far > 0.9 if wrong else far < 1e-6)
print('the root stands for the number, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
