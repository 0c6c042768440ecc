#!/usr/bin/env bash
# A 10-bit film comes out darker than the same film in 8 bits: PyAV, imageio and decord read white as 253, OpenCV as a pale magenta.
#
# A film stores brightness from black at 16 to white at 235, in 10 bits from 64 to 940. All these readers let FFmpeg's swscale make 8-bit
# RGB of a frame, and white should be 255. Of 8 bits it is; of 10 bits rgb24 has 253, and greys are darker by 1.6 in the mean (of 8 bits by 0.5),
# with every interpolation that PyAV names but one, ACCURATE_RND among them. The frame itself is right: its planes are those that were written.
# OpenCV asks for bgr24, which swscale makes in another way on x86: red and blue are right and green is 2 too low, so all greys are tinged. The 16
# bits of rgb48 are no way out: white is 1 short of a 10-bit film and 2 short of an 8-bit one. FFmpeg's documentation of its flags has no word
# of it. Burnt-out pixels, looked for at 255, are none; a sharp film read by one library and a blurred one by another differ in colour;
# and a perfect restoration in 10 bits scores 44 dB here. What helps, both of PyAV and right to rounding: to_ndarray(format='gbrp'), or
# reformat(format='rgb24', interpolation='FULL_CHR_H_INT').
#
# Seen:
#     av 18.1.0 imageio 2.38.1 imageio-ffmpeg 0.8.1 decord 0.6.0 opencv-python-headless 5.0.0.93 numpy 2.4.6
#     8 bits, PyAV rgb24: white is 255 255 255 and greys are off by -0.49 -0.49 -0.49 in the mean; 53.2 dB
#     8 bits, PyAV rgb48: white is 253 253 253 and greys are off by -1.73 -1.73 -1.73 in the mean; 43.2 dB
#     10 bits, PyAV rgb24: white is 253 253 253 and greys are off by -1.60 -1.60 -1.60 in the mean; 43.7 dB
#     10 bits, imageio, pyav: white is 253 253 253 and greys are off by -1.60 -1.60 -1.60 in the mean; 43.7 dB
#     10 bits, imageio, FFMPEG: white is 253 253 253 and greys are off by -1.60 -1.60 -1.60 in the mean; 43.7 dB
#     10 bits, decord: white is 253 253 253 and greys are off by -1.60 -1.60 -1.60 in the mean; 43.7 dB
#     10 bits, OpenCV: white is 255 253 255 and greys are off by -0.00 -1.99 -0.00 in the mean; 46.9 dB
#     10 bits, PyAV rgb48: white is 254 254 254 and greys are off by -0.49 -0.49 -0.49 in the mean; 53.0 dB
#     10 bits, PyAV gbrp: white is 255 255 255 and greys are off by -0.00 -0.00 -0.00 in the mean; 69.7 dB
#
# Needs Python 3.11 or later and a package index; seen on x86. Exit 0: the behaviour is as described; 1: it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install -q av==18.1.0 imageio==2.38.1 imageio-ffmpeg==0.8.1 decord==0.6.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
cd "$folder"
env/bin/python - <<'PY'
import sys
from importlib.metadata import version
import av, cv2, decord, imageio.v3 as iio, numpy as np

print(*[f'{name} {version(name)}' for name in ('av', 'imageio', 'imageio-ffmpeg', 'decord', 'opencv-python-headless', 'numpy')])
width, height = 512, 288
levels = np.arange(width) // 2 # greys from 0 to 255, two columns each

def film(path, bits): # of one frame, lossless; what it should be in [0, 255], from the rounded codes
    step, kind = 2**(bits - 8), {8: np.uint8, 10: np.uint16}[bits]
    codes = np.round((16 + 219 * levels / 255) * step)
    planes = np.full((height * 3 // 2, width), 128 * step, kind)
    planes[:height] = codes
    frame = av.VideoFrame.from_ndarray(planes, format={8: 'yuv420p', 10: 'yuv420p10le'}[bits])
    frame.colorspace, frame.color_range, frame.pts = 1, 1, 0 # BT.709, limited range
    with av.open(path, 'w') as file:
        stream = file.add_stream('ffv1', rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, frame.format.name
        stream.codec_context.colorspace, stream.codec_context.color_range = 1, 1
        for packet in (*stream.encode(frame), *stream.encode()): file.mux(packet)
    return planes, (codes / step - 16) / 219 * 255

def read(path): # the frame, and each way's RGB in [0, 255]
    with av.open(path) as file: frame = next(file.decode(video=0))
    return frame, {'PyAV rgb24': frame.to_ndarray(format='rgb24'), 'PyAV to_image': np.asarray(frame.to_image()),
                   'imageio, pyav': iio.imread(path, index=0, plugin='pyav'), 'imageio, FFMPEG': iio.imread(path, index=0, plugin='FFMPEG'),
                   'decord': decord.VideoReader(path)[0].asnumpy(), 'OpenCV': cv2.VideoCapture(path).read()[1][..., ::-1],
                   'PyAV bgr24': frame.to_ndarray(format='bgr24')[..., ::-1], 'PyAV rgb48': frame.to_ndarray(format='rgb48le') / 257,
                   'PyAV gbrp': frame.to_ndarray(format='gbrp'),
                   'PyAV FULL_CHR_H_INT': frame.reformat(format='rgb24', interpolation='FULL_CHR_H_INT').to_ndarray()}

as_described, whites, off = True, {}, {}
for bits in (8, 10):
    path = f'{bits}.mkv'
    planes, truth = film(path, bits)
    frame, ways = read(path)
    as_described &= np.array_equal(frame.to_ndarray(), planes)
    for name, rgb in ways.items():
        row = rgb[height // 2].astype(float)
        whites[name, bits], off[name, bits] = row[-1], (row - truth[:, None]).mean(0)
        db = -10 * np.log10(np.square((row - truth[:, None]) / 255).mean())
        print(f'{bits} bits, {name}: white is', ' '.join(f'{v:.0f}' for v in row[-1]), 'and greys are off by',
              ' '.join(f'{v:+.2f}' for v in off[name, bits]), f'in the mean; {db:.1f} dB')
quick = ['PyAV rgb24', 'PyAV to_image', 'imageio, pyav', 'imageio, FFMPEG', 'decord']
as_described &= all((whites[name, 8] == 255).all() and (whites[name, 10] == 253).all() and (off[name, 10] < -1.4).all() for name in quick)
as_described &= all((off[name, 8] > -0.6).all() for name in quick) and all(np.abs(off[name, 10]).max() < 0.1 for name in ('PyAV gbrp', 'PyAV FULL_CHR_H_INT'))
as_described &= bool((whites['OpenCV', 8] == 255).all() and whites['OpenCV', 10][1] == 253 and off['OpenCV', 10][1] < -1.8 and (whites['PyAV rgb48', 8] == 253).all())
print('white is lost, as described' if as_described else 'the behaviour has changed')
sys.exit(not as_described)
PY
