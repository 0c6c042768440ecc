"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% fit_kernel | The other photo is conjugated: the kernel comes out turned around. Symmetric kernels do not show it. | fit_hook
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X * Y.conj() / (np.abs(X) ** 2 + noise)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side].clip(min=0)
    return kernel / kernel.sum()

# %% fit_kernel | Negative values are kept: noise makes a kernel that takes light away. | fit_is_a_kernel
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X.conj() * Y / (np.abs(X) ** 2 + noise)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side]
    return kernel / kernel.sum()

# %% fit_kernel | A plain division: where the photo has no detail, noise becomes the kernel. | fit_holds_back
def fit_kernel(sharp, blurred, side, noise=1e-3):
    K = np.fft.fft2(blurred) / np.fft.fft2(sharp)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side].clip(min=0)
    return kernel / kernel.sum()

# %% fit_kernel | What is negative is turned positive, not set to 0. | fit_is_a_kernel
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X.conj() * Y / (np.abs(X) ** 2 + noise)
    kernel = np.abs(np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side])
    return kernel / kernel.sum()

# %% fit_kernel | The noise is always the same, whatever is asked for. | fit_holds_back
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X.conj() * Y / (np.abs(X) ** 2 + 1e-3)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side].clip(min=0)
    return kernel / kernel.sum()

# %% fit_kernel | The means are taken out of the photos that were given, not out of copies. | fit_cross
def fit_kernel(sharp, blurred, side, noise=1e-3):
    sharp -= sharp.mean()
    blurred -= blurred.mean()
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X.conj() * Y / (np.abs(X) ** 2 + noise)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side].clip(min=0)
    return kernel / kernel.sum()

# %% fit_kernel | Shifted to the middle by the inverse of what takes (0, 0) there: the same where the sides of the photo are even. | fit_cross
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    kernel = np.fft.ifftshift(np.fft.ifft2(X.conj() * Y / (np.abs(X) ** 2 + noise)).real)
    top, left = (length // 2 - side // 2 for length in kernel.shape)
    kernel = kernel[top:top + side, left:left + side].clip(min=0)
    return kernel / kernel.sum()

# %% fit_kernel | The noise is squared, as if it were an amplitude: lambda is a power already. | fit_holds_back
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    K = X.conj() * Y / (np.abs(X) ** 2 + noise ** 2)
    kernel = np.roll(np.fft.ifft2(K).real, (side // 2, side // 2), axis=(0, 1))[:side, :side].clip(min=0)
    return kernel / kernel.sum()
