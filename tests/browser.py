"""What the tests in a browser are made of: the two servers, the browser, and how controls and pictures are found in a page.

Needs playwright and a Chromium: `apt-get install chromium`, or DEBLUR_NB_CHROMIUM=/path/to/it. Without them the tests are skipped;
DEBLUR_NB_REQUIRE_BROWSER=1 makes that an error. DEBLUR_NB_SCREENSHOTS=folder keeps a picture of each test's last moment."""
import base64, contextlib, io, json, os, re, shutil, signal, subprocess, sys, threading, time, urllib.request
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

TOP = Path(__file__).parent.parent
PATIENCE = 60_000 # milliseconds for anything in a page, on a machine that does something else at the same time
CHROMIUM = next(filter(None, [os.environ.get('DEBLUR_NB_CHROMIUM'), *map(shutil.which, ('chromium', 'chromium-browser', 'google-chrome'))]), None)

def missing():
    "Why there is no browser; None if there is one."
    try: import playwright.sync_api
    except ImportError: return 'playwright is not installed: pip install -e ".[dev]"'
    return None if CHROMIUM else 'there is no Chromium: apt-get install chromium, or set DEBLUR_NB_CHROMIUM'

# The servers

def hear_ctrl_c():
    "A shell has what it starts in the background ignore Ctrl-C, and what that starts, too."
    signal.signal(signal.SIGINT, signal.SIG_DFL)

@contextlib.contextmanager
def served(code, *args, cwd, **environment):
    "Run a command that prints the address of its server; yields the address. At the end it gets a Ctrl-C, and must end without a traceback."
    with open(cwd/'server.log', 'w+') as log:
        server = subprocess.Popen([sys.executable, '-c', code, *args], cwd=cwd, env=os.environ | environment, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True,
                                  preexec_fn=hear_ctrl_c if os.name == 'posix' else None)
        limit = threading.Timer(120, server.kill)
        limit.start()
        address = next((found[0] for line in server.stdout if (found := re.search(r'http://\S+', line))), None)
        limit.cancel()
        try: yield address
        finally:
            server.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired): server.wait(60)
            code = server.poll() # None: it has not ended
            server.kill()
            server.wait()
        log.seek(0)
        said = log.read()
        assert code == 0 and 'Traceback' not in said, f'the server ended with {code}:\n{said[-3000:]}'

PORT = 'import socket; probe = socket.socket(); probe.bind(("127.0.0.1", 0)); port = str(probe.getsockname()[1]); probe.close()\n' # of its own: other tests start servers, too
PAGE = PORT + 'from deblur_nb.lab.command import main; raise SystemExit(main(["--page", "--no-browser", "--port", port]))'
LAB = PORT + '''import sys, pathlib, deblur_nb.lab.command as lab
lab.course_folder = lambda folder: pathlib.Path(sys.argv[1]) # JupyterLab saves what it opens: a copy
raise SystemExit(lab.main(["--no-browser", "--port", port]))'''

def answers(address):
    "Wait until a server answers."
    end, pause = time.monotonic() + 120, threading.Event()
    while True:
        with contextlib.suppress(OSError): return urllib.request.urlopen(address, timeout=10).status
        assert time.monotonic() < end, f'{address} does not answer'
        pause.wait(.1)

def lab_settings(folder):
    "JupyterLab without the settings of whoever runs the tests; its object `jupyterapp` can be reached from the page."
    (folder/'config').mkdir()
    (folder/'config'/'jupyter_server_config.json').write_text(json.dumps({'LabApp': {'expose_app_in_browser': True}}))
    quiet = folder/'jupyterlab_settings_dir'/'@jupyterlab'/'apputils-extension'
    quiet.mkdir(parents=True)
    (quiet/'notification.jupyterlab-settings').write_text(json.dumps({'fetchNews': 'false'})) # else it asks, and covers what is below
    return {name: str(folder/name.lower()) for name in ('JUPYTER_RUNTIME_DIR', 'IPYTHONDIR', 'JUPYTERLAB_SETTINGS_DIR', 'JUPYTERLAB_WORKSPACES_DIR')} | {'JUPYTER_CONFIG_DIR': str(folder/'config')}

@pytest.fixture(scope='session')
def browser():
    why = missing()
    if why and os.environ.get('DEBLUR_NB_REQUIRE_BROWSER') == '1': pytest.fail(f'DEBLUR_NB_REQUIRE_BROWSER=1, but {why}', pytrace=False)
    if why: pytest.skip(why)
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'])
        yield chromium
        chromium.close()

@pytest.fixture(scope='session')
def voila(browser, tmp_path_factory):
    "The address of the page."
    with served(PAGE, cwd=tmp_path_factory.mktemp('voila'), DEBLUR_NB_PROFILE='lesson') as address: yield address

@pytest.fixture(scope='session')
def lab(browser, tmp_path_factory):
    "The address of JupyterLab at a copy of the page's notebook."
    folder = tmp_path_factory.mktemp('lab')
    (folder/'course').mkdir()
    for name in ('10_lab/page.ipynb', 'index.ipynb'): shutil.copy(TOP/'nbs'/name, folder/'course')
    with served(LAB, str(folder/'course'), cwd=folder, DEBLUR_NB_PROFILE='lesson', **lab_settings(folder)) as address:
        answers(address)
        yield address

# A tab

ELSEWHERE = re.compile(r'^(http|ws)s?://(?!127\.0\.0\.1:)') # the browser's side looks for it: a function of ours would be asked for each file of each page
HARMLESS = re.compile(r'autocomplete attributes|WebSocket is already in CLOSING|invalid theme mode') # what Chromium, JupyterLab or a theme say of themselves

