"""What `deblur-photo` does with broken and odd files: each gives the expected photo, or one sentence and no traceback."""
import os, struct, subprocess, sys, zlib
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile
import torch
from PIL import Image, ImageCms
from skimage import data

from deblur_nb.cli import photo_command
from deblur_nb.photos import as_photo, open_photo, save_photo
from deblur_nb.models import DeblurGAN

pytestmark = pytest.mark.long

COLOUR = data.astronaut()[60:60 + 37, 200:200 + 53] # odd sizes
GREY = data.camera()[100:100 + 37, 200:200 + 53]
DEEP = COLOUR.astype(np.uint16) * 257 + 100
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile('sRGB')).tobytes()

@pytest.fixture(scope='session')
def weights(tmp_path_factory):
    "A tiny network that changes a photo a little; its last layer starts at zero and would change nothing."
    torch.manual_seed(0)
    network = DeblurGAN(width=4, blocks=1)
    torch.nn.init.normal_(network.tail.weight, std=.01)
    network.save_pretrained(folder := tmp_path_factory.mktemp('weights'))
    return folder

@pytest.fixture
def command(weights, capsys):
    "Run the command with the tiny network: exit code, standard output, error stream."
    def run(*args):
        code = photo_command([*map(str, args), '--weights', str(weights)])
        said = capsys.readouterr()
        assert 'Traceback' not in said.err
        return code, said.out, said.err
    return run

def save(image, path, **options):
    (image if isinstance(image, Image.Image) else Image.fromarray(image)).save(path, **options)
    return path

def damaged(path, keep):
    "Cut the file to a part of its bytes."
    path.write_bytes(path.read_bytes()[:int(keep * path.stat().st_size)])
    return path

def huge(path):
    "A PNG of 70 bytes that claims 60,000 x 60,000 pixels."
    chunk = lambda name, content: struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content))
    path.write_bytes(b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', struct.pack('>IIBBBBB', 60000, 60000, 8, 2, 0, 0, 0)) + chunk(b'IDAT', zlib.compress(b'')) + chunk(b'IEND', b''))
    return path

def labelled(path, name, content):
    "A PNG with a chunk before its pixels."
    whole = save(COLOUR, path).read_bytes()
    return written(path, whole[:33] + struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content)) + whole[33:])

def deep_tiff(path, pixels, **how):
    tifffile.imwrite(path, pixels, photometric='rgb' if pixels.ndim == 3 else 'minisblack', metadata=None, **how)
    return path

def written(path, content):
    path.write_bytes(content)
    return path

def folder_with(path, *files):
    path.mkdir()
    for name in files: (path / name).write_text('no photo')
    return path

# Files that cannot be restored: (what is given, from a folder) and a part of the sentence

