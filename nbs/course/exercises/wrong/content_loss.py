"Plausible but wrong answers. Each begins with: the cell that it replaces | what is wrong | the tests that must fail."

# %% content_loss | The network gets photos in [-1, 1], which it has never seen. | content_input
def content_loss(features, restored, sharp):
    with torch.no_grad(): target = features(sharp)
    return (features(restored) - target).square().mean()

# %% content_loss | A sum, not a mean: with larger photos or batches the loss drowns all others. | content_mean
def content_loss(features, restored, sharp):
    def seen(photos): return features((photos / 2 + .5 - MEAN) / STD)
    with torch.no_grad(): target = seen(sharp)
    return (seen(restored) - target).square().sum()

# %% content_loss | The whole loss is computed without a gradient: nothing is learned from it. | content_gradient
@torch.no_grad()
def content_loss(features, restored, sharp):
    def seen(photos): return features((photos / 2 + .5 - MEAN) / STD)
    return (seen(restored) - seen(sharp)).square().mean()

# %% content_loss | The pixels are compared as well: a shift in brightness counts, though the network does not see it. | content_mean, content_features
def content_loss(features, restored, sharp):
    def seen(photos): return features((photos / 2 + .5 - MEAN) / STD)
    with torch.no_grad(): target = seen(sharp)
    return (seen(restored) - target).square().mean() + (restored - sharp.detach()).square().mean()

# %% content_loss | The photos that were given are brought into the network's form themselves. | content_input, content_mean, content_gradient, content_features
def content_loss(features, restored, sharp):
    def seen(photos):
        photos /= 2
        photos += .5
        photos -= MEAN
        photos /= STD
        return features(photos)
    with torch.no_grad(): target = seen(sharp)
    return (seen(restored) - target).square().mean()

# %% content_loss | The squares are added up over the maps, and the mean is taken over places alone: more maps, more loss. | content_mean
def content_loss(features, restored, sharp):
    def seen(photos): return features(((photos + 1) / 2 - MEAN) / STD)
    with torch.no_grad(): target = seen(sharp)
    return (seen(restored) - target).square().sum(1).mean()

# %% content_loss | Half of it, as a Gaussian's logarithm has it. | content_mean
def content_loss(features, restored, sharp):
    def seen(photos): return features(((photos + 1) / 2 - MEAN) / STD)
    with torch.no_grad(): target = seen(sharp)
    return (seen(restored) - target).square().mean() / 2
