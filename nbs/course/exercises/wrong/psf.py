"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% psf | Not divided by the number of instants: the photo becomes N times as bright. | psf_brightness
def psf(points, side):
    points = points - points.mean(axis=0) + side // 2
    corner = np.floor(points).astype(int)
    fx, fy = (points - corner).T
    kernel = np.zeros((side, side))
    for right, share_x in ((0, 1 - fx), (1, fx)):
        for down, share_y in ((0, 1 - fy), (1, fy)):
            np.add.at(kernel, (corner[:, 1] + down, corner[:, 0] + right), share_x * share_y)
    return kernel

# %% psf | The middle of the path's bounding box is put on the middle pixel, not its centre of mass: a shake that rests at one end shifts the photo. | psf_centre, psf_axes
def psf(points, side):
    points = points - (points.min(axis=0) + points.max(axis=0)) / 2 + side // 2
    corner = np.floor(points).astype(int)
    fx, fy = (points - corner).T
    kernel = np.zeros((side, side))
    for right, share_x in ((0, 1 - fx), (1, fx)):
        for down, share_y in ((0, 1 - fy), (1, fy)):
            np.add.at(kernel, (corner[:, 1] + down, corner[:, 0] + right), share_x * share_y)
    return kernel / len(points)

# %% psf | Positions are rounded to the nearest pixel: short shakes vanish, and slanted ones become stairs. | psf_subpixel
def psf(points, side):
    x, y = np.rint(points - points.mean(axis=0) + side // 2).astype(int).T
    kernel = np.zeros((side, side))
    np.add.at(kernel, (y, x), 1 / len(points))
    return kernel

# %% psf | `kernel[rows, columns] += ...` counts a pixel once, however often the point was there. | psf_time
def psf(points, side):
    points = points - points.mean(axis=0) + side // 2
    corner = np.floor(points).astype(int)
    fx, fy = (points - corner).T
    kernel = np.zeros((side, side))
    for right, share_x in ((0, 1 - fx), (1, fx)):
        for down, share_y in ((0, 1 - fy), (1, fy)):
            kernel[corner[:, 1] + down, corner[:, 0] + right] += share_x * share_y
    return kernel / kernel.sum()

# %% psf | x and y are exchanged: rows are y. | psf_subpixel, psf_axes
def psf(points, side):
    points = points - points.mean(axis=0) + side // 2
    corner = np.floor(points).astype(int)
    fx, fy = (points - corner).T
    kernel = np.zeros((side, side))
    for right, share_x in ((0, 1 - fx), (1, fx)):
        for down, share_y in ((0, 1 - fy), (1, fy)):
            np.add.at(kernel, (corner[:, 0] + right, corner[:, 1] + down), share_x * share_y)
    return kernel / len(points)

# %% psf | The path that was given is moved itself: who asks for a second kernel of it gets another one. | psf_centre
def psf(points, side):
    points = np.asarray(points, dtype=float)
    points -= points.mean(axis=0) - side // 2
    corner = np.floor(points).astype(int)
    fx, fy = (points - corner).T
    kernel = np.zeros((side, side))
    for right, share_x in ((0, 1 - fx), (1, fx)):
        for down, share_y in ((0, 1 - fy), (1, fy)):
            np.add.at(kernel, (corner[:, 1] + down, corner[:, 0] + right), share_x * share_y)
    return kernel / len(points)