BROKEN = {
    'empty file': (lambda d: written(d / 'empty.jpg', b''), 'empty.jpg is empty.'),
    'text named .jpg': (lambda d: written(d / 'letter.jpg', b'Dear reader,'), 'letter.jpg is not a photo that this kit can read'),
    'JPEG cut short': (lambda d: damaged(save(COLOUR, d / 'cut.jpg'), .6), 'cut.jpg is damaged or of a rare kind'),
    'PNG cut short': (lambda d: damaged(save(COLOUR, d / 'cut.png'), .6), 'cut.png is damaged or of a rare kind'),
    'TIFF cut short': (lambda d: damaged(save(COLOUR, d / 'cut.tif'), .6), 'cut.tif is'),
    '16-bit PNG cut short': (lambda d: damaged(save_photo(as_photo(DEEP), d / 'cut16.png'), .6), 'cut16.png is damaged or of a rare kind'),
    '16-bit TIFF cut short': (lambda d: damaged(save_photo(as_photo(DEEP), d / 'cut16.tif'), .6), 'cut16.tif is'),
    'JPEG without its end': (lambda d: damaged(save(COLOUR, d / 'end.jpg'), .97), 'end.jpg is damaged or of a rare kind'),
    'missing path': (lambda d: d / 'gone.jpg', 'There is no file or folder'),
    'folder without photos': (lambda d: folder_with(d / 'texts', 'a.txt'), 'There are no photos'),
    'folder named like a photo': (lambda d: folder_with(d / 'album.jpg'), 'There are no photos'),
    'huge declared size': (lambda d: huge(d / 'huge.png'), 'huge.png claims more than'),
    'JPEG XL': (lambda d: written(d / 'photo.jxl', b'\xff\x0a' + bytes(20)), 'photo.jxl is a JPEG XL photo, which this kit cannot read: export it as JPEG, PNG or TIFF first.'),
    'JPEG XL named .png': (lambda d: written(d / 'photo.png', b'\0\0\0\x0cJXL \r\n\x87\n' + bytes(20)), 'photo.png is a JPEG XL photo'),
    'OpenEXR': (lambda d: written(d / 'scene.png', b'v/1\x01' + bytes(20)), 'scene.png is an OpenEXR picture'),
    'PDF': (lambda d: written(d / 'scan.pdf', b'%PDF-1.7 and so on'), 'scan.pdf is not a photo'),
    '32-bit float TIFF': (lambda d: save(GREY.astype(np.float32), d / 'float.tif'), 'float.tif holds floating-point numbers, and nobody knows which of them is white: save it with 8 or 16 bits a channel.'),
    'half-float colour TIFF': (lambda d: deep_tiff(d / 'half.tif', COLOUR.astype(np.float16)), 'half.tif holds floating-point numbers'),
    '32-bit integer TIFF': (lambda d: deep_tiff(d / 'long.tif', GREY.astype(np.uint32)), 'long.tif holds numbers of 32 bits'),
    'JPEG 2000 of numbers with a sign': (lambda d: written(d / 'signed.jp2', imagecodecs.jpeg2k_encode(COLOUR.astype(np.int16) - 99, level=0, reversible=True)), 'signed.jp2 is damaged or of a rare kind'),
    'HDR PNG': (lambda d: labelled(d / 'hdr.png', b'cICP', bytes([9, 18, 0, 1])), 'hdr.png holds HDR brightness (cICP: HLG)'),
}

@pytest.mark.parametrize('kind', BROKEN)
def test_broken_file_is_reported_and_skipped_and_the_rest_is_done(kind, command, tmp_path):
    make, sentence = BROKEN[kind]
    given, good = make(tmp_path), save(COLOUR, tmp_path / 'good.png')
    code, out, err = command(given, good, '--out', tmp_path / 'out')
    assert code == 1
    assert sentence in err and err.count('skipped:') == 1 and len(err.strip().splitlines()) == 1
    assert sorted(path.name for path in (tmp_path / 'out').iterdir()) == ['good.png', 'sheet.jpg']
    assert '1 photo restored' in out

# Odd files that can: (what is given) and a check of (the restored file as Pillow sees it, the input)

def same_alpha(now, before): return np.array_equal(np.array(now.convert('RGBA'))[..., 3], np.array(before.convert('RGBA'))[..., 3])

def palette(path, **options): return save(Image.fromarray(COLOUR).quantize(16), path, **options)

def turned(path):
    exif = Image.Exif()
    exif[0x0112], exif[271] = 6, 'A camera'
    return save(COLOUR, path, exif=exif, quality=95)

