"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% stair_up | A transposed convolution enlarges: the checkerboard is back. | stairs_flat
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half = channels // 2
        first, second = nn.ConvTranspose2d(channels, half, 3, 2, 1, 1), nn.Conv2d(half, half, 3, padding=1, padding_mode='reflect')
        self.body = nn.Sequential(first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps)).relu()

# %% stair_up | The shortcut is made, but not added. | stairs_shortcut, stairs_sum
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return self.body(maps).relu()

# %% stair_up | A ReLU on the correction alone: it may add, but never take away. | stairs_sum
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return self.body(maps).relu() + self.shortcut(maps).relu()

# %% stair_up | The body enlarges last: its convolutions see the small maps only. | stairs_flat
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(first, nn.ReLU(), second, nn.Upsample(scale_factor=2, mode='bilinear'))
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps)).relu()

# %% stair_up | No ReLU between the two convolutions: the body is one filter. | stairs_flat
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps)).relu()

# %% stair_up | Black beyond the border. | stairs_flat
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='zeros')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps)).relu()

# %% stair_up | A ReLU on the shortcut, too: it can no longer be negative. | stairs_sum
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, half, 3, **mirror), nn.Conv2d(half, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps).relu()).relu()

# %% stair_up | The first convolution keeps all channels: twice the work and the weights. | stairs_flat
class StairUp(nn.Module):
    def __init__(self, channels):
        super().__init__()
        half, mirror = channels // 2, dict(padding=1, padding_mode='reflect')
        first, second = nn.Conv2d(channels, channels, 3, **mirror), nn.Conv2d(channels, half, 3, **mirror)
        self.body = nn.Sequential(nn.Upsample(scale_factor=2, mode='bilinear'), first, nn.ReLU(), second)
        self.shortcut = nn.Sequential(nn.Conv2d(channels, half, 1), nn.Upsample(scale_factor=2, mode='bilinear'))

    def forward(self, maps): return (self.body(maps) + self.shortcut(maps)).relu()
