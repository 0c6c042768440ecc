"""Damage photos of many formats and open them. `python tests/mutated.py FIRST COUNT` prints, as JSON, what happened to the mutants
FIRST, FIRST + 1, ..., whose damage depends on their number only; test_mutated_photos.py calls it in a process of its own."""
import io, json, resource, struct, sys, tempfile, warnings, zlib
from importlib.util import find_spec
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from deblur_nb.photos import deep_png_bytes, open_photo

Y, X = np.mgrid[:61, :83]
COLOUR = np.stack([X * 3, Y * 4, X + Y], -1).astype(np.uint8)
DEEP = COLOUR.astype(np.uint16) * 257 + 13

def by_pillow(format, image=COLOUR, mode=None, **how):
    buffer, image = io.BytesIO(), Image.fromarray(image)
    (image.convert(mode) if mode else image).save(buffer, format, **how)
    return buffer.getvalue()

def by_tifffile(pixels, **how):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, pixels, metadata=None, **how)
    return buffer.getvalue()

def labelled():
    "A PNG of linear light with a wide gamut."
    content, chunk = by_pillow('PNG'), b'gAMA' + struct.pack('>I', 100000)
    return content[:33] + struct.pack('>I', 4) + chunk + struct.pack('>I', zlib.crc32(chunk)) + content[33:]

def heic():
    import pillow_heif
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(COLOUR)).save(buffer, quality=80)
    return buffer.getvalue()

def raw():
    "A DNG of grey light."
    tags = [(50706, 'B', 4, (1, 4, 0, 0), True), (271, 's', 0, 'Made up', True), (33421, 'H', 2, (2, 2), True), (33422, 'B', 4, (0, 1, 1, 2), True), (50717, 'I', 1, 65535, True)]
    return by_tifffile(DEEP[:60, :80, 0], photometric=32803, extratags=tags)

MADE = {
    'png': lambda: by_pillow('PNG'), 'palette.png': lambda: by_pillow('PNG', mode='P'), 'deep.png': lambda: deep_png_bytes(DEEP), 'linear.png': labelled,
    'jpg': lambda: by_pillow('JPEG', quality=90), 'ink.jpg': lambda: by_pillow('JPEG', mode='CMYK'),
    'mpo': lambda: by_pillow('MPO', save_all=True, append_images=[Image.fromarray(COLOUR)]),
    'tif': lambda: by_pillow('TIFF'), 'lzw.tif': lambda: by_tifffile(DEEP, photometric='rgb', compression='lzw', predictor=True),
    'twelve.tif': lambda: by_tifffile(DEEP >> 4, photometric='rgb', bitspersample=12), 'big.tif': lambda: by_tifffile(DEEP, photometric='rgb', bigtiff=True, tile=(32, 32), compression='zstd'),
    'webp': lambda: by_pillow('WEBP'), 'avif': lambda: by_pillow('AVIF'), 'jp2': lambda: by_pillow('JPEG2000'),
    'deep.jp2': lambda: imagecodecs.jpeg2k_encode(DEEP, level=0, reversible=True), 'gif': lambda: by_pillow('GIF', mode='P'), 'bmp': lambda: by_pillow('BMP'),
    'ppm': lambda: by_pillow('PPM'), 'tga': lambda: by_pillow('TGA'),
    **({'heic': heic} if find_spec('pillow_heif') else {}), **({'dng': raw} if find_spec('rawpy') else {})}

def damaged(content, rng):
    "A copy with a few wounds: other bytes (half of them near the beginning), huge numbers, a piece lost or doubled, the end cut off."
    content = bytearray(content)
    for wound in rng.integers(0, 6, rng.integers(1, 5)):
        at = int(rng.integers(0, len(content) if rng.random() < .5 else min(400, len(content))))
        length = int(rng.integers(1, 60))
        if wound < 2: content[at] = int(rng.integers(0, 256))
        elif wound == 2: content[at:at + 4] = rng.choice([b'\xff\xff\xff\xff', b'\x7f\xff\xff\xff', b'\0\0\0\0', b'\0\0\xff\xff', b'\xff\xff\0\0'])
        elif wound == 3: del content[at:at + length]
        elif wound == 4: content[at:at] = content[at:at + length]
        elif rng.random() < .3: del content[max(at, 20):]
        if len(content) < 20: content += bytes(20)
    return bytes(content)

def fate(path):
    "'opened' or 'refused' with a sentence that names the file; else what is wrong."
    try: photo = open_photo(path)
    except ValueError as error: return 'refused' if path.name in str(error) and '\n' not in str(error).strip() else f'a sentence without the name: {error!r}'
    except BaseException as error: return f'no sentence: {error!r}'
    pixels = photo.pixels
    return 'opened' if pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype in (np.uint8, np.uint16) and pixels.size else f'odd pixels {pixels.shape} {pixels.dtype}'

def peak():
    "The most memory that this program has had, in KiB; where Linux says it, without that of the process which started it."
    status = Path('/proc/self/status')
    if status.exists(): return int(status.read_text().partition('VmHWM:')[2].split()[0])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

def main(first, count):
    names, whole, fates = list(MADE), {name: make() for name, make in MADE.items()}, {}
    with tempfile.TemporaryDirectory() as folder:
        for name, content in whole.items():
            path = Path(folder, f'whole.{name}')
            path.write_bytes(content)
            assert fate(path) == 'opened', (name, fate(path))
        for number in range(first, first + count):
            path = Path(folder, f'mutant{number}.{names[number % len(names)]}')
            print(path.name, file=sys.stderr, flush=True) # the last line names one that kills the process
            path.write_bytes(damaged(whole[names[number % len(names)]], np.random.default_rng(number)))
            fates[path.name] = fate(path)
            path.unlink()
    odd = {name: what for name, what in fates.items() if what not in ('opened', 'refused')}
    opened = sum(what == 'opened' for what in fates.values())
    print(json.dumps(dict(formats=len(names), opened=opened, refused=len(fates) - opened - len(odd), odd=odd, kilobytes=peak())))

if __name__ == '__main__':
    warnings.simplefilter('ignore')
    main(*map(int, sys.argv[1:]))
