"Right answers in another form. Each begins with: the cell that it replaces | what is unusual."

# %% photograph | By Fourier transform: where it should be dark there are rounding errors, and the gamma curve enlarges them.
def photograph(sharp, kernel, exposure=1.):
    light = np.pad(exposure * sharp ** 2.2, len(kernel) // 2, mode='reflect')
    return np.clip(scipy.signal.fftconvolve(light, kernel, mode='valid'), 0, 1) ** (1 / 2.2)

# %% photograph | By PyTorch, in 32 bits.
import torch

def photograph(sharp, kernel, exposure=1.):
    light = torch.tensor(sharp).float()[None, None] ** 2.2 * exposure
    turned = torch.tensor(kernel).float().flip(0, 1)[None, None]
    light = torch.nn.functional.conv2d(torch.nn.functional.pad(light, (len(kernel) // 2,) * 4, mode='reflect'), turned)
    return (light[0, 0].clamp(0, 1) ** (1 / 2.2)).numpy()