ODD = {
    '1x1 pixel': (lambda d: save(COLOUR[:1, :1], d / 'dot.png'), lambda now, before: now.size == (1, 1)),
    '1xN strip': (lambda d: save(COLOUR[:1], d / 'strip.png'), lambda now, before: now.size == (53, 1)),
    'Nx1 strip': (lambda d: save(COLOUR[:, :1], d / 'strip.png'), lambda now, before: now.size == (1, 37)),
    '37x53': (lambda d: save(COLOUR, d / 'odd.png'), lambda now, before: (now.size, now.mode) == ((53, 37), 'RGB')),
    'grey': (lambda d: save(GREY, d / 'grey.jpg'), lambda now, before: now.mode == 'L'),
    'grey and alpha': (lambda d: save(np.dstack([GREY, GREY]), d / 'grey.png'), lambda now, before: now.mode == 'LA' and same_alpha(now, before)),
    'RGBA': (lambda d: save(np.dstack([COLOUR, GREY]), d / 'alpha.png'), lambda now, before: now.mode == 'RGBA' and same_alpha(now, before)),
    'RGBA WebP': (lambda d: save(np.dstack([COLOUR, GREY]), d / 'alpha.webp', lossless=True), lambda now, before: now.format == 'WEBP' and same_alpha(now, before)),
    'palette': (lambda d: palette(d / 'palette.png'), lambda now, before: now.mode == 'RGB'),
    'palette with transparency': (lambda d: palette(d / 'palette.png', transparency=3), lambda now, before: now.mode == 'RGBA' and same_alpha(now, before)),
    'CMYK JPEG': (lambda d: save(Image.fromarray(COLOUR).convert('CMYK'), d / 'print.jpg'), lambda now, before: (now.mode, now.format) == ('RGB', 'JPEG')),
    '1-bit': (lambda d: save(Image.fromarray(GREY).convert('1'), d / 'bits.png'), lambda now, before: now.mode == 'L'),
    '16-bit grey PNG': (lambda d: save_photo(as_photo(DEEP[..., 0]), d / 'deep.png'), lambda now, before: now.mode == 'I;16' and len(np.unique(np.array(now) % 257)) > 50),
    '16-bit colour PNG': (lambda d: save_photo(as_photo(DEEP), d / 'deep.png'), lambda now, before: len(np.unique(open_photo(now.filename).pixels % 257)) > 50),
    '16-bit RGB TIFF': (lambda d: save_photo(as_photo(DEEP), d / 'deep.tif'), lambda now, before: len(np.unique(tifffile.imread(now.filename) % 257)) > 50),
    '16-bit LZW TIFF': (lambda d: deep_tiff(d / 'lzw.tif', DEEP, compression='lzw', predictor=True), lambda now, before: len(np.unique(tifffile.imread(now.filename) % 257)) > 50),
    '16-bit Zstandard TIFF': (lambda d: deep_tiff(d / 'zstd.tif', DEEP, compression='zstd'), lambda now, before: len(np.unique(tifffile.imread(now.filename) % 257)) > 50),
    '16-bit colour JPEG 2000, nearly white': (lambda d: written(d / 'white.jp2', imagecodecs.jpeg2k_encode(np.full_like(DEEP, 65500), level=0, reversible=True)), lambda now, before: open_photo(now.filename).pixels.mean() > 60000),
    'EXIF orientation 6': (lambda d: turned(d / 'turned.jpg'), lambda now, before: now.size == (37, 53) and now.getexif().get(0x0112, 1) == 1 and now.getexif()[271] == 'A camera'),
    'ICC profile': (lambda d: save(COLOUR, d / 'profile.jpg', icc_profile=SRGB), lambda now, before: now.info['icc_profile'] == SRGB),
    'spaces and umlauts in the name': (lambda d: save(COLOUR, d / 'zwei Wörter 写真.jpg'), lambda now, before: now.format == 'JPEG'),
    'PNG named .jpg': (lambda d: save(np.dstack([COLOUR, GREY]), d / 'wrong.jpg', format='PNG'), lambda now, before: now.filename.endswith('wrong.png') and same_alpha(now, before)),
    'upper-case suffix': (lambda d: save(COLOUR, d / 'DSC001.JPG'), lambda now, before: now.filename.endswith('DSC001.JPG')),
    'BMP': (lambda d: save(COLOUR, d / 'old.bmp'), lambda now, before: now.format == 'BMP'),
    'JPEG 2000': (lambda d: save(COLOUR, d / 'scan.jp2'), lambda now, before: now.format == 'PNG'),
}

@pytest.mark.parametrize('kind', ODD)
def test_odd_file_is_restored(kind, command, tmp_path):
    make, check = ODD[kind]
    source = make(tmp_path)
    code, out, err = command(source, '--out', tmp_path / 'out')
    assert (code, err) == (0, '')
    [result] = [path for path in (tmp_path / 'out').iterdir() if path.name != 'sheet.jpg']
    assert result.stem == source.stem
    with Image.open(result) as now, Image.open(source) as before:
        now.load()
        assert check(now, before)

@pytest.mark.parametrize('name, beginning, kind', [
    ('phone.heic', b'\0\0\0\x18ftypheic', 'a HEIC photo'), ('phone.jpg', b'\0\0\0\x18ftypheic', 'a HEIC photo'),
    ('raw.nef', b'II*\0', "a camera's raw file"), ('raw.tif', b'FUJIFILMCCD-RAW ', "a camera's raw file")])
