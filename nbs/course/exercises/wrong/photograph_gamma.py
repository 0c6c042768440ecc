"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% photograph | Gamma is forgotten: values are blurred instead of light, and lamps are too dark. | gamma_lamp
def photograph(sharp, kernel, exposure=1.):
    return np.clip(scipy.ndimage.convolve(exposure * sharp, kernel, mode='mirror'), 0, 1)

# %% photograph | A correlation: the kernel is turned around. Symmetric kernels do not show it. | gamma_turned
def photograph(sharp, kernel, exposure=1.):
    light = scipy.ndimage.correlate(exposure * sharp ** 2.2, kernel, mode='mirror')
    return np.clip(light, 0, 1) ** (1 / 2.2)

# %% photograph | The light is cut off at white before it is blurred: a smeared lamp is grey. | gamma_saturates
def photograph(sharp, kernel, exposure=1.):
    light = np.clip(exposure * sharp ** 2.2, 0, 1)
    return np.clip(scipy.ndimage.convolve(light, kernel, mode='mirror'), 0, 1) ** (1 / 2.2)

# %% photograph | Beyond the border it is dark: the photo gets a dark frame. | gamma_flat
def photograph(sharp, kernel, exposure=1.):
    light = scipy.signal.convolve2d(exposure * sharp ** 2.2, kernel, mode='same')
    return np.clip(light, 0, 1) ** (1 / 2.2)

# %% photograph | The exposure multiplies the values, not the light. | gamma_lamp
def photograph(sharp, kernel, exposure=1.):
    light = scipy.ndimage.convolve((exposure * sharp) ** 2.2, kernel, mode='mirror')
    return np.clip(light, 0, 1) ** (1 / 2.2)

# %% photograph | The border pixels are repeated: scipy's 'reflect' is not NumPy's. | gamma_flat
def photograph(sharp, kernel, exposure=1.):
    light = scipy.ndimage.convolve(exposure * sharp ** 2.2, kernel, mode='reflect')
    return np.clip(light, 0, 1) ** (1 / 2.2)

# %% photograph | The photo that was given is changed. | gamma_lamp
def photograph(sharp, kernel, exposure=1.):
    sharp **= 2.2
    sharp *= exposure
    return np.clip(scipy.ndimage.convolve(sharp, kernel, mode='mirror'), 0, 1) ** (1 / 2.2)

# %% photograph | The photo is scaled until nothing is brighter than 1, not cut off: one lamp darkens everything else. | gamma_saturates
def photograph(sharp, kernel, exposure=1.):
    light = scipy.ndimage.convolve(exposure * sharp ** 2.2, kernel, mode='mirror')
    return (light / max(1, light.max())) ** (1 / 2.2)
