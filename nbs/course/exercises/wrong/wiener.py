"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% wiener | The conjugate is missing: the phase is added once more instead of taken away. Symmetric kernels do not show it. | wiener_hook
def wiener(blurred, kernel, noise):
    k = len(kernel)
    canvas = np.zeros(blurred.shape)
    canvas[:k, :k] = kernel
    K = np.fft.fft2(np.roll(canvas, (-(k // 2), -(k // 2)), axis=(0, 1)))
    return np.fft.ifft2(K / (np.abs(K) ** 2 + noise) * np.fft.fft2(blurred)).real

# %% wiener | The kernel's corner lies at (0, 0), not its middle: the photo is shifted. | wiener_place, wiener_cross, wiener_hook, wiener_holds_back
def wiener(blurred, kernel, noise):
    K = np.fft.fft2(kernel, s=blurred.shape)
    return np.fft.ifft2(K.conj() / (np.abs(K) ** 2 + noise) * np.fft.fft2(blurred)).real

# %% wiener | Lambda is added to K itself, not to its power. | wiener_holds_back
def wiener(blurred, kernel, noise):
    k = len(kernel)
    canvas = np.zeros(blurred.shape)
    canvas[:k, :k] = kernel
    K = np.fft.fft2(np.roll(canvas, (-(k // 2), -(k // 2)), axis=(0, 1)))
    return np.fft.ifft2(np.fft.fft2(blurred) / (K + noise)).real

# %% wiener | The real part is not taken: the photo is complex, and nothing can show it. | wiener_place
def wiener(blurred, kernel, noise):
    k = len(kernel)
    canvas = np.zeros(blurred.shape)
    canvas[:k, :k] = kernel
    K = np.fft.fft2(np.roll(canvas, (-(k // 2), -(k // 2)), axis=(0, 1)))
    return np.fft.ifft2(K.conj() / (np.abs(K) ** 2 + noise) * np.fft.fft2(blurred))

# %% wiener | The restored photo is written over the blurred one. | wiener_place
def wiener(blurred, kernel, noise):
    k = len(kernel)
    canvas = np.zeros(blurred.shape)
    canvas[:k, :k] = kernel
    K = np.fft.fft2(np.roll(canvas, (-(k // 2), -(k // 2)), axis=(0, 1)))
    X = K.conj() / (np.abs(K) ** 2 + noise) * np.fft.fft2(blurred)
    blurred[:] = np.fft.ifft2(X).real
    return blurred
