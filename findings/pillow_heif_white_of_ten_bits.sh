#!/usr/bin/env bash
# A white HEIC photo of 10 bits, read by pillow-heif as 16 bits, is not white: 65472 instead of 65535.
#
# HEIC may hold 10 bits. open_heif(..., convert_hdr_to_8bit=False) gives a 16-bit array, and its hdr_to_16bit=True (the default)
# shifts each value up by six bits, so the 1,023 of white becomes 65472: a thousandth short. A photo that is read, divided by 65535 and
# written again loses its white, saturated pixels can no longer be found at the top of the range, and it differs from its own 16-bit PNG.
# What helps: hdr_to_16bit=False, then divide by 1,023.
#
# Needs Python 3.11 or later and a package index. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q pillow-heif==1.8.1 pillow==12.0.0 numpy==2.3.4
cd "$folder"
env/bin/python - <<'PY'
import io, sys
import numpy as np, pillow_heif

print('pillow-heif', pillow_heif.__version__)
white = np.full((64, 64, 3), 65535, np.uint16)
file = io.BytesIO()
pillow_heif.from_bytes('RGB;16', (64, 64), white.tobytes()).save(file, quality=-1) # -1: without loss, in 10 bits

def read(**how):
    file.seek(0)
    return np.asarray(pillow_heif.open_heif(file, convert_hdr_to_8bit=False, **how))

shifted, own = read(), read(hdr_to_16bit=False)
print(f'written 65535; read {shifted.dtype} {shifted.min()} to {shifted.max()}; with hdr_to_16bit=False {own.min()} to {own.max()}')
as_described = shifted.dtype == np.uint16 and {shifted.min(), shifted.max()} == {65472} and {own.min(), own.max()} == {1023}
print('white is 65472, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