def test_heic_and_raw_files_without_their_readers_name_the_command_that_installs_them(name, beginning, kind, command, monkeypatch, tmp_path):
    for reader in ('rawpy', 'pillow_heif'): monkeypatch.setitem(sys.modules, reader, None)
    code, out, err = command(written(tmp_path / name, beginning + bytes(50)), '--out', tmp_path / 'out')
    assert code == 1 and f'{name} is {kind}: install its reader with pip install "deblur_nb[photos]", or export it as JPEG, PNG or TIFF.' in err

def test_twelve_bits_are_as_bright_as_sixteen(command, tmp_path):
    deep_tiff(tmp_path / 'twelve.tif', DEEP >> 4, bitspersample=12)
    assert command(tmp_path / 'twelve.tif', '--out', tmp_path / 'out')[0] == 0
    assert abs(tifffile.imread(tmp_path / 'out' / 'twelve.tif').mean() - DEEP.mean()) < .05 * 65535

def test_heic_photo_is_restored(command, tmp_path):
    pytest.importorskip('pillow_heif').from_pillow(Image.fromarray(COLOUR)).save(tmp_path / 'phone.heic', quality=95)
    code, out, err = command(tmp_path, '--out', tmp_path / 'out')
    assert (code, err) == (0, '')
    assert np.abs(np.array(Image.open(tmp_path / 'out' / 'phone.png')).astype(int) - COLOUR).mean() < 20

def test_linear_light_is_converted_and_said(command, tmp_path):
    code, out, err = command(labelled(tmp_path / 'linear.png', b'gAMA', struct.pack('>I', 100000)), '--out', tmp_path / 'out')
    assert code == 0 and 'were converted to sRGB' in err

def test_folder_names_what_it_passes_over(command, tmp_path):
    photos = folder_with(tmp_path / 'photos', 'a.jxl')
    save(COLOUR, photos / 'b.png')
    code, out, err = command(photos, '--out', tmp_path / 'out')
    assert (code, err) == (0, f'note: Passed over in {photos}: a.jxl (export them as JPEG, PNG or TIFF).\n')

def test_restored_photo_differs_a_little(command, tmp_path):
    command(save(COLOUR, tmp_path / 'photo.png'), '--out', tmp_path / 'out')
    difference = np.abs(np.array(Image.open(tmp_path / 'out' / 'photo.png')).astype(int) - COLOUR)
    assert 0 < difference.mean() < 20

@pytest.mark.parametrize('precision', ['float32', 'bfloat16', 'auto'])
def test_precision_changes_a_result_by_less_than_the_eye_sees(precision, command, tmp_path):
    save(COLOUR, tmp_path / 'photo.png')
    for name, arguments in (('given', ['--precision', precision]), ('exact', ['--precision', 'float32'])):
        assert command(tmp_path / 'photo.png', '--out', tmp_path / name, *arguments)[0] == 0
    given, exact = (np.array(Image.open(tmp_path / name / 'photo.png')).astype(int) for name in ('given', 'exact'))
    assert np.abs(given - exact).mean() < (.5 if precision != 'float32' else 1e-9)

def test_animated_gif_gives_its_first_frame_and_says_so(command, tmp_path):
    frames = [Image.fromarray(COLOUR), Image.fromarray(255 - COLOUR)]
    frames[0].save(tmp_path / 'film.gif', save_all=True, append_images=frames[1:])
    code, out, err = command(tmp_path / 'film.gif', '--out', tmp_path / 'out')
    assert code == 0 and 'only the first of its 2 frames was read' in err
    now, first = (np.array(image.convert('RGB')).astype(int) for image in (Image.open(tmp_path / 'out' / 'film.png'), Image.open(tmp_path / 'film.gif')))
    assert np.abs(now - first).mean() < 20 # and far from the second frame

def test_cmyk_profile_is_dropped_and_it_is_said(command, tmp_path):
    ink = bytearray(SRGB)
    ink[16:20] = b'CMYK' # a profile for another colour space; its tables do not matter here
    save(Image.fromarray(COLOUR).convert('CMYK'), tmp_path / 'print.jpg', icc_profile=bytes(ink))
    code, out, err = command(tmp_path / 'print.jpg', '--out', tmp_path / 'out')
    assert code == 0 and 'colour profile does not describe RGB or grey and was dropped' in err
    assert 'icc_profile' not in Image.open(tmp_path / 'out' / 'print.jpg').info

