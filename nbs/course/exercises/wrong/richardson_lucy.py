"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% richardson_lucy | The ratio is carried back through the kernel as it is, not turned. Symmetric kernels do not show it. | lucy_hook
def richardson_lucy(blurred, kernel, steps):
    guess = np.full(blurred.shape, .5)
    for _ in range(steps):
        seen = convolve2d(guess, kernel, mode='same')
        ratio = np.divide(blurred, seen, out=np.zeros(blurred.shape), where=seen > 1e-12)
        guess = guess * convolve2d(ratio, kernel, mode='same')
    return guess

# %% richardson_lucy | Nothing is divided by nothing where it is black: the photo fills with NaN. | lucy_dark
def richardson_lucy(blurred, kernel, steps):
    guess = np.full(blurred.shape, .5)
    for _ in range(steps):
        ratio = blurred / convolve2d(guess, kernel, mode='same')
        guess = guess * convolve2d(ratio, kernel[::-1, ::-1], mode='same')
    return guess

# %% richardson_lucy | The correction is added, not multiplied (Landweber's iteration): light may become negative. | lucy_stars, lucy_hook, lucy_dark
def richardson_lucy(blurred, kernel, steps):
    guess = np.full(blurred.shape, .5)
    for _ in range(steps):
        missing = blurred - convolve2d(guess, kernel, mode='same')
        guess = guess + convolve2d(missing, kernel[::-1, ::-1], mode='same')
    return guess

# %% richardson_lucy | The photo that was given is kept away from 0 in place, not in a copy. | lucy_stars, lucy_dark
def richardson_lucy(blurred, kernel, steps):
    guess = np.full(blurred.shape, .5)
    blurred += 1e-12
    for _ in range(steps):
        seen = convolve2d(guess, kernel, mode='same')
        ratio = np.divide(blurred, seen, out=np.zeros(blurred.shape), where=seen > 1e-12)
        guess = guess * convolve2d(ratio, kernel[::-1, ::-1], mode='same')
    return guess
