"""`deblur-synthesise`, `deblur-train` and `deblur-evaluate`: what they write, and what they say to mistakes."""
import csv, io, json, os

import numpy as np
import pytest
import torch
from PIL import Image
from skimage import data

from deblur_nb.cli import evaluate_command, photo_command, synthesise_command, train_command
from deblur_nb.models import DeblurGAN
from deblur_nb.photos import alone_in
from deblur_nb.training import read_state, write_sealed

pytestmark = pytest.mark.long

@pytest.fixture
def command(capsys):
    "Run a command: exit code, standard output, error stream."
    def run(work, *args):
        code = work([*map(str, args)])
        said = capsys.readouterr()
        assert 'Traceback' not in said.err
        return code, said.out, said.err
    return run

@pytest.fixture
def photos(tmp_path):
    "A folder with a colour, a grey and a 16-bit photo."
    (folder := tmp_path/'photos').mkdir()
    Image.fromarray(data.astronaut()[:90, 180:290]).save(folder/'colour.png')
    Image.fromarray(data.camera()[:90, 180:290]).save(folder/'grey.jpg')
    Image.fromarray(data.camera()[90:180, 180:290].astype(np.uint16)*257).save(folder/'deep.png')
    return folder

def contents(folder): return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob('*') if path.is_file()}

@pytest.mark.skipif(os.name != 'posix', reason='folders are locked on POSIX systems')
def test_two_commands_do_not_write_into_one_folder(command, photos, tmp_path):
    (out := tmp_path/'out').mkdir()
    small = [word for name in ('items', 'val_items', 'epochs', 'width', 'critic_width') for word in ('--set', f'{name}=2')]
    calls = {synthesise_command: (photos, out), evaluate_command: ('--out', out, '--limit', 1, '--baselines', 'none', '--device', 'cpu'),
             train_command: (photos, '--out', out, '--profile', 'smoke', '--variant', 'pixel', '--device', 'cpu', *small)}
    with alone_in(out):
        for work, args in calls.items():
            code, _, err = command(work, *args)
            assert code == 1 and f'Another command is writing into {out}' in err
    assert list(out.iterdir()) == [] and command(synthesise_command, photos, out)[0] == 0

# deblur-synthesise

def test_pairs_have_one_layout(command, photos, tmp_path):
    assert command(synthesise_command, photos, tmp_path/'pairs')[0] == 0
    names = ['colour', 'deep', 'grey']
    assert sorted(contents(tmp_path/'pairs')) == sorted([f'{folder}/{name}.{suffix}' for folder, suffix in (('blur', 'png'), ('sharp', 'png'), ('kernels', 'npy')) for name in names] + ['manifest.csv', 'recipe.json'])
    rows = list(csv.DictReader((tmp_path/'pairs'/'manifest.csv').open()))
    assert [row['name'] for row in rows] == names and rows[2]['photo'] == 'grey.jpg' and rows[0]['seed'] == '42'
    assert {(Image.open(tmp_path/'pairs'/side/'grey.png').mode) for side in ('blur', 'sharp')} == {'L'}

def test_the_seed_decides_everything(command, photos, tmp_path):
    for name, seed in (('a', 1), ('b', 1), ('c', 2)): assert command(synthesise_command, photos, tmp_path/name, '--seed', seed, '--noise', .01, '--gamma', 2.2, '--per-photo', 2)[0] == 0
    a, b, c = (contents(tmp_path/name) for name in 'abc')
    assert a == b and len(a) == 3*3*2 + 2
    assert [name for name in a if name.startswith('blur/') and a[name] == c[name]] == []
    assert a['blur/grey_1.png'] != a['blur/grey_2.png'] and a['sharp/grey_1.png'] == a['sharp/grey_2.png']

def test_two_photos_of_one_name_make_two_pairs(command, photos, tmp_path):
    Image.fromarray(data.coffee()[:90, :110]).save(photos/'grey.png')
    assert command(synthesise_command, photos, tmp_path/'pairs')[0] == 0
    assert (tmp_path/'pairs'/'blur'/'grey-2.png').exists()
    assert len({(tmp_path/'pairs'/'sharp'/name).read_bytes() for name in ('grey.png', 'grey-2.png')}) == 2

