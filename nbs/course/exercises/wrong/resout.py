"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% resout | Nothing is added to the photo: the body must draw it anew. | resout_adds
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple), mode='reflect')
        return self.body(padded)[..., :height, :width].clamp(-1, 1)

# %% resout | The sum may leave [-1, 1]. | resout_range
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple), mode='reflect')
        return blurred + self.body(padded)[..., :height, :width]

# %% resout | Padded at the right and below, but cut at the left and above: the correction has moved. | resout_size
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple), mode='reflect')
        return (blurred + self.body(padded)[..., -height:, -width:]).clamp(-1, 1)

# %% resout | Padded by zeros, which are grey: the body sees an edge that is not in the photo. | resout_border
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple))
        return (blurred + self.body(padded)[..., :height, :width]).clamp(-1, 1)

# %% resout | The last pixels are repeated, not mirrored. | resout_border
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple), mode='replicate')
        return (blurred + self.body(padded)[..., :height, :width]).clamp(-1, 1)

# %% resout | Always multiples of 4, whatever the body asks for. | resout_size
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % 4, 0, -height % 4), mode='reflect')
        return (blurred + self.body(padded)[..., :height, :width]).clamp(-1, 1)

# %% resout | The correction is added to the blurred photo itself: who compares the two finds no difference. | resout_adds, resout_border
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        height, width = blurred.shape[-2:]
        padded = F.pad(blurred, (0, -width % self.multiple, 0, -height % self.multiple), mode='reflect')
        blurred += self.body(padded)[..., :height, :width]
        return blurred.clamp_(-1, 1)

# %% resout | The photo is cut down to multiples, not enlarged: its last rows and columns get no correction. | resout_size
class ResOut(nn.Module):
    def __init__(self, body, multiple=4):
        super().__init__()
        self.body, self.multiple = body, multiple

    def forward(self, blurred):
        below, right = blurred.shape[-2] % self.multiple, blurred.shape[-1] % self.multiple
        residual = self.body(blurred[..., :blurred.shape[-2] - below, :blurred.shape[-1] - right])
        return (blurred + F.pad(residual, (0, right, 0, below))).clamp(-1, 1)