@pytest.mark.parametrize('method', ['none', 'shake', 'auto'])
def test_a_photo_that_is_left_as_it_is_is_its_file_to_the_bit(method, tmp_path, capsys):
    photos, sharp = folder_with(tmp_path / 'photos'), Image.fromarray(data.astronaut()[60:188, 150:310])
    tags = Image.Exif()
    tags.update({0x0112: 6, 0x8769: {0x927C: b'of the maker'}}) # turned; a `Photo` holds no maker's notes
    save(sharp, photos / 'photo.jpg', quality=80, exif=tags, comment=b'from Rome')
    save(sharp, photos / 'photo.webp', quality=80)
    save(sharp, photos / 'frames.tif', save_all=True, append_images=[sharp])
    save(sharp.quantize(64), photos / 'still.gif')
    assert photo_command([str(photos), '--out', str(tmp_path / 'out'), '--method', method, '--quality', '30']) == 0
    err = capsys.readouterr().err
    assert err.count('left as it is') == 4 and 'frames' not in err.replace('frames.tif', '')
    for name in ('photo.jpg', 'photo.webp', 'frames.tif'): assert (tmp_path / 'out' / name).read_bytes() == (photos / name).read_bytes()
    assert (open_photo(tmp_path / 'out' / 'still.png').pixels == open_photo(photos / 'still.gif').pixels).all()

# Names and folders

def test_two_inputs_of_one_name(command, tmp_path):
    for name, content in (('a', COLOUR), ('b', 255 - COLOUR)): save(content, folder_with(tmp_path / name) / 'photo.png')
    code, out, err = command(tmp_path / 'a', tmp_path / 'b', '--out', tmp_path / 'out')
    assert code == 0
    means = [np.array(Image.open(tmp_path / 'out' / name)).mean() for name in ('photo.png', 'photo-2.png')]
    assert means == pytest.approx([COLOUR.mean(), 255 - COLOUR.mean()], abs=10)

def test_shake_names_the_photo_that_it_cannot_read_one_from(tmp_path, capsys):
    given = [save(COLOUR, tmp_path / 'small.png'), save(np.full((64, 64), 128, np.uint8), tmp_path / 'flat.png')]
    assert photo_command([*map(str, given), '--out', str(tmp_path / 'out'), '--method', 'shake']) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.startswith(f'skipped: {path}: ') for line, path in zip(lines, given)] == [True, True] and not list((tmp_path / 'out').iterdir())

def test_a_kernel_is_kept_under_one_name_and_only_where_a_shake_was_undone(tmp_path, capsys):
    np.save(tmp_path / 'k.npy', np.ones((1, 5)) / 5)
    folder = folder_with(tmp_path / 'photos')
    for name in ('cat-kernel.png', 'cat.png'): save(COLOUR, folder / name)
    assert photo_command([str(folder), '--out', str(tmp_path / 'out'), '--kernel', str(tmp_path / 'k.npy'), '--save-kernel']) == 0
    kernels = ['cat-kernel-2.npy', 'cat-kernel-2.png', 'cat-kernel-kernel.npy', 'cat-kernel-kernel.png']
    assert sorted(p.name for p in (tmp_path / 'out').iterdir()) == sorted([*kernels, 'cat-kernel.png', 'cat.png', 'sheet.jpg'])
    save(data.astronaut()[60:188, 150:310], tmp_path / 'sharp.png')
    assert photo_command([str(tmp_path / 'sharp.png'), '--out', str(tmp_path / 'two'), '--method', 'shake', '--save-kernel']) == 0
    assert 'no shake found' in capsys.readouterr().err and sorted(p.name for p in (tmp_path / 'two').iterdir()) == ['sharp.png', 'sheet.jpg']

def test_one_input_named_twice_is_restored_once(command, tmp_path):
    path = save(COLOUR, tmp_path / 'photo.png')
    assert command(path, tmp_path, path, '--out', tmp_path / 'out')[0] == 0
    assert sorted(p.name for p in (tmp_path / 'out').iterdir()) == ['photo.png', 'sheet.jpg']

