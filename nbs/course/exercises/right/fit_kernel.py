"Right answers in another form. Each begins with: the cell that it replaces | what is unusual."

# %% fit_kernel | The whole photo is shifted until (0, 0) is its middle, and the kernel is cut out there.
def fit_kernel(sharp, blurred, side, noise=1e-3):
    X, Y = np.fft.fft2(sharp), np.fft.fft2(blurred)
    kernel = np.fft.fftshift(np.fft.ifft2(X.conj() * Y / (np.abs(X) ** 2 + noise)).real)
    top, left = (length // 2 - side // 2 for length in kernel.shape)
    kernel = kernel[top:top + side, left:left + side].clip(min=0)
    return kernel / kernel.sum()
