"""A ~ at the beginning of a path is the home folder, whoever reads or writes by it; nothing is ever called ~."""
import shutil
from pathlib import Path

import pytest, torch

from deblur_nb import blur, data, evaluation, metrics, models, photos, restore
from deblur_nb.cli import evaluate_command, photo_command, synthesise_command, train_command
from deblur_nb.cli.common import writable_folder
from deblur_nb.settings import profile, repo_file

SAMPLES = repo_file('data_samples')

@pytest.fixture
def home(tmp_path, monkeypatch):
    "A home folder with two pairs and a kernel, seen from another folder, in which nothing may appear."
    home, work = tmp_path / 'home', tmp_path / 'work'
    work.mkdir()
    for folder, side in (('sharp', 'sharp'), ('pairs/blur', 'blurred'), ('pairs/sharp', 'sharp')):
        (home / folder).mkdir(parents=True)
        for name in ('coins', 'coffee'):
            photo = photos.open_photo(SAMPLES / side / f'{name}.png')
            photos.save_photo(photo.pixels[:64, :64], home / folder / f'{name}.png')
    shutil.copy(repo_file('settings.ini'), home)
    photos.save_photo(torch.eye(5).numpy(), home / 'kernel.png')
    shutil.copy(repo_file('data_samples', 'judge', 'judge.safetensors'), home)
    for name in ('HOME', 'USERPROFILE'): monkeypatch.setenv(name, str(home))
    monkeypatch.chdir(work)
    yield home
    assert not list(work.iterdir()), 'something was written beside, not into the home folder'

READ = dict(
    list_photos=lambda: photos.list_photos('~/sharp'),
    several=lambda: photos.list_photos([Path('~/sharp'), '~/pairs/blur']),
    open_photo=lambda: photos.open_photo('~/sharp/coins.png'),
    size_of=lambda: data.size_of('~/sharp/coins.png'),
    blurred=lambda: data.BlurredPairs('~/sharp', crop=32)[0],
    files=lambda: data.FilePairs(['~/sharp/coins.png'], ['~/pairs/sharp/coins.png'])[0],
    folders=lambda: data.FolderPairs('~/pairs')[0],
    two_folders=lambda: data.FolderPairs(Path('~/pairs/blur'), '~/pairs/sharp')[0],
    open_pairs=lambda: data.open_pairs('~/pairs')[0],
    sources=lambda: data.read_sources(['~/pairs', '~/sharp=shake']),
    holds_pairs=lambda: [()] * data.holds_pairs('~/pairs'),
    split=lambda: [()] * data.split_folder('~/pairs', True).is_dir(),
    kernel=lambda: blur.read_kernel('~/kernel.png'),
    kernels=lambda: blur.FileKernels('~/kernel.png'),
    film=lambda: next(iter(data.read_frames('~/sharp'))),
    judges=lambda: restore.load_judges('~/judge.safetensors'),
    test_set=lambda: evaluation.open_set('~/pairs').pairs[0],
    results=lambda: [evaluation.results_folder('~/sharp', data.FolderPairs('~/pairs'))],
    settings=lambda: [profile('smoke', '~/settings.ini')])

@pytest.mark.parametrize('reader', READ)
def test_a_reader_looks_into_the_home_folder(home, reader):
    found = READ[reader]()
    assert found is not None and (not hasattr(found, '__len__') or len(found))

def network(): return models.DeblurGAN(4, 1)

WRITTEN = dict(
    photo=lambda: photos.save_photo(SAMPLES / 'sharp' / 'coins.png', '~/new.png'),
    file=lambda: photos.write_whole('~/new', b'1'),
    set=lambda: data.synthesise('~/sharp', '~/new', data.Recipe(crop=32), workers=1, progress=False),
    film=lambda: data.synthesise_frames('~/sharp', '~/new', 2, progress=False),
    leaves=lambda: data.write_leaves('~/new', 1, 32),
    weights=lambda: network().save_pretrained('~/new'),
    rows=lambda: evaluation.evaluate({'input': evaluation.blurred_input}, data.FolderPairs('~/pairs'), progress=False, file='~/new'),
    about=lambda: evaluation.same_run('~/new', {}),
    folder=lambda: writable_folder('~/new'),
    niqe=lambda: metrics.pristine_model().save('~/new'),
    command=lambda: synthesise_command(['~/sharp', '~/new', '--crop', '32', '--workers', '1']),
    kernels=lambda: synthesise_command(['~/sharp', '~/new', '--blur=~/kernel.png', '--workers=1']),
    masks=lambda: synthesise_command(['~/sharp', '~/new', '--blur=object', '--masks=~/sharp', '--workers=1']),
    restored=lambda: photo_command(['~/sharp', '--out=~/new', '--kernel=~/kernel.png']),
    table=lambda: evaluate_command(['~/pairs', '--csv=~/new.csv', '--results=them=~/sharp', '--baselines=none']))

@pytest.mark.parametrize('writer', WRITTEN)
def test_a_writer_writes_into_the_home_folder(home, writer):
    WRITTEN[writer]()
    assert list(home.glob('new*'))

def test_weights_are_found_in_the_home_folder(home):
    before = network()
    before.save_pretrained('~/weights')
    for found in (restore.pretrained('~/weights'), models.DeblurGAN.from_pretrained('~/weights'), restore.pretrained(Path('~/weights'))):
        assert all(torch.equal(one, other) for one, other in zip(before.state_dict().values(), found.state_dict().values()))

def test_a_training_is_written_into_the_home_folder(home, capsys):
    sizes = [word for size in ('epochs=1', 'decay_epochs=0', 'items=4', 'batch_size=2', 'crop=32', 'width=4') for word in ('--set', size)]
    assert train_command(['~/sharp=shake', '--out=~/run', '--variant', 'pixel_without_adversarial', '--profile', 'smoke', *sizes]) == 0
    assert (home / 'run' / 'state.pt').exists() and restore.pretrained('~/run/weights')

def test_a_table_in_the_home_folder_is_not_replaced(home, capsys):
    (home / 'there.csv').write_text('')
    assert evaluate_command(['~/pairs', '--csv=~/there.csv']) == 1 and 'there.csv exists already' in capsys.readouterr().err

def test_an_evaluation_within_its_data_goes_on_twice(home):
    command = ['~/pairs', '--out=~/pairs/results', '--method=shake', '--metrics=psnr', '--baselines=none', '--limit=1']
    for more in ([], ['--resume'], ['--resume']): assert evaluate_command([*command, *more]) == 0