def test_a_broken_photo_is_skipped(command, photos, tmp_path):
    (photos/'broken.jpg').write_text('no photo')
    Image.fromarray(data.coffee()[:5, :5]).save(photos/'tiny.png')
    code, out, err = command(synthesise_command, photos, tmp_path/'pairs')
    assert code == 1 and '3 pairs in' in out and 'broken.jpg is not a photo' in err and 'tiny.png' in err and len(err.strip().splitlines()) == 2

@pytest.mark.parametrize('args, sentence', {('--size', 16): 'must be odd', ('--extent', 5, 40, '--size', 17): 'must lie between 1 and the canvas', ('--extent', 15, 7): 'is the wrong way round',
    ('--blur', 'magic'): 'is neither a model', ('--blur', 'shake=0', 'linear'): 'above 0', ('--response', 'srgb', '--gamma', 2.2): 'give one of them', ('--blur', 'rotation', '--roll', 3, 1): 'is the wrong way round',
    ('--focal', 500): '--focal goes with --blur rotation', ('--blur', 'linear', '--variant', 'printed'): '--variant goes with --blur shake or rotation or object'}.items())
def test_kernels_that_make_no_sense(args, sentence, command, photos, tmp_path):
    code, out, err = command(synthesise_command, photos, tmp_path/'pairs', *args)
    assert code == 1 and sentence in err and not (tmp_path/'pairs').exists()

def test_a_folder_with_something_in_it_is_refused(command, photos, tmp_path):
    (old := tmp_path/'pairs').mkdir()
    (old/'diary.txt').write_text('mine')
    code, out, err = command(synthesise_command, photos, old)
    assert code == 1 and 'is not empty' in err and list(contents(old)) == ['diary.txt']
    assert command(synthesise_command, photos, old, '--force')[0] == 0 and (old/'diary.txt').read_text() == 'mine'

def test_ctrl_c_leaves_whole_files_only(command, photos, tmp_path, monkeypatch):
    real, calls = os.replace, []
    def interrupted(*args):
        calls.append(args)
        if len(calls) > 4: raise KeyboardInterrupt
        real(*args)
    monkeypatch.setattr(os, 'replace', interrupted)
    code, out, err = command(synthesise_command, photos, tmp_path/'pairs')
    assert code == 130 and 'Stopped' in err
    assert sorted(contents(tmp_path/'pairs')) == ['.journal.jsonl', 'blur/colour.png', 'kernels/colour.npy', 'recipe.json', 'sharp/colour.png']
    monkeypatch.undo()
    for name, more in (('pairs', ['--resume']), ('straight', [])): assert command(synthesise_command, photos, tmp_path/name, *more)[0] == 0
    assert contents(tmp_path/'pairs') == contents(tmp_path/'straight')

def test_a_full_disk_stops_the_work_and_says_so(command, photos, tmp_path, monkeypatch):
    real = os.replace
    def full(source, target):
        if 'sharp' in str(target): raise OSError(28, 'No space left on device')
        real(source, target)
    monkeypatch.setattr(os, 'replace', full)
    code, out, err = command(synthesise_command, photos, tmp_path/'pairs')
    assert code == 1 and 'No space left' in err and len(err.strip().splitlines()) == 1 and not [name for name in contents(tmp_path/'pairs') if '.part' in name]

# deblur-train

@pytest.mark.parametrize('args, sentence', {
    ('--variant', 'better'): "has no variant 'better': it has full", ('--system', 'magic'): "system 'magic' does not exist", ('--profile', 'huge'): "There is no profile 'huge'",
    ('--set', 'breadth=3'): "has no 'breadth'", ('--set', 'epochs'): 'has no value', ('--net', 'colour=3'): "The network has no argument 'colour': it has width",
    ('--net', 'width=a'): 'width=a must be a whole number, 1 or more', ('--net', 'skip=maybe'): 'skip=maybe is neither yes nor no', ('--set', 'batch_size=0'): 'batch_size=0 must be a whole number, 1 or more',
    ('--set', 'epochs=a'): 'epochs=a must be a whole number', ('--set', 'workers=-1'): 'workers=-1 must be a whole number',
    ('--net', 'norm=magic'): "norm 'magic' does not exist", ('--device', 'abacus'): 'The device abacus', ('--valid', 'nowhere'): 'There is no file or folder nowhere'}.items())
