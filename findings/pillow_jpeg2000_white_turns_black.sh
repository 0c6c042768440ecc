#!/usr/bin/env bash
# Pillow reads the white of a colour JPEG 2000 photo with more than 8 bits as black.
#
# A colour JPEG 2000 file of 12 or 16 bits is valid (ISO/IEC 15444-1 allows up to 38), and its brightest code is white. Pillow reduces such
# samples to 8 bits with a rounding that is carried beyond 255 and wraps around to 0. Grey files of 16 bits are read as they are (mode I;16),
# and what lies a little below white is right, so a photo shows black specks in its highlights. Decoders that keep the bits (here: OpenJPEG
# by imagecodecs) return the brightest code.
#
# Needs Python 3.10 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pillow==12.0.0 imagecodecs==2025.11.11 numpy==2.3.4
"$folder/env/bin/python" - "$folder/white.jp2" <<'PY'
import sys
import imagecodecs, numpy as np, PIL
from PIL import Image

print('Pillow', PIL.__version__, 'imagecodecs', imagecodecs.__version__)
rows = []
for bits in (8, 12, 16):
    white = 2**bits - 1
    levels = np.array([white // 2, white - white // 16, white], np.uint8 if bits == 8 else np.uint16)
    photo = np.repeat(np.repeat(levels[None, :, None], 16, 0), 3, 2).repeat(16, 1) # three flat bars, (16, 48, 3)
    with open(sys.argv[1], 'wb') as file: file.write(imagecodecs.jpeg2k_encode(photo, bitspersample=bits, reversible=True, level=0))
    kept = np.array_equal(imagecodecs.jpeg2k_decode(open(sys.argv[1], 'rb').read()), photo)
    with Image.open(sys.argv[1]) as image: read = np.asarray(image.convert('RGB'))
    rows.append((bits, kept, read[8, 8::16, 0].tolist()))
    print(f'{bits:2d} bits: imagecodecs returns what was written: {kept}; Pillow reads half, nearly white and white as {rows[-1][2]}')
right, wrong = rows[0], rows[1:]
as_described = all(kept for _, kept, _ in rows) and right[2][2] == 255 and all(bars[2] == 0 and 230 <= bars[1] <= 250 for _, _, bars in wrong)
print('white is read as black, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
