"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% shift_tolerant_psnr | Both photos are moved, against each other: every shift counts twice, and odd ones are never tried. | shift_too_far, shift_same_pixels
def shift_tolerant_psnr(restored, sharp, radius):
    height, width = (side - 2 * radius for side in sharp.shape)
    best = np.inf
    for down in range(2 * radius + 1):
        for right in range(2 * radius + 1):
            moved = restored[down:down + height, right:right + width]
            still = sharp[2 * radius - down:2 * radius - down + height, 2 * radius - right:2 * radius - right + width]
            best = min(best, np.mean((moved - still) ** 2))
    return 10 * np.log10(1 / best) if best > 0 else np.inf

# %% shift_tolerant_psnr | `np.roll` brings the left border back on the right, where it is compared. | shift_none, shift_forgiven, shift_same_pixels
def shift_tolerant_psnr(restored, sharp, radius):
    shifts = range(-radius, radius + 1)
    best = min(np.mean((np.roll(restored, (down, right), (0, 1)) - sharp) ** 2) for down in shifts for right in shifts)
    return 10 * np.log10(1 / best) if best > 0 else np.inf

# %% shift_tolerant_psnr | Only shifts down and to the right are tried. | shift_forgiven
def shift_tolerant_psnr(restored, sharp, radius):
    height, width = (side - 2 * radius for side in sharp.shape)
    still, best = sharp[radius:radius + height, radius:radius + width], np.inf
    for down in range(radius, 2 * radius + 1):
        for right in range(radius, 2 * radius + 1):
            best = min(best, np.mean((restored[down:down + height, right:right + width] - still) ** 2))
    return 10 * np.log10(1 / best) if best > 0 else np.inf

# %% shift_tolerant_psnr | What overlaps is compared: a shift may push a difficult corner out of the picture. | shift_none, shift_same_pixels
def shift_tolerant_psnr(restored, sharp, radius):
    height, width = sharp.shape
    best = np.inf
    for down in range(-radius, radius + 1):
        for right in range(-radius, radius + 1):
            moved = restored[max(down, 0):height + min(down, 0), max(right, 0):width + min(right, 0)]
            still = sharp[max(-down, 0):height + min(-down, 0), max(-right, 0):width + min(-right, 0)]
            best = min(best, np.mean((moved - still) ** 2))
    return 10 * np.log10(1 / best) if best > 0 else np.inf

# %% shift_tolerant_psnr | The difference is taken and squared in the restored photo itself: the next shift finds no photo there. | shift_none, shift_forgiven, shift_too_far, shift_same_pixels
def shift_tolerant_psnr(restored, sharp, radius):
    height, width = (side - 2 * radius for side in sharp.shape)
    still, best = sharp[radius:radius + height, radius:radius + width], np.inf
    for down in range(2 * radius + 1):
        for right in range(2 * radius + 1):
            moved = restored[down:down + height, right:right + width]
            moved -= still
            moved **= 2
            best = min(best, moved.mean())
    return 10 * np.log10(1 / best) if best > 0 else np.inf