def test_photo_called_sheet(command, tmp_path):
    save(COLOUR, tmp_path / 'sheet.jpg')
    assert command(tmp_path / 'sheet.jpg', '--out', tmp_path / 'out')[0] == 0
    assert Image.open(tmp_path / 'out' / 'sheet-2.jpg').size == (53, 37)
    assert Image.open(tmp_path / 'out' / 'sheet.jpg').size[0] > 106

@pytest.mark.parametrize('way', ['same folder', 'linked folder', 'linked file', 'hard link'])
def test_input_is_never_overwritten(way, command, tmp_path):
    source = save(COLOUR, folder_with(tmp_path / 'in') / 'photo.png')
    out = tmp_path / 'in' if way == 'same folder' else tmp_path / 'out'
    if way == 'linked folder': out.symlink_to(tmp_path / 'in')
    if way in ('linked file', 'hard link'): out.mkdir()
    if way == 'linked file': (out / 'photo.png').symlink_to(source)
    if way == 'hard link': os.link(source, out / 'photo.png')
    content = source.read_bytes()
    code, _, err = command(source, '--out', out)
    assert code == 1 and 'was left alone, since its restored photo would take its place' in err
    assert source.read_bytes() == content

def test_force_replaces_the_input_but_no_other_input(command, tmp_path):
    one, two = (save(content, folder_with(tmp_path / name) / 'photo.png') for name, content in (('one', COLOUR), ('two', 255 - COLOUR)))
    old = one.read_bytes()
    assert command(one, two, '--out', tmp_path / 'two', '--force')[0] == 0
    assert one.read_bytes() == old
    assert np.array(Image.open(two)).mean() == pytest.approx(255 - COLOUR.mean(), abs=10)
    assert np.array(Image.open(tmp_path / 'two' / 'photo-2.png')).mean() == pytest.approx(COLOUR.mean(), abs=10)

def test_existing_output_is_left_alone_without_force(command, tmp_path):
    source, old = save(COLOUR, tmp_path / 'photo.png'), save(255 - COLOUR, folder_with(tmp_path / 'out') / 'photo.png')
    content = old.read_bytes()
    code, _, err = command(source, '--out', tmp_path / 'out')
    assert code == 1 and 'exists already: --force replaces it.' in err and old.read_bytes() == content
    assert command(source, '--out', tmp_path / 'out', '--force')[0] == 0 and old.read_bytes() != content

@pytest.mark.parametrize('out', ['file', 'file/below'])
def test_out_folder_that_cannot_be_made(out, command, tmp_path):
    (tmp_path / 'file').write_text('in the way')
    code, _, err = command(save(COLOUR, tmp_path / 'photo.png'), '--out', tmp_path / out)
    assert code == 1 and 'file is a file: choose another name' in err and len(err.strip().splitlines()) == 1

@pytest.mark.skipif(not hasattr(os, 'geteuid') or os.geteuid() == 0, reason='root may write anywhere')
def test_out_folder_without_permission(command, tmp_path):
    (tmp_path / 'closed').mkdir(mode=0o500)
    code, _, err = command(save(COLOUR, tmp_path / 'photo.png'), '--out', tmp_path / 'closed')
    assert code == 1 and 'cannot be written to' in err

# Weights and usage

def unreadable(folder, kind):
    if kind == 'damaged': (folder / 'model.safetensors').write_bytes(b'damaged')
    if kind == 'of another size': DeblurGAN(width=8, blocks=1).save_pretrained(folder / 'other'), os.replace(folder / 'other' / 'model.safetensors', folder / 'model.safetensors')
    if kind == 'missing': (folder / 'model.safetensors').unlink()
    if kind == 'no config': (folder / 'config.json').unlink()
    return folder

@pytest.mark.parametrize('kind, sentence', {'damaged': 'cannot be loaded', 'of another size': 'cannot be loaded', 'missing': 'has no model.safetensors', 'no config': 'has no config.json'}.items())
def test_weights_that_cannot_be_read(kind, sentence, tmp_path, capsys):
    folder = folder_with(tmp_path / 'weights')
    DeblurGAN(width=4, blocks=1).save_pretrained(folder)
    code = photo_command([str(save(COLOUR, tmp_path / 'photo.png')), '--out', str(tmp_path / 'out'), '--weights', str(unreadable(folder, kind))])
    err = capsys.readouterr().err
    assert code == 1 and sentence in err and len(err.strip().splitlines()) == 1
    assert not (tmp_path / 'out').exists()

