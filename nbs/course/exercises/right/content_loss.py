"Right answers in another form. Each begins with: the cell that it replaces | what is unusual."

# %% content_loss | The network looks at both batches at once, and the target is cut off afterwards.
def content_loss(features, restored, sharp):
    both = features(((torch.cat([restored, sharp]) + 1) / 2 - MEAN) / STD)
    one, target = both.chunk(2)
    return nn.functional.mse_loss(one, target.detach())