def test_mistakes_in_training(args, sentence, command, photos, tmp_path):
    code, out, err = command(train_command, photos, '--out', tmp_path/'run', *(('--profile', 'smoke') if '--profile' not in args else ()), '--variant', 'pixel', *args)
    assert code == 1 and sentence in err and len(err.strip().splitlines()) == 1 and not (tmp_path/'run').exists()

def test_training_on_pairs_and_its_weights_restore(command, photos, tmp_path):
    command(synthesise_command, photos, tmp_path/'pairs')
    assert command(train_command, tmp_path/'pairs', '--out', tmp_path/'run', '--profile', 'smoke', '--variant', 'pixel', '--set', 'epochs=1', '--set', 'decay_epochs=0', '--net', 'norm=none')[0] == 0
    code, out, err = command(evaluate_command, tmp_path/'pairs', '--weights', tmp_path/'run'/'weights')
    assert code == 0 and 'Wiener, true kernel' in out and 'deblurgan, variant pixel, profile smoke' in out

@pytest.mark.parametrize('system, variant', [('cycle', 'resnet_l1'), ('structure', 'full'), ('multitask', 'model_11'), ('light', 'full')])
def test_every_system_is_trained_by_name_and_its_weights_restore(system, variant, command, photos, tmp_path):
    run = ('--set', 'epochs=1', '--set', 'decay_epochs=0', '--vgg', 'random')
    assert command(train_command, photos, '--out', tmp_path/'run', '--profile', 'smoke', '--system', system, '--variant', variant, *run)[0] == 0
    code, out, err = command(photo_command, photos/'colour.png', '--weights', tmp_path/'run'/'weights', '--out', tmp_path/'restored')
    assert code == 0 and Image.open(tmp_path/'restored'/'colour.png').size == (110, 90)
    config = json.loads((tmp_path/'run'/'weights'/'config.json').read_text())
    assert 'RANDOM VGG' in config['note'] and config['note'].startswith(f'{system}, variant {variant}')

@pytest.mark.parametrize('word, skip', [('False', False), ('no', False), ('True', True)])
def test_a_switch_of_the_network_is_what_its_word_says(word, skip, command, photos, tmp_path):
    run = '--profile', 'smoke', '--variant', 'pixel_without_adversarial', '--set', 'epochs=1', '--set', 'decay_epochs=0'
    assert command(train_command, photos, '--out', tmp_path/'run', *run, '--net', f'skip={word}')[0] == 0
    assert json.loads((tmp_path/'run'/'weights'/'config.json').read_text())['skip'] is skip

def test_a_dry_run_counts_and_writes_nothing(command, photos, tmp_path):
    before = contents(tmp_path)
    code, out, err = command(train_command, photos, '--dry-run', '--profile', 'smoke', '--variant', 'pixel', '--set', 'epochs=3', '--set', 'decay_epochs=0', '--photos', '2', '--kernel-extent', '9-9')
    said = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0 and contents(tmp_path) == before
    assert 'photos      2 to train on' in out and '4 an epoch (batches of 2), 3 + 0 epochs: 12 in all' in out and ' from 4 steps on this machine' in out
    assert 'brought to 9 to 9 pixels' in said['blur'] and 'epochs 3 (150)' in said['departs'] and 'Nothing was trained' in out
    with pytest.raises(SystemExit, match='2'): command(train_command, photos) # a training needs --out

@pytest.mark.parametrize('args', [('--kernel-extent', '9'), ('--kernel-variant', 'best'), ('--photos', 'some'), ('--resize', '-3')])
def test_a_wrong_word_for_photos_and_kernels_is_no_command(args, command, photos, tmp_path, capsys):
    with pytest.raises(SystemExit, match='2'): command(train_command, photos, '--out', tmp_path/'run', *args)
    said = capsys.readouterr().err
    assert args[0] in said and args[1] in said