def test_weights_that_do_not_exist(tmp_path, capsys):
    assert photo_command([str(save(COLOUR, tmp_path / 'photo.png')), '--weights', 'no-such-weights']) == 1
    assert "There are no weights 'no-such-weights'" in capsys.readouterr().err

def test_network_that_gives_nan_names_the_photo(tmp_path, capsys, monkeypatch):
    network = DeblurGAN(width=4, blocks=1)
    torch.nn.init.constant_(network.tail.bias, float('nan'))
    network.save_pretrained(tmp_path/'weights')
    monkeypatch.setattr('deblur_nb.models.base._misfit', lambda there, given: None) # so that the weights are taken
    assert photo_command([str(save(COLOUR, tmp_path/'photo.png')), '--out', str(tmp_path/'out'), '--weights', str(tmp_path/'weights')]) == 1
    assert 'not finite (nan or infinity) on' in (err := capsys.readouterr().err) and 'photo.png' in err
    assert not list((tmp_path/'out').iterdir())

def test_weights_with_nan_are_refused_by_the_name_of_their_tensor(tmp_path, capsys):
    network = DeblurGAN(width=4, blocks=1, note='broken')
    torch.nn.init.constant_(network.tail.bias, float('nan'))
    network.save_pretrained(tmp_path/'weights')
    assert photo_command([str(save(COLOUR, tmp_path/'photo.png')), '--out', str(tmp_path/'out'), '--weights', str(tmp_path/'weights')]) == 1
    assert "'tail.bias' holds values that are not finite" in capsys.readouterr().err

@pytest.mark.parametrize('args', [[], ['--tile', '3', 'a.jpg'], ['--tile', 'large', 'a.jpg'], ['--quality', '101', 'a.jpg'], ['--colour', 'a.jpg'], ['--precision', 'half', 'a.jpg']])
def test_wrong_usage(args, capsys):
    with pytest.raises(SystemExit) as stop: photo_command(args)
    assert stop.value.code == 2 and 'usage: deblur-photo' in capsys.readouterr().err

def test_unknown_device(command, tmp_path):
    code, _, err = command(save(COLOUR, tmp_path / 'photo.png'), '--out', tmp_path / 'out', '--device', 'abacus')
    assert code == 1 and 'The device abacus is not to be had here' in err

def test_ctrl_c_leaves_whole_files_only(command, tmp_path, monkeypatch):
    for name in 'ab': save(COLOUR, tmp_path / f'{name}.png')
    real, calls = os.replace, []
    def interrupted(*args):
        calls.append(args)
        if len(calls) > 1: raise KeyboardInterrupt
        real(*args)
    monkeypatch.setattr(os, 'replace', interrupted)
    code, out, err = command(tmp_path / 'a.png', tmp_path / 'b.png', '--out', tmp_path / 'out')
    assert code == 130 and 'Stopped' in err
    assert [path.name for path in (tmp_path / 'out').iterdir()] == ['a.png']

def test_large_photo_in_small_tiles(command, tmp_path):
    save(np.tile(COLOUR, (6, 6, 1)), tmp_path / 'large.png')
    assert command(tmp_path / 'large.png', '--out', tmp_path / 'out', '--tile', 64)[0] == 0
    assert Image.open(tmp_path / 'out' / 'large.png').size == (318, 222)

def test_as_a_real_command(weights, tmp_path):
    save(COLOUR, tmp_path / 'photo.jpg')
    done = subprocess.run([sys.executable, '-c', 'import sys; from deblur_nb.cli import photo_command; sys.exit(photo_command())', 'photo.jpg', 'gone.jpg', '--weights', str(weights)], cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (1, 'skipped: There is no file or folder gone.jpg.\n')
    assert done.stdout == f"1 photo restored, in restored; before and after: {Path('restored/sheet.jpg')}\n"

@pytest.mark.parametrize('args', [('photo.png', '--out', ''), ('',), ('photo.png', '--kernel', ' ')])
def test_an_empty_path_is_not_the_present_folder(args, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    save(COLOUR, tmp_path / 'photo.png')
    with pytest.raises(SystemExit) as stop: photo_command([*args, '--method', 'none'] if '--kernel' not in args else [*args])
    assert stop.value.code == 2 and 'the path is empty: name a file or a folder' in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ['photo.png']