@contextlib.contextmanager
def tab(browser, name):
    "A new tab that notes errors, and blocks and notes requests to other machines; at the end there must be none. Leaves a screenshot."
    context = browser.new_context(viewport=dict(width=1366, height=768), accept_downloads=True)
    context.set_default_timeout(PATIENCE)
    page, errors, elsewhere = context.new_page(), [], []
    page.on('pageerror', lambda error: errors.append(str(error)))
    page.on('console', lambda message: message.type == 'error' and not HARMLESS.search(message.text) and errors.append(message.text))
    def route(asked):
        elsewhere.append(asked.request.url)
        asked.abort()
    context.route(ELSEWHERE, route)
    try:
        yield page
        no_broken_widget(page)
        assert not elsewhere, f'asked of other machines: {elsewhere}'
        assert not errors, f'errors in the console: {errors}'
    finally:
        screenshot(page, name)
        context.unroute_all() # the page's last request, to end its kernel, comes when nobody listens any more
        if '/lab' not in page.url: page.goto('about:blank')
        context.close()

def screenshot(page, name):
    "Keep a picture of the tab, if a folder for it is named."
    if not (folder := os.environ.get('DEBLUR_NB_SCREENSHOTS')): return
    Path(folder).mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(Exception): page.screenshot(path=Path(folder, f'{name}.png'))

def open_in_voila(page, address):
    "Open the page."
    page.goto(address, wait_until='domcontentloaded')
    page.locator('.t-experiment').wait_for()

def open_in_lab(page, address):
    "Open the page's notebook in JupyterLab and run all its cells."
    page.goto(address.replace('/lab?', '/lab/tree/page.ipynb?') + '&reset', wait_until='domcontentloaded')
    page.wait_for_function("() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'")
    page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.locator('.t-experiment').wait_for()

# In a tab

def no_broken_widget(page):
    "A widget whose view fails draws a red box: Python hears nothing of it."
    broken = page.locator('.jupyter-widgets-error-widget')
    assert not broken.count(), f'a widget cannot be drawn: {broken.first.inner_text()[:500]}'

EXPERIMENTS = dict(kernels='Kernels', restore='Blur and restore', losses='Losses', critic='Critic and penalty', checkerboard='Checkerboard',
                   features='Feature maps', training='Training', study='User study')

def choose(page, experiment):
    "Press the button of an experiment and wait until it is there."
    page.locator('.t-experiment button', has_text=re.compile(f'^{EXPERIMENTS[experiment]}$')).click()
    page.locator(f'.t-lab-{experiment}').wait_for()
    pictures(page)

IMAGES = "[...document.querySelectorAll('img.widget-image')].filter(i => i.offsetParent)"
SETTLED = f"{IMAGES}.length > 0 && {IMAGES}.every(i => i.complete && i.naturalWidth > 1) && [...document.querySelectorAll('.t-status [role=status]')].every(s => !s.textContent.trim().endsWith('...'))"

# A picture that is replaced while it is read (a training draws new ones) cannot be decoded any more: then read them all again.
READ = f"""async () => {{
    try {{
        return await Promise.all({IMAGES}.map(async i => {{
            const title = i.title, blob = await (await fetch(i.src)).blob();
            await i.decode();
            return await new Promise(done => {{ const reader = new FileReader(); reader.onload = () => done([title, reader.result.split(',')[1]]); reader.readAsDataURL(blob) }}) }}));
    }} catch {{ return null }} }}"""

def pictures(page):
    "All pictures in sight as {title: (H, W) grey array}, as soon as nothing is being computed."
    for _ in range(50):
        page.wait_for_function(f"() => document.querySelector('.jupyter-widgets-error-widget') || ({SETTLED})")
        no_broken_widget(page)
        if found := page.evaluate(READ): return {title: np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert('L'), np.int16) for title, content in found}
    raise AssertionError('a picture of the page cannot be read')

def changed(page, act, which='every'):
    "Do something; wait until 'every' picture, or 'some', is another one. Returns all pictures before and after."
    before = pictures(page)
    page.evaluate(f"() => {{ window.deblurBefore = {IMAGES}.map(i => i.src) }}")
    act()
    page.wait_for_function(f"() => {IMAGES}.length !== window.deblurBefore.length || {IMAGES}.{which}((i, n) => i.src !== window.deblurBefore[n])")
    return before, pictures(page)

def differ(before, after, titles=None, least=8):
    "Do the pixels of these pictures differ, by more than rounding?"
    return all(before[title].shape != after[title].shape or np.abs(before[title] - after[title]).max() > least for title in titles or after)

def press_key(page, slider, key='ArrowRight'):
    "A key on a slider."
    page.locator(f'.t-{slider} [role=slider]').focus()
    page.keyboard.press(key)

def value(page, slider):
    "What a slider stands at (`aria-valuenow` is rounded to one decimal, its text is not)."
    return float(page.locator(f'.t-{slider} [role=slider]').get_attribute('aria-valuetext'))

def status(page): return ' '.join(page.locator('.t-status:visible').all_inner_texts()).strip()

def says(page, pattern):
    "Wait until the status line says something."
    page.wait_for_function("pattern => [...document.querySelectorAll('.t-status')].some(s => new RegExp(pattern).test(s.textContent))", arg=pattern)
    return status(page)

def upload(page, file, name='photo-upload'):
    "Choose a file as a user does."
    with page.expect_file_chooser() as chooser: page.locator(f'.t-{name}').click()
    chooser.value.set_files(file)