def test_a_training_goes_on_with_its_own_kernels_and_photos_alone(command, photos, tmp_path):
    run = photos, '--out', tmp_path/'run', '--profile', 'smoke', '--variant', 'pixel', '--set', 'epochs=1'
    code, out, err = command(train_command, *run, '--set', 'decay_epochs=0')
    assert code == 0 and err.startswith('departs from the paper: ') and 'kernel_variant public (printed)' in err
    kept = json.loads((tmp_path/'run'/'weights'/'training.json').read_text())
    assert 'augment yes (no)' in kept['departs'] and kept['profile'] == 'smoke with decay_epochs=0'
    for args, was in {('--kernel-variant', 'printed'): 'kernel_variant=public, not kernel_variant=printed', ('--no-augment', '--no-replacement'): 'augment=True, replacement=True, not augment=False',
                      ('--photos', '2'): 'photos=None, not photos=2', ('--kernel-extent', 'own'): 'kernel_extent=(7, 15), not kernel_extent=None'}.items():
        code, out, err = command(train_command, *run, '--set', 'decay_epochs=1', '--resume', *args)
        assert code == 1 and was in err and len(err.strip().splitlines()) == 1
    path = tmp_path/'run'/'state.pt' # as it was written before these numbers had names
    state = read_state(path)
    sizes = {name: value for name, value in state['about']['sizes'].items() if name not in ('kernel_variant', 'kernel_extent', 'resize', 'photos', 'augment', 'replacement')}
    state['about'] |= dict(sizes=sizes | dict(extent_low=7, extent_high=15))
    torch.save(state, buffer := io.BytesIO())
    write_sealed(path, buffer.getvalue())
    code, out, err = command(train_command, *run, '--set', 'decay_epochs=1', '--resume', '--no-augment')
    assert code == 1 and 'augment=True, not augment=False' in err
    assert command(train_command, *run, '--set', 'decay_epochs=1', '--resume')[0] == 0 and len((tmp_path/'run'/'log.csv').read_text().splitlines()) == 3

def test_a_data_set_as_published_is_trained_on_and_evaluated(command, photos, tmp_path):
    for split in ('train', 'test'): command(synthesise_command, photos, tmp_path/'GoPro'/split/'GOPR0001', '--seed', len(split))
    small = '--profile', 'smoke', '--variant', 'pixel', '--set', 'epochs=1', '--set', 'decay_epochs=0'
    assert command(train_command, tmp_path/'GoPro', '--layout', 'gopro:train', '--valid-layout', 'gopro:test', '--out', tmp_path/'a', *small)[0] == 0
    assert command(train_command, tmp_path/'GoPro'/'train', '--valid', tmp_path/'GoPro'/'test', '--out', tmp_path/'b', *small)[0] == 0 # recognised without a name
    first, second = ((tmp_path/run/'log.csv').read_text().splitlines()[-1].split(',')[1:-1] for run in 'ab')
    assert first == second
    code, out, err = command(evaluate_command, tmp_path/'GoPro', '--layout', 'gopro:test', '--weights', tmp_path/'a'/'weights')
    assert code == 1 and 'whole photos of 1280 x 720 pixels' in err and '--protocol plain' in err # and these are smaller
    code, out, err = command(evaluate_command, tmp_path/'GoPro', '--layout', 'gopro:test', '--protocol', 'plain', '--weights', tmp_path/'a'/'weights', '--csv', tmp_path/'table.csv')
    assert code == 0 and {row['image'] for row in csv.DictReader((tmp_path/'table.csv').open())} == {f'GOPR0001/{name}' for name in ('colour', 'deep', 'grey')}
    code, out, err = command(evaluate_command, tmp_path/'GoPro', '--layout', 'gopor:test')
    assert code == 1 and "--layout gopor does not exist: choose gopro" in err

# deblur-evaluate

@pytest.fixture
def weights(tmp_path):
    model = DeblurGAN(width=4, blocks=1)
    for parameter in model.tail.parameters(): parameter.data.zero_() # so that it changes nothing
    model.save_pretrained(tmp_path/'weights')
    return tmp_path/'weights'

def test_pairs_without_kernels_are_compared_without_classical_methods(command, photos, weights, tmp_path):
    command(synthesise_command, photos, tmp_path/'pairs')
    for path in (tmp_path/'pairs'/'kernels').iterdir(): path.unlink()
    code, out, err = command(evaluate_command, tmp_path/'pairs', '--weights', weights, '--csv', tmp_path/'table.csv')
    rows = list(csv.DictReader((tmp_path/'table.csv').open()))
    assert code == 0 and 'Wiener' not in out and len(rows) == 2*3
    psnr = {name: [float(row['psnr']) for row in rows if row['method'] == name] for name in ('blurred input', str(weights))}
    assert psnr['blurred input'] == pytest.approx(psnr[str(weights)], abs=1e-3)

def test_a_pair_of_two_sizes_is_named_and_the_rest_is_done(command, photos, weights, tmp_path):
    command(synthesise_command, photos, tmp_path/'pairs')
    Image.fromarray(data.camera()[:80, :80]).save(tmp_path/'pairs'/'sharp'/'grey.png')
    code, out, err = command(evaluate_command, tmp_path/'pairs', '--weights', weights)
    assert code == 1 and 'grey' in err and 'both sides of a pair must be of one size' in err and 'blurred input' in out

def test_two_methods_of_one_name_are_refused_before_anything_is_written(command, photos, weights, tmp_path):
    command(synthesise_command, photos, tmp_path/'pairs')
    theirs = '--results', f"blurred input={tmp_path/'pairs'/'sharp'}"
    code, out, err = command(evaluate_command, tmp_path/'pairs', '--weights', weights, *theirs, '--out', tmp_path/'results')
    assert code == 1 and "Two methods have the name 'blurred input'" in err and not (tmp_path/'results').exists()

def test_a_photo_without_partner_is_named(command, photos, weights, tmp_path):
    command(synthesise_command, photos, tmp_path/'pairs')
    (tmp_path/'pairs'/'sharp'/'grey.png').unlink()
    code, out, err = command(evaluate_command, tmp_path/'pairs', '--weights', weights)
    assert code == 1 and 'grey.png has no partner' in err

def test_an_existing_table_is_not_replaced(command, weights, tmp_path):
    (tmp_path/'table.csv').write_text('mine')
    code, out, err = command(evaluate_command, '--weights', weights, '--csv', tmp_path/'table.csv')
    assert code == 1 and '--force replaces it' in err and (tmp_path/'table.csv').read_text() == 'mine'

@pytest.mark.parametrize('place', ['gone/table.csv', ''])
def test_a_table_that_cannot_be_written_is_refused_before_the_work(place, command, weights, tmp_path, monkeypatch):
    monkeypatch.setattr('deblur_nb.evaluation.evaluate_sets', lambda *args, **how: pytest.fail('the work has begun'))
    code, out, err = command(evaluate_command, '--weights', weights, '--csv', tmp_path/place, '--force')
    assert code == 1 and f'--csv {tmp_path/place} cannot be written: name a file in a folder that is there.' in err

@pytest.mark.parametrize('inside', ['file', 'file/a/b'])
def test_a_file_where_a_folder_is_wanted_is_named(inside, command, photos, weights, tmp_path):
    (tmp_path/'file').write_text('in the way')
    small = [word for name in ('items', 'val_items', 'epochs', 'width', 'critic_width') for word in ('--set', f'{name}=2')]
    calls = {synthesise_command: (photos, tmp_path/inside), evaluate_command: ('--out', tmp_path/inside, '--weights', weights, '--limit', 1),
             train_command: (photos, '--out', tmp_path/inside, '--profile', 'smoke', '--variant', 'pixel', '--device', 'cpu', *small)}
    for work, args in calls.items():
        code, _, err = command(work, *args)
        assert code == 1 and f'{tmp_path/inside} can be no folder, since {tmp_path/"file"} is a file: choose another name.' in err

def test_bright_pairs_are_measured_without_a_warning_and_plain_is_a_layout_among_others(command, weights, tmp_path):
    for name, sides in (('plain', ('blur', 'sharp')), ('GoPro', ('test/scene/blur', 'test/scene/sharp'))):
        for side, shift in zip(sides, (0, 3)):
            (tmp_path/name/side).mkdir(parents=True)
            Image.fromarray((data.camera()[:90, 180 + shift:290 + shift]//2 + 128).astype(np.uint8)).save(tmp_path/name/side/'a.png')
    layouts = [word for layout in ('plain', 'gopro:test') for word in ('--layout', layout)]
    args = '--weights', weights, '--protocol', 'plain', '--baselines', 'none'
    code, out, err = command(evaluate_command, tmp_path/'plain', tmp_path/'GoPro', *layouts, *args)
    assert code == 0 and 'All values lie in' not in err, err
